"""The examples of docs/API.md, run as they stand there."""

import doctest
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

API = Path(__file__).parents[1] / "docs" / "API.md"


def ship() -> Image.Image:
    picture = Image.new("RGB", (320, 240), (150, 200, 240))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 150, 320, 240), fill=(20, 70, 120))
    draw.polygon([(40, 130), (280, 130), (250, 180), (70, 180)], fill=(60, 40, 40))
    draw.rectangle((110, 95, 210, 130), fill=(240, 240, 240))
    draw.rectangle((150, 55, 175, 95), fill=(200, 50, 40))
    return picture


def plane() -> Image.Image:
    picture = Image.new("RGB", (320, 240), (135, 190, 240))
    draw = ImageDraw.Draw(picture)
    draw.polygon([(40, 130), (250, 100), (285, 115), (60, 145)], fill=(235, 235, 240))
    draw.polygon([(140, 125), (190, 118), (120, 200), (95, 200)], fill=(200, 200, 210))
    draw.polygon([(45, 130), (70, 127), (40, 80), (25, 82)], fill=(200, 60, 60))
    return picture


def test_every_example_gives_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ship().save(tmp_path / "ship.jpg")
    plane().save(tmp_path / "plane.jpg")
    (tmp_path / "notes.txt").write_text("Milk, eggs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLASSIFIER_MODELS_DIR", str(tmp_path))
    examples = doctest.DocTestParser().get_doctest(API.read_text().replace("```", ""), {}, API.name, str(API), 0)
    said: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples, out=said.append)
    assert outcome.attempted > 20
    assert not outcome.failed, "".join(said)
