"""Things to teach, drawn for the pictures of the page: mugs, leaves and keys, no two alike."""

import math
import random

from tests.browser.drawings import Easel

WIDTH, HEIGHT = 400, 300
GROUNDS = ("#efe6d5", "#d9e4e2", "#e8dfe9", "#d6dfcc", "#e9d8cf", "#cfd8e6")
GLAZES = ("#b5493a", "#2f6f8f", "#d59f32", "#54735a", "#7a5a8c", "#394b59")
GREENS = ("#4f7d3a", "#7a9a3d", "#2f6650", "#a3762f", "#9c4a2c")
METALS = ("#8a8f94", "#a98642", "#6f6258", "#b9a06a")


def table(what: str, seed: int) -> tuple[Easel, random.Random, float, float, float]:
    """A ground to draw on, the dice, and where the thing lies: x, y and its size."""
    dice = random.Random(f"{what} {seed}")  # noqa: S311 - for pictures
    easel = Easel(WIDTH, HEIGHT, dice.choice(GROUNDS))
    size = dice.uniform(0.75, 1.25)
    x, y = WIDTH / 2 + dice.uniform(-50, 50), HEIGHT / 2 + dice.uniform(-25, 25)
    easel.oval(x, y + 78 * size, 210 * size, 36 * size, "#b9b2a4")
    return easel, dice, x, y, size


def mug(seed: int) -> bytes:
    easel, dice, x, y, size = table("mug", seed)
    glaze, side = dice.choice(GLAZES), dice.choice((-1, 1))
    easel.oval(x + side * 62 * size, y, 76 * size, 84 * size, glaze)
    easel.oval(x + side * 62 * size, y, 46 * size, 52 * size, "#f3efe6")
    left, right, top, bottom = x - 60 * size, x + 60 * size, y - 66 * size, y + 70 * size
    easel.shape(glaze, (left, top), (right, top), (right - 8 * size, bottom), (left + 8 * size, bottom))
    easel.oval(x, bottom, 104 * size, 26 * size, glaze)
    easel.oval(x, top, 120 * size, 34 * size, "#f7f3ea")
    easel.oval(x, top + 3 * size, 102 * size, 25 * size, dice.choice(("#4a2f21", "#7d5230", "#c9a36a")))
    easel.oval(x - 26 * size, y, 16 * size, 74 * size, "#ffffff")
    return easel.jpeg()


def leaf(seed: int) -> bytes:
    easel, dice, x, y, size = table("leaf", seed)
    green, turn = dice.choice(GREENS), dice.uniform(0, 2 * math.pi)

    def at(along: float, across: float) -> tuple[float, float]:
        along, across = along * 105 * size, across * 105 * size
        return (
            x + along * math.cos(turn) - across * math.sin(turn),
            y + along * math.sin(turn) + across * math.cos(turn),
        )

    width = dice.uniform(0.35, 0.6)
    edge = [(step / 20, width * math.sin(math.pi * step / 20) ** 0.8) for step in range(21)]
    rim = [at(2 * along - 1, across) for along, across in edge]
    rim += [at(2 * along - 1, -across) for along, across in reversed(edge)]
    easel.shape(green, *rim)
    easel.line("#f0ead2", 5 * size, at(-1.2, 0), at(0.9, 0))
    for along in (-0.5, -0.15, 0.2, 0.5):
        for side in (-1, 1):
            easel.line("#e4dcbd", 3 * size, at(along, 0), at(along + 0.22, side * width * 0.6))
    return easel.jpeg()


def key(seed: int) -> bytes:
    easel, dice, x, y, size = table("key", seed)
    metal, turn = dice.choice(METALS), dice.uniform(0, 2 * math.pi)

    def at(along: float, across: float) -> tuple[float, float]:
        along, across = along * size, across * size
        return (
            x + along * math.cos(turn) - across * math.sin(turn),
            y + along * math.sin(turn) + across * math.cos(turn),
        )

    bow = at(-70, 0)
    easel.oval(*bow, 84 * size, 84 * size, metal)
    easel.oval(*bow, 48 * size, 48 * size, "#e7e0d2")
    easel.line(metal, 20 * size, at(-32, 0), at(105, 0))
    for place, length in ((95, 34), (74, 26), (52, 34)):
        easel.line(metal, 13 * size, at(place, 0), at(place, dice.uniform(0.8, 1.1) * length))
    return easel.jpeg()


THINGS = {"Mug": mug, "Leaf": leaf, "Key": key}


def photos(name: str, count: int, start: int = 0) -> list[tuple[bytes, str]]:
    """So many of one thing, each as the bytes and the name of a file."""
    return [(THINGS[name](seed), f"{name.lower()} {seed}.jpg") for seed in range(start, start + count)]
