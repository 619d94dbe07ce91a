"""Files to arrays, and the copies among them."""

from pathlib import Path

from tests.train.drawn import scene
from train.data.pictures import decoded, duplicates


def test_finds_a_copy_saved_again_and_resized(tmp_path: Path) -> None:
    for number in range(6):
        scene(number).save(tmp_path / f"{number}.jpg", quality=90)
    scene(2).resize((120, 120)).save(tmp_path / "6.jpg", quality=60)
    images = decoded([tmp_path / f"{number}.jpg" for number in range(7)], 16, 17)
    assert duplicates(images) == [(2, 6)]
