"""Random changes to a batch of pictures, drawn anew for every picture and only while training."""

from dataclasses import asdict
from typing import Any

import keras
from keras import ops

from train.recipes import Augmentation


@keras.saving.register_keras_serializable("train")
class Augment(keras.layers.Layer):  # type: ignore[misc]  # keras has no types
    """Apply an `Augmentation` to uint8 or float (N, H, W, 3) in 0..255; returns float32 of the same shape.

    Flip, rotation, shift, zoom, aspect and shear are one affine map with bilinear sampling, so a picture is sampled
    once; what comes from outside it is filled with the nearest pixel, as in the reports.
    """

    def __init__(self, augmentation: Augmentation | dict[str, Any], seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.augmentation = Augmentation(**augmentation) if isinstance(augmentation, dict) else augmentation
        self.seed = seed
        self.draws = keras.random.SeedGenerator(seed)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "augmentation": asdict(self.augmentation), "seed": self.seed}

    def call(self, images: Any, training: bool | None = None) -> Any:
        images = ops.cast(images, "float32")
        if not training or not self.augmentation:
            return images
        warped = ops.image.affine_transform(
            images, self._transforms(images), interpolation="bilinear", fill_mode="nearest"
        )
        return self._relight(warped) if self.augmentation.light else warped

    def _uniform(self, count: Any, amount: float) -> Any:
        return keras.random.uniform((count,), -amount, amount, seed=self.draws)

    def _transforms(self, images: Any) -> Any:
        """Maps from output to input pixels about the centre, float32 (N, 8): x' = a x + b y + c, y' = d x + e y + f."""
        a = self.augmentation
        count, height, width = ops.shape(images)[0], float(images.shape[1]), float(images.shape[2])
        angle = self._uniform(count, a.rotation) * (3.14159265 / 180)
        slant = self._uniform(count, a.shear) * (3.14159265 / 180)
        zoom = 1 / (1 + self._uniform(count, a.zoom))
        stretch = ops.exp(self._uniform(count, 0.5) * ops.log(1 + a.aspect))
        mirror = ops.sign(self._uniform(count, 1.0) + 1e-9) if a.flip else ops.ones((count,))
        x_x = mirror * zoom * stretch * ops.cos(angle)
        x_y = -zoom * stretch * ops.sin(angle + slant)
        y_x = mirror * zoom / stretch * ops.sin(angle)
        y_y = zoom / stretch * ops.cos(angle + slant)
        centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
        x_0 = centre_x - x_x * centre_x - x_y * centre_y + self._uniform(count, a.shift) * width
        y_0 = centre_y - y_x * centre_x - y_y * centre_y + self._uniform(count, a.shift) * height
        zero = ops.zeros((count,))
        return ops.stack([x_x, x_y, x_0, y_x, y_y, y_0, zero, zero], axis=1)

    def _relight(self, images: Any) -> Any:
        count, amount = ops.shape(images)[0], self.augmentation.light
        brightness = 1 + self._uniform(count, amount)[:, None, None, None]
        contrast = 1 + self._uniform(count, amount)[:, None, None, None]
        mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
        return ops.clip(mean * brightness + (images - mean) * brightness * contrast, 0, 255)
