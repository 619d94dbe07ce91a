"""Photos for the tests of many: drawn in a colour that their name says, and given again under other names."""

from pathlib import Path

from PIL import Image

from tests.classifier.pictures import encoded
from tests.classifier.tiny_models import LABELS

COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (30, 40, 220)}


def fill(folder: Path, count: int, drawn: int = 12, size: tuple[int, int] = (160, 120)) -> list[Path]:
    """`count` photos called NUMBER-COLOUR.jpg, links to `drawn` of them, which is a multiple of three."""
    folder.mkdir(parents=True, exist_ok=True)
    photos = []
    for number in range(count):
        label = LABELS[number % 3]
        photo = folder / f"{number:06}-{label}.jpg"
        if number < drawn:
            shade = tuple(max(0, part - 3 * number) for part in COLOURS[label])
            photo.write_bytes(encoded(Image.new("RGB", size, shade), "JPEG"))
        else:
            photo.hardlink_to(photos[number % drawn])
        photos.append(photo)
    return photos


def colour(path: str) -> str:
    """What is on the photo of that name."""
    return Path(path).stem.split("-")[1]
