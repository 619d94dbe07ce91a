"""The whole way, from drawn photos to a model that answers."""

import shutil
from pathlib import Path

import pytest

from classifier.errors import BadRequestError
from classifier.settings import Settings
from classifier.shelf import read_shelf
from teach import teach
from teach.corrections import listed
from teach.embedding import Embedder
from teach.examples import NONE, Examples
from teach.lesson import learn
from teach.model import put
from tests.teach.drawn import fill, thing


def test_photos_become_a_model_that_answers(photos: Path, settings: Settings) -> None:
    seen: list[tuple[int, int]] = []
    model = teach(photos, "shapes", settings=settings, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 24) for done in range(1, 25)]
    assert model.report.photos == {"cross": 12, "disc": 12}
    right = sum(
        model.classify(thing(shape, 900 + seed), top=3).label == shape
        for shape in ("disc", "cross")
        for seed in range(10)
    )
    assert right >= 12
    assert str(model).startswith("Right for ")
    assert model.classify(thing("disc", 1), heatmap=True).heatmap


def test_what_cannot_be_used_is_left_out_and_named(photos: Path, settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    shutil.copytree(photos, folder)
    (folder / "disc" / "notes.txt").write_text("not a photo")
    (folder / "disc" / ".DS_Store").write_bytes(b"x")
    shutil.copy(folder / "disc" / "disc0.jpg", folder / "disc" / "again.jfif")
    shutil.copy(folder / "disc" / "disc1.jpg", folder / "cross" / "both")
    model = teach(folder, "shapes", settings=settings)
    assert {entry["name"] for entry in model.report.left_out} == {"disc/notes.txt", "disc/.DS_Store"}
    [copy] = model.report.copies
    assert {copy["name"], copy["copy_of"]} == {"disc/again.jfif", "disc/disc0.jpg"}
    assert {entry["name"] for entry in model.report.set_aside} == {"disc/disc1.jpg", "cross/both"}
    assert model.report.photos == {"cross": 12, "disc": 11}


def test_labels_may_come_with_their_photos(trunk: None, settings: Settings) -> None:
    given = {shape: [thing(shape, seed) for seed in range(8)] for shape in ("disc", "square")}
    model = teach(given, "shapes", settings=settings)
    assert model.report.labels == ["disc", "square"]
    assert Examples.read(model.folder).names[0].startswith("disc ")


def test_a_path_in_place_of_a_list_of_photos_is_told(trunk: None, settings: Settings) -> None:
    with pytest.raises(BadRequestError, match="'disc' has one path"):
        teach({"disc": "photos/disc", "cross": "photos/cross"}, "shapes", settings=settings)


def test_too_many_labels_are_refused_before_any_photo_is_opened(
    trunk: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Embedder, "embed", lambda *_: pytest.fail("a photo was opened"))
    with pytest.raises(BadRequestError, match="There are 1001 labels; at most 1000"):
        teach({str(number): [thing("disc", 0)] for number in range(1001)}, "many", settings=settings)


def test_none_may_be_given(photos: Path, settings: Settings, tmp_path: Path) -> None:
    fill(tmp_path / "rest", "square", 6)
    model = teach(photos, "shapes", none=tmp_path / "rest", settings=settings)
    assert model.report.photos[NONE] == 6
    assert model.report.none_of_these["own"]["n"] == 6


def test_none_may_be_given_beside_labels_with_their_photos(trunk: None, settings: Settings, tmp_path: Path) -> None:
    fill(tmp_path / "rest", "square", 6)
    given = {shape: [thing(shape, seed) for seed in range(8)] for shape in ("disc", "cross")}
    model = teach(given, "shapes", none=tmp_path / "rest", settings=settings)
    assert model.report.photos == {"cross": 8, "disc": 8, NONE: 6}


def correct(folder: Path, settings: Settings, label: str, photos: int) -> None:
    """Put answers that were corrected to `label` to the model on the shelf."""
    embedder = Embedder(settings)
    rows = list(Examples.read(folder))
    corrected = [
        rows[0]._replace(
            embedding=embedder.embed(thing("disc", 700 + n)), label=label, name=f"x{n}", corrected="2026-01-31"
        )
        for n in range(photos)
    ]
    put(
        learn(Examples.of([*rows, *corrected]), embedder.trunk.card),
        folder.name,
        folder.parent,
        embedder.trunk.card,
        True,
    )


def test_corrections_count_when_it_is_taught_again(photos: Path, settings: Settings) -> None:
    correct(teach(photos, "shapes", settings=settings).folder, settings, "disc", 1)
    again = teach(photos, "shapes", replace=True, settings=settings)
    assert again.report.photos == {"cross": 12, "disc": 13}
    assert len(listed("shapes", settings)) == 1


def test_corrections_to_a_label_that_is_gone_are_left_out_by_name(photos: Path, settings: Settings) -> None:
    correct(teach(photos, "shapes", settings=settings).folder, settings, "ring", 4)
    again = teach(photos, "shapes", replace=True, settings=settings)
    assert {left["name"] for left in again.report.left_out} == {"x0", "x1", "x2", "x3"}
    assert "...: It was corrected to 'ring', which is not among the labels now." in str(again)


@pytest.mark.parametrize(
    ("name", "says"),
    [("cats_vs_dogs", "comes with the project"), ("a/b", "slash"), ("shapes", "already"), (" ", "empty")],
)
def test_a_name_that_cannot_be_is_refused_before_any_photo_is_opened(
    photos: Path, settings: Settings, name: str, says: str
) -> None:
    (settings.models_dir / "shapes").mkdir()
    with pytest.raises(BadRequestError, match=says):
        teach(photos, name, settings=settings, progress=lambda *_: pytest.fail("a photo was opened"))


def test_a_label_without_a_photo_is_refused(photos: Path, settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    shutil.copytree(photos, folder)
    (folder / "square").mkdir()
    (folder / "square" / "a.txt").write_text("no")
    with pytest.raises(BadRequestError, match="None of the files of 'square' is a photo"):
        teach(folder, "shapes", settings=settings)
    assert not read_shelf(settings.models_dir).cards
