"""Training pictures changed as photos come: turned, far away, framed, blurred, saved badly.

People's photos are not those of the training set. Each change here was seen to cost accuracy on photos from elsewhere
(train/results/LOG.md). Each is made to cats, dogs and neither alike, so that none of them speaks for a label.
"""

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

Pixels = NDArray[np.uint8]

_BILINEAR, _BOX, _BICUBIC = Image.Resampling.BILINEAR, Image.Resampling.BOX, Image.Resampling.BICUBIC
# How often each change is made; they are drawn one by one, so a picture may have several or none.
_CROP, _TURN, _TILT, _FAR, _BARS, _SCREEN, _BLUR, _COLOUR, _GREY, _JPEG, _COVER = (
    *(0.5, 0.3, 0.25, 0.3, 0.12, 0.04),
    *(0.35, 0.5, 0.07, 0.3, 0.15),
)
# How often a picture stays as it is but for a mirror: most photos are as they should be.
_AS_IT_IS = 0.2


class Views:
    """Draws changed views of pictures. Not safe to share between threads: each has a generator of its own."""

    def __init__(self, side: int, seed: int | tuple[int, ...]) -> None:
        self._side = side
        self._rng = np.random.default_rng(seed)

    def __call__(self, picture: Pixels, backdrop: Pixels) -> Pixels:
        """A view uint8 [side, side, 3] of a picture uint8 [H, W, 3]; `backdrop` may stand behind one that is far."""
        image = Image.fromarray(picture)
        if self._chance(0.5):
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        changes: tuple[tuple[float, Callable[[Image.Image], Image.Image]], ...] = (
            (_CROP, self._crop),
            (_TURN, self._turn),
            (_TILT, self._tilt),
            (_FAR, lambda image: self._far(image, backdrop)),
            (_BARS, self._bars),
            (_SCREEN, self._screen),
            (1.0, self._fit),
            (_COVER, self._cover),
            (_BLUR, self._blur),
            (_COLOUR, self._colour),
            (_GREY, lambda image: image.convert("L").convert("RGB")),
            (_JPEG, self._jpeg),
        )
        if self._chance(_AS_IT_IS):
            return np.asarray(self._fit(image), np.uint8)
        for share, change in changes:
            if self._chance(share):
                image = change(image)
        return np.asarray(image, np.uint8)

    def both(self, first: Pixels, second: Pixels) -> Pixels:
        """A view of two pictures in one, side by side or one above the other."""
        half = np.concatenate([first, second], axis=int(self._rng.integers(2)))
        return np.asarray(self._jpeg(self._fit(self._crop(Image.fromarray(half), 0.8))), np.uint8)

    def _chance(self, share: float) -> bool:
        return bool(self._rng.random() < share)

    def _between(self, low: float, high: float) -> float:
        return float(self._rng.uniform(low, high))

    def _tint(self) -> tuple[int, int, int]:
        """Black or white as often as any other colour: those are the bars that people's photos have."""
        kind = self._rng.integers(3)
        if kind < 2:
            return (0, 0, 0) if kind else (255, 255, 255)
        red, green, blue = self._rng.integers(256, size=3)
        return int(red), int(green), int(blue)

    def _crop(self, image: Image.Image, least: float = 0.5) -> Image.Image:
        """A part of at least that share of the area, its shape changed by up to 1.4 either way."""
        share, stretch = np.sqrt(self._between(least, 1)), 1.4 ** self._between(-0.5, 0.5)
        width, height = min(1.0, share * stretch) * image.width, min(1.0, share / stretch) * image.height
        left, top = self._between(0, image.width - width), self._between(0, image.height - height)
        return image.resize(image.size, _BILINEAR, (left, top, left + width, top + height))

    def _turn(self, image: Image.Image) -> Image.Image:
        """As a phone does that has lost the orientation."""
        turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
        return image.transpose(turns[self._rng.integers(3)])

    def _tilt(self, image: Image.Image) -> Image.Image:
        return image.rotate(self._between(-25, 25), _BILINEAR, fillcolor=self._tint())

    def _far(self, image: Image.Image, backdrop: Pixels) -> Image.Image:
        """A third to nine tenths as large, somewhere on a plain ground, on itself out of focus, or on `backdrop`."""
        kind = self._rng.integers(4)
        if kind == 0:
            ground = Image.new("RGB", image.size, self._tint())
        elif kind == 1:
            ground = Image.fromarray(backdrop).resize(image.size, _BILINEAR)
        else:
            ground = image.filter(ImageFilter.GaussianBlur(self._between(6, 20)))
        scale = self._between(0.33, 0.9)
        size = max(8, round(image.width * scale)), max(8, round(image.height * scale))
        left, top = (int(self._rng.integers(0, whole - part + 1)) for whole, part in zip(image.size, size, strict=True))
        ground.paste(image.resize(size, _BOX), (left, top))
        return ground

    def _bars(self, image: Image.Image) -> Image.Image:
        """Bars above and below, left and right, or all around."""
        width, height = (round(self._between(0.04, 0.35) * side) for side in image.size)
        kind = self._rng.integers(3)
        width, height = (0 if kind == 0 else width), (0 if kind == 1 else height)
        framed = Image.new("RGB", (image.width + 2 * width, image.height + 2 * height), self._tint())
        framed.paste(image, (width, height))
        return framed

    def _screen(self, image: Image.Image) -> Image.Image:
        """As on a screenshot of a phone: bars of an app above and below, with lines of writing and buttons."""
        above, below = (round(self._between(0.1, 0.5) * image.height) for _ in range(2))
        paper, ink = ("white", "black") if self._chance(0.6) else ((18, 18, 18), (230, 230, 230))
        screen = Image.new("RGB", (image.width, image.height + above + below), paper)
        draw = ImageDraw.Draw(screen)
        for top, end in ((0, above), (above + image.height, screen.height)):
            for y in range(top + 6, end - 6, 9):
                left, right = sorted(self._rng.integers(6, image.width - 6, size=2))
                if self._chance(0.7):
                    draw.rectangle((left, y, right, y + 4), fill=ink if self._chance(0.7) else self._tint())
        screen.paste(image, (0, above))
        return screen

    def _fit(self, image: Image.Image) -> Image.Image:
        filters = (_BILINEAR, _BOX, _BICUBIC)
        return image.resize((self._side, self._side), filters[self._rng.integers(3)])

    def _cover(self, image: Image.Image) -> Image.Image:
        """Something stands before it: a plain rectangle of a tenth to two fifths of its sides."""
        width, height = (max(1, round(self._between(0.1, 0.4) * side)) for side in image.size)
        left, top = (
            int(self._rng.integers(-part // 2, side - part // 2))
            for part, side in ((width, image.width), (height, image.height))
        )
        image.paste(self._tint(), (left, top, left + width, top + height))
        return image

    def _blur(self, image: Image.Image) -> Image.Image:
        """Out of focus, or enlarged from few pixels."""
        if self._chance(0.6):
            return image.filter(ImageFilter.GaussianBlur(self._side * 0.003 * 10 ** self._between(0, 1)))
        small = max(24, round(self._side / self._between(1.5, 5)))
        return image.resize((small, small), _BOX).resize(image.size, _BILINEAR)

    def _colour(self, image: Image.Image) -> Image.Image:
        for kind in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
            image = kind(image).enhance(self._between(0.55, 1.45))
        return image

    def _jpeg(self, image: Image.Image) -> Image.Image:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=int(self._rng.integers(20, 90)))
        return Image.open(file).convert("RGB")
