"""A folder of drawn pictures to a model that the classifier serves."""

from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image, ImageDraw

from train import folder
from train.__main__ import main


def _draw(shape: str, seed: int) -> Image.Image:
    """A disc or a cross of any colour, place and size on a noisy ground."""
    rng = np.random.default_rng(seed)
    image = Image.fromarray(rng.integers(90, 166, (160, 200, 3), np.uint8))
    draw, colour = ImageDraw.Draw(image), tuple(int(value) for value in rng.integers(0, 256, 3))
    x, y, size = (int(value) for value in rng.integers(10, 70, 3))
    box = (x, y, x + size + 40, y + size + 40)
    if shape == "disc":
        draw.ellipse(box, fill=colour)
    else:
        draw.line(box, fill=colour, width=14)
        draw.line((box[0], box[3], box[2], box[1]), fill=colour, width=14)
    return image


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("drawings")
    for label, shape in enumerate(("cross", "disc")):
        (root / shape).mkdir()
        for number in range(40):
            _draw(shape, 1_000 * label + number).save(root / shape / f"{number}.png")
    return root


def test_split_is_fixed_by_the_bytes_of_each_photo(drawings: Path) -> None:
    data = folder.read(drawings)
    assert data.labels == ("cross", "disc")
    assert (len(data.train), len(data.validation), len(data.test)) == (56, 12, 12)
    assert folder.read(drawings).test.keys == data.test.keys
    assert not set(data.train.keys) & {*data.test.keys, *data.validation.keys}


def test_copies_and_files_that_are_no_photos_are_left_out(drawings: Path, tmp_path: Path) -> None:
    for shape in ("cross", "disc"):
        (tmp_path / shape).mkdir()
        for number in range(12):
            (tmp_path / shape / f"{number}.png").write_bytes((drawings / shape / f"{number}.png").read_bytes())
    Image.open(drawings / "cross" / "3.png").save(tmp_path / "cross" / "copy.bmp")
    (tmp_path / "cross" / "notes.txt").write_text("not a photo")
    (tmp_path / "cross" / "page.jpg").write_text("<html></html>")
    data = folder.read(tmp_path)
    assert sum(map(len, (data.train, data.validation, data.test))) == 24


@pytest.mark.parametrize(("classes", "photos", "words"), [(1, 12, "1 class folders"), (2, 4, "has 4 usable photos")])
def test_too_little_to_learn_from_says_what_is_missing(
    classes: int, photos: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for label in range(classes):
        (tmp_path / str(label)).mkdir()
        for number in range(photos):
            _draw("disc", number).save(tmp_path / str(label) / f"{number}.png")
    assert main(["folder", str(tmp_path), "--name", "m", "--models", str(tmp_path / "models")]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../up", "Big", "", "a/b", "x" * 60])
def test_names_that_are_no_folder_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["folder", str(tmp_path), "--name", name])


def test_a_model_file_that_would_run_code_is_not_loaded(tmp_path: Path) -> None:
    inputs = keras.Input((4,))
    keras.Model(inputs, keras.layers.Lambda(lambda x: x * 2)(inputs)).save(tmp_path / "model.keras")
    with pytest.raises(ValueError, match="safe_mode"):
        keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
