"""The trunk trained on: labels learnt, features kept, an interrupted run taken up again."""

from pathlib import Path

import keras
import numpy as np
import pytest

from tests.train.trunk.tiny_network import network
from train.trunk import fit
from train.trunk.fit import Plan, ViewBatches, features, trainable

SIDE = 32
PLAN = Plan(side=SIDE, target_side=SIDE, epochs=2, batch=8, learning_rate=1e-2, average=0.5)


def colours(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Red is a cat, green a dog, blue neither."""
    labels = np.arange(count) % 3
    pictures = np.full((count, 40, 40, 3), 60, np.uint8)
    for row, label in enumerate(labels):
        pictures[row, ..., label] = 220
    return pictures, labels


def run(folder: Path, plan: Plan = PLAN, lessons: np.ndarray | None = None) -> keras.Model:
    pictures, labels = colours(48)
    lessons = features(network(), pictures) if lessons is None else lessons
    held_out = np.ascontiguousarray(pictures[:9, :SIDE, :SIDE]), labels[:9]
    return fit.fit(network(), pictures, labels, lessons, held_out, plan, folder)


def test_features_are_those_of_the_picture_at_the_networks_size() -> None:
    pictures, _ = colours(3)
    found = features(network(), pictures)
    assert found.shape == (3, 16)
    assert found.dtype == np.float16
    expected = network()(np.ascontiguousarray(pictures[:, :SIDE, :SIDE]).astype(np.float32))[0]
    np.testing.assert_allclose(found, expected, atol=2e-2)


def test_batches_are_views_with_labels_and_lessons_of_their_pictures() -> None:
    pictures, labels = colours(30)
    lessons = np.arange(30, dtype=np.float16)[:, None]
    batches = ViewBatches(pictures, labels, lessons, PLAN, done=0)
    seen = []
    for number in range(len(batches)):
        images, targets, weights = batches[number]
        assert images.shape == (8, SIDE, SIDE, 3)
        rows = targets["features"][:, 0].astype(int)
        single = weights["features"] == 1
        np.testing.assert_array_equal(targets["logits"][single].argmax(axis=1), labels[rows[single]])
        np.testing.assert_array_equal(targets["logits"][~single], np.tile([0.5, 0.5, 0], (int((~single).sum()), 1)))
        seen += rows.tolist()
    assert len(set(seen)) == len(seen) == 24


def test_each_epoch_has_another_order_and_other_views_the_same_each_time() -> None:
    pictures, labels = colours(30)
    lessons = np.zeros((30, 1), np.float16)
    first = ViewBatches(pictures, labels, lessons, PLAN, done=0)
    later = ViewBatches(pictures, labels, lessons, PLAN, done=1)
    before = first[0][0]
    first.on_epoch_end()
    np.testing.assert_array_equal(first[0][0], later[0][0])
    assert not np.array_equal(before, first[0][0])


def test_the_first_layers_stay_as_they_came() -> None:
    model = trainable(network(), PLAN, 10, 1.0)
    names = {weight.path.split("/")[0] for weight in model.trainable_weights}
    assert names == {"blocks_7_project_conv", "logits"}


def test_it_learns_the_labels_and_leaves_a_line_an_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit.Views, "__call__", lambda self, picture, backdrop: picture[:SIDE, :SIDE])
    model = run(tmp_path, Plan(**{**vars(PLAN), "epochs": 12, "likeness": 0.0}))
    pictures, labels = colours(9)
    says = np.asarray(model(np.ascontiguousarray(pictures[:, :SIDE, :SIDE]))["logits"]).argmax(axis=1)
    assert (says == labels).all()
    lines = (tmp_path / "curves.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["epoch", *map(str, range(1, 13))]
    assert "seconds" in lines[0]


def test_without_weight_on_likeness_the_features_go_their_own_way(tmp_path: Path) -> None:
    lessons = features(network(), colours(48)[0])
    plan = Plan(**{**vars(PLAN), "epochs": 4})
    gaps = {}
    for likeness in (0.0, 10.0):
        model = run(tmp_path / str(likeness), Plan(**{**vars(plan), "likeness": likeness}), lessons)
        found = features(model.get_layer("trunk"), colours(48)[0]).astype(np.float32)
        gaps[likeness] = float(np.square(found - lessons).sum())
    assert gaps[10.0] < gaps[0.0] / 2


def test_an_interrupted_run_goes_on_after_its_last_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = keras.callbacks.BackupAndRestore.on_epoch_end

    def stop(*given: object) -> None:
        saved(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keras.callbacks.BackupAndRestore, "on_epoch_end", stop)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path)
    assert len((tmp_path / "curves.csv").read_text().splitlines()) == 2
    run(tmp_path)
    epochs = [line.split(",")[0] for line in (tmp_path / "curves.csv").read_text().splitlines()]
    assert epochs == ["epoch", "1", "2"]
