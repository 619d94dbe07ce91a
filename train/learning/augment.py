"""Random changes to a batch of pictures, drawn again for every picture and only while training."""

from dataclasses import asdict
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from train.schedule import Augmentation

# What each colour adds to the brightness of a grey picture (ITU-R BT.601, as in Pillow's convert("L")).
LUMA = (0.299, 0.587, 0.114)


@keras.saving.register_keras_serializable("train")
class Augment(keras.layers.Layer):  # type: ignore[misc]  # keras has no types
    """Apply an `Augmentation` to uint8 or float (N, H, W, 3) in 0..255; returns float32 (N, size, size, 3).

    Crop, flip, rotation, shift, zoom, aspect and shear are one affine map with bilinear sampling, so a picture is
    sampled once; what comes from outside it is filled with the nearest pixel, as in the reports. Values are whole, as
    in a picture. `size` None keeps height and width. Outside training pictures pass as they are.
    """

    def __init__(
        self, augmentation: Augmentation | dict[str, Any], seed: int, size: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.augmentation = Augmentation(**augmentation) if isinstance(augmentation, dict) else augmentation
        self.seed = seed
        self.size = size
        self.draws = keras.random.SeedGenerator(seed)
        # On TensorFlow Keras's own layers that use its affine map do not either.
        self.supports_jit = keras.backend.backend() != "tensorflow"

    def get_config(self) -> dict[str, Any]:
        own = {"augmentation": asdict(self.augmentation), "seed": self.seed, "size": self.size}
        return {**super().get_config(), **own}

    def call(self, images: Any, training: bool | None = None) -> Any:
        if not training or not self.augmentation:
            return ops.cast(images, "float32")
        return self.change(images, self.draw(ops.shape(images)[0], *images.shape[1:3]))

    def change(self, images: Any, places: Any) -> Any:
        """The changed pictures, float32, for the `places` drawn."""
        a = self.augmentation
        height, width = (self.size, self.size) if self.size else images.shape[1:3]
        changed = sampled(images, places, height, width)
        if a.soft:
            half = ops.image.resize(ops.average_pool(changed, 2), (height, width), interpolation="bilinear")
            changed = self._sometimes(a.soft, half, changed)
        if a.grey:
            luma = ops.sum(changed * ops.array(LUMA), axis=-1, keepdims=True)
            changed = self._sometimes(a.grey, luma, changed)
        if a.light:
            changed = self._relight(changed)
        if a.erase:
            changed = self._erase(changed, a.erase)
        return ops.round(changed)

    def _uniform(self, count: Any, amount: float) -> Any:
        return keras.random.uniform((count,), -amount, amount, seed=self.draws)

    def _sometimes(self, share: float, changed: Any, images: Any) -> Any:
        chosen = keras.random.uniform((ops.shape(images)[0], 1, 1, 1), seed=self.draws) < share
        return ops.where(chosen, changed, images)

    def draw(self, count: Any, height: int, width: int) -> Any:
        """Affine maps from places of the changed pictures to places of the pictures of that size, float32 (N, 6).

        Places are fractions of width and height about the centre, -0.5 to 0.5: x' = a x + b y + c, y' = d x + e y + f.
        """
        a = self.augmentation
        angle = self._uniform(count, a.rotation) * (3.14159265 / 180)
        slant = self._uniform(count, a.shear) * (3.14159265 / 180)
        side = ops.sqrt(keras.random.uniform((count,), a.crop, 1.0, seed=self.draws))
        zoom = side / (1 + self._uniform(count, a.zoom))
        stretch = ops.exp(self._uniform(count, 0.5) * ops.log(1 + a.aspect))
        mirror = ops.sign(self._uniform(count, 1.0) + 1e-9) if a.flip else ops.ones((count,))
        room_x, room_y = (ops.maximum(1 - side * way, 0.0) / 2 for way in (stretch, 1 / stretch))
        return ops.stack(
            [
                mirror * zoom * stretch * ops.cos(angle),
                -zoom * stretch * ops.sin(angle + slant),
                self._uniform(count, 1.0) * room_x + self._shift(count, width),
                mirror * zoom / stretch * ops.sin(angle),
                zoom / stretch * ops.cos(angle + slant),
                self._uniform(count, 1.0) * room_y + self._shift(count, height),
            ],
            axis=1,
        )

    def _shift(self, count: Any, places: int) -> Any:
        """Whole pixels: by half of one a picture would be as soft as none that the network is asked about later."""
        return ops.round(self._uniform(count, self.augmentation.shift) * places) / places

    def _erase(self, images: Any, share: float) -> Any:
        """A square of `share` of the height and width, anywhere, half of it outside at most, in middle grey."""
        count, (height, width) = ops.shape(images)[0], images.shape[1:3]

        def within(places: int) -> Any:
            centre = self._uniform(count, 0.5)[:, None]
            return ops.abs((ops.arange(places, dtype="float32") + 0.5) / places - 0.5 - centre) < share / 2

        hidden = within(height)[:, :, None, None] & within(width)[:, None, :, None]
        return ops.where(hidden, 128.0, images)

    def _relight(self, images: Any) -> Any:
        count, amount = ops.shape(images)[0], self.augmentation.light
        brightness = 1 + self._uniform(count, amount)[:, None, None, None]
        contrast = 1 + self._uniform(count, amount)[:, None, None, None]
        mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
        return ops.clip(mean * brightness + (images - mean) * brightness * contrast, 0, 255)


def sampled(images: Any, places: Any, height: int, width: int) -> Any:
    """Pictures or feature maps (N, H, W, C) sampled bilinearly at the `places` of `Augment.draw`.

    Returns float32 (N, height, width, C).
    """
    rows, columns = images.shape[1:3]
    a, b, c, d, e, f = ops.unstack(places, axis=1)
    # From fractions about the centre to pixels, whose own centres lie half a pixel in.
    first_x, first_y = 0.5 / width - 0.5, 0.5 / height - 0.5
    zero = ops.zeros_like(a)
    transforms = ops.stack(
        [
            a * columns / width,
            b * columns / height,
            columns * (a * first_x + b * first_y + c + 0.5) - 0.5,
            d * rows / width,
            e * rows / height,
            rows * (d * first_x + e * first_y + f + 0.5) - 0.5,
            zero,
            zero,
        ],
        axis=1,
    )
    # Keras's own affine_transform is this operation without the choice of a size.
    if keras.backend.backend() != "tensorflow" and (height, width) == (rows, columns):
        return ops.image.affine_transform(ops.cast(images, "float32"), transforms, fill_mode="nearest")
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=ops.cast(images, "float32"),
        transforms=transforms,
        output_shape=(height, width),
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )
