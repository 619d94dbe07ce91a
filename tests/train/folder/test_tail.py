"""The last blocks trained on: they learn, begin with a good answer, and go on after their last whole epoch."""

from pathlib import Path

import keras
import numpy as np
import pytest

from tests.train.folder import tiny
from train.folder import tail
from train.folder.tail import Plan, answers, cut, train_on
from train.trunk import lite0

TRUTH = np.arange(60) % 3
ROWS = np.arange(45)
PLAN = Plan(seen=180, least_epochs=1, learning_rate=1e-3)


@pytest.fixture(scope="module")
def end() -> keras.Model:
    return cut(tiny.network(features=16))[1]


@pytest.fixture(scope="module")
def trained(end: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> keras.Model:
    """What a training leaves; it must not change what it began with."""
    before = [weight.copy() for weight in end.get_weights()]
    model = train_on(end, tiny.maps(TRUTH), ROWS, TRUTH, PLAN, tmp_path_factory.mktemp("trained"))
    assert all((one == other).all() for one, other in zip(before, end.get_weights(), strict=True))
    return model


def test_stem_and_tail_one_behind_the_other_are_the_network() -> None:
    network = tiny.network(features=16)
    stem, end = cut(network)
    pictures = np.random.default_rng(0).integers(0, 256, (2, 192, 192, 3)).astype("f4")
    for ours, expected in zip(end(stem(pictures)), network(pictures), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-5)


def test_the_real_trunk_is_cut_in_the_same_place_each_time_it_is_made() -> None:
    for _ in range(2):
        stem, end = cut(lite0.network(None, 64))
        assert stem.output.shape == end.input.shape == (None, 4, 4, 112)
        assert [output.shape for output in end.outputs] == [(None, 1280), (None, 2, 2, 1280)]


def test_few_photos_are_seen_more_often_than_many() -> None:
    plan = Plan(seen=6_000, least_epochs=6, most_epochs=20)
    assert [plan.epochs(count) for count in (40, 600, 5_000)] == [20, 10, 6]


def test_it_answers_photos_that_it_was_not_trained_on(trained: keras.Model) -> None:
    assert (answers(trained, tiny.maps(TRUTH), np.arange(45, 60)).argmax(axis=1) == TRUTH[45:]).all()


def test_it_begins_with_the_layer_that_is_best_on_the_features(end: keras.Model, tmp_path: Path) -> None:
    model = train_on(end, tiny.maps(TRUTH), ROWS, TRUTH, Plan(most_epochs=1, learning_rate=0.0), tmp_path)
    assert (answers(model, tiny.maps(TRUTH), np.arange(45, 60)).argmax(axis=1) == TRUTH[45:]).mean() > 0.9


def test_a_label_of_few_photos_counts_like_the_others(
    end: keras.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[np.ndarray] = []
    train_on_batch = keras.Model.train_on_batch

    def noted(model: keras.Model, looks: np.ndarray, wanted: np.ndarray, weights: np.ndarray) -> float:
        seen.append(np.bincount(wanted.argmax(axis=1), weights, minlength=2))
        return train_on_batch(model, looks, wanted, weights)

    monkeypatch.setattr(keras.Model, "train_on_batch", noted)
    truth = np.array([0] * 50 + [1] * 10)
    train_on(end, tiny.maps(truth), np.arange(60), truth, Plan(most_epochs=1), tmp_path)
    each = np.sum(seen, axis=0)
    assert each[0] == pytest.approx(each[1])


def test_an_interrupted_training_ends_as_one_that_was_not(
    end: keras.Model, trained: keras.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = tail._keep

    def killed(model: keras.Model, run: Path, epoch: int) -> None:
        keep(model, run, epoch)
        if epoch == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tail, "_keep", killed)
        with pytest.raises(KeyboardInterrupt):
            train_on(end, tiny.maps(TRUTH), ROWS, TRUTH, PLAN, tmp_path / "run")
    assert [file.name for file in (tmp_path / "run").iterdir()] == ["epoch-002.keras"]
    (tmp_path / "run" / "partial-1.keras").write_bytes(b"half")
    monkeypatch.setattr(tail, "_begun", None)
    resumed = train_on(end, tiny.maps(TRUTH), ROWS, TRUTH, PLAN, tmp_path / "run")
    for one, other in zip(trained.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
