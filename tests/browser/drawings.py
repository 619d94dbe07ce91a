"""Pictures drawn for the browser: a cat, a dog, and files that are no photos."""

import io
import math

from PIL import Image, ImageDraw

# Drawn larger and shrunk, for smooth edges.
SCALE = 3


class Easel:
    """Draws in a picture of `width` x `height` units."""

    def __init__(self, width: int, height: int, background: str) -> None:
        self.size = (width, height)
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), background)
        self.draw = ImageDraw.Draw(self.image)

    def oval(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """An ellipse about (x, y)."""
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        self.draw.ellipse([value * SCALE for value in box], fill=fill)

    def shape(self, fill: str, *points: tuple[float, float]) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, fill: str, width: float, *points: tuple[float, float]) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill=fill, width=round(width * SCALE), joint="curve")

    def arc(self, x: float, y: float, width: float, height: float, start: float, end: float, fill: str) -> None:
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        self.draw.arc([value * SCALE for value in box], start, end, fill=fill, width=4 * SCALE)

    def jpeg(self) -> bytes:
        return encoded(self.image.resize(self.size, Image.Resampling.LANCZOS), "JPEG", quality=90)


def encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def cat() -> bytes:
    """A ginger cat that looks at you, as a JPEG of 800 x 600 pixels."""
    width, height = 800, 600
    easel = Easel(width, height, "#bcd6d3")
    x, y = width / 2, height * 0.5
    fur, stripe, cream, ink = "#dd8f45", "#b86d2a", "#fbe9d2", "#3a2a20"
    easel.oval(x, height + 10, 900, 190, "#8fb3a8")
    for step in range(61):
        turn = step / 60 * math.pi
        tip = cream if step > 48 else fur
        easel.oval(x + 140 + 78 * math.sin(turn) + step, y + 245 - 2.9 * step, 42, 42, tip)
    easel.oval(x, y + 200, 300, 330, fur)
    easel.oval(x, y + 230, 160, 240, cream)
    for side in (-1, 1):
        easel.shape(fur, (x + side * 144, y - 10), (x + side * 128, y - 184), (x + side * 22, y - 108))
        easel.shape("#f3b6a0", (x + side * 122, y - 50), (x + side * 114, y - 146), (x + side * 54, y - 103))
    easel.oval(x, y, 300, 250, fur)
    for offset in (-34, 0, 34):
        easel.line(stripe, 13, (x + offset, y - 118), (x + offset * 0.6, y - 72))
    for side in (-1, 1):
        easel.line(stripe, 11, (x + side * 145, y - 5), (x + side * 108, y))
        easel.line(stripe, 11, (x + side * 140, y + 32), (x + side * 106, y + 28))
        easel.oval(x + side * 64, y - 18, 62, 66, "#f7f3d0")
        easel.oval(x + side * 64, y - 18, 46, 54, "#6f9c4b")
        easel.oval(x + side * 64, y - 18, 18, 48, ink)
        easel.oval(x + side * 64 + 8, y - 32, 11, 11, "white")
        easel.oval(x + side * 33, y + 58, 80, 62, cream)
        easel.oval(x + side * 60, y + 330, 92, 60, cream)
        for rise in (-14, 4, 22):
            easel.line("#fffaf0", 3, (x + side * 68, y + 56 + rise / 3), (x + side * 178, y + 46 + rise))
    easel.shape("#d9776a", (x - 20, y + 26), (x + 20, y + 26), (x, y + 48))
    for side in (-1, 1):
        easel.arc(x + side * 18, y + 52, 36, 34, 10, 170, ink)
    return easel.jpeg()


def dog() -> bytes:
    """A brown dog with its tongue out, as a JPEG of 800 x 600 pixels."""
    width, height = 800, 600
    easel = Easel(width, height, "#e9dfc9")
    x, y = width / 2, height * 0.48
    fur, ear, cream, ink = "#b98551", "#7d5330", "#f5e6cf", "#33251c"
    easel.oval(x, height + 10, 900, 170, "#cdbd9b")
    easel.oval(x, y + 235, 300, 340, fur)
    easel.oval(x, y + 260, 150, 240, cream)
    easel.oval(x, y, 280, 280, fur)
    for side in (-1, 1):
        for step in range(41):
            along = step / 40
            easel.oval(x + side * (112 + 44 * along), y - 88 + 150 * along, 62 + 26 * along, 62 + 44 * along, ear)
    easel.oval(x, y - 60, 62, 150, cream)
    easel.oval(x, y + 58, 172, 142, cream)
    easel.oval(x, y + 128, 58, 92, "#e2767a")
    easel.line("#c65a60", 4, (x, y + 100), (x, y + 150))
    easel.oval(x, y + 66, 172, 76, cream)
    for side in (-1, 1):
        easel.oval(x + side * 64, y - 28, 44, 50, ink)
        easel.oval(x + side * 64 + 7, y - 38, 13, 13, "white")
        easel.arc(x + side * 34, y + 66, 68, 62, 20, 160, ink)
        easel.oval(x + side * 64, y + 380, 96, 62, cream)
    easel.oval(x, y + 26, 64, 46, ink)
    easel.oval(x - 10, y + 17, 18, 10, "#7a6b60")
    easel.line(ink, 4, (x, y + 46), (x, y + 72))
    return easel.jpeg()


def icon() -> bytes:
    """The page's icon, the cat of its headline on a square, as a PNG of 96 x 96 pixels: the app has it as icon.png."""
    easel = Easel(96, 96, "#0b6a5b")
    for side in (-1, 1):
        easel.shape("#fffefb", (48 + side * 33, 46), (48 + side * 29, 12), (48 + side * 6, 26))
    easel.oval(48, 54, 68, 62, "#fffefb")
    for side in (-1, 1):
        easel.oval(48 + side * 14, 50, 11, 13, "#0b6a5b")
        easel.arc(48 + side * 7, 64, 14, 12, 20, 160, "#0b6a5b")
    return encoded(easel.image.resize(easel.size, Image.Resampling.LANCZOS), "PNG")


def plain(width: int, height: int) -> bytes:
    """A picture of nothing, as a JPEG of any size in pixels."""
    return encoded(Image.new("RGB", (width, height), "#9fc3bd"), "JPEG")


def no_photo() -> bytes:
    """A text, whatever the name of its file says."""
    return b"This is a shopping list: milk, bread, cat food.\n" * 20
