"""A folder of drawn pictures to a model that the classifier serves."""

import io
import json
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image, ImageDraw

from classifier.settings import Settings
from tests.stand_in import stand_in, worker
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


@pytest.mark.slow  # the fourth notebook goes the same way in the fast tests
@pytest.mark.timeout(300)
def test_a_folder_becomes_a_model_that_the_worker_serves(
    drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "SEEN", 1_500)
    models = tmp_path / "models"
    assert main(["folder", str(drawings), "--name", "shapes", "--models", str(models)]) == 0
    card = json.loads((models / "shapes" / "card.json").read_text())
    assert card["labels"] == ["cross", "disc"]
    assert card["trained"]["schedule"] == "from scratch", "there was no trained network to build on"
    assert {file.name for file in (models / "shapes").iterdir()} == {
        "model.tflite",
        "model.keras",
        "card.json",
        "curves.png",
        "confusion.png",
    }
    environment = {"CLASSIFIER_MODELS_DIR": str(models), "CLASSIFIER_DEFAULT_MODEL": "shapes"}
    with stand_in(tmp_path) as host, worker(host, environment=environment):
        page, right = host.page(), 0
        for number in range(20):
            shape = ("cross", "disc")[number % 2]
            file = io.BytesIO()
            _draw(shape, 5_000 + number).save(file, "PNG")
            answer = page.call(
                "classify_image", None, media=[(["args", 0], "image/png", file.getvalue())], heatmap=True
            )
            right += answer["response"]["label"] == shape
            assert answer["response"]["model"] == "shapes"
    assert right >= 15, "twenty new drawings, by chance ten"


@pytest.mark.slow
def test_a_trained_network_is_built_on_where_that_is_better(drawings: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert main(["folder", str(drawings), "--name", "shapes", "--models", str(models)]) == 0
    for shape, turned in (("cross", "x"), ("disc", "o")):
        (tmp_path / "few" / turned).mkdir(parents=True)
        for number in range(12):
            _draw(shape, 9_000 + number).rotate(90).save(tmp_path / "few" / turned / f"{number}.png")
    assert main(["folder", str(tmp_path / "few"), "--name", "few", "--models", str(models)]) == 0
    card = json.loads((models / "few" / "card.json").read_text())
    assert "the features of shapes" in card["trained"]["schedule"]


def test_the_shipped_network_is_one_to_build_on() -> None:
    [(name, network)] = folder._own_networks(Settings.models_dir)
    assert name == "cats_vs_dogs"
    assert network.input.shape[1:3] == (folder.SIDE, folder.SIDE)
