"""First and other kernels to start from, both after airbench94 (Jordan 2024)."""

from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

# The name of a convolution that is not trained and whose kernel `whiten` sets.
WHITENING = "whitening"
# What is added to each variance: directions in which patches hardly differ are noise.
FLOOR = 5e-4


def whiten(network: keras.Model, images: NDArray[np.uint8]) -> None:
    """Set the layer `WHITENING`, where `network` has one, from training pictures uint8 (N, H, W, 3).

    Its filters become the principal components of all patches of the kernel's size, each at a variance of one, and
    their negatives; so a kernel (h, w, 3) has 2 * h * w * 3 filters.
    """
    for layer in network.layers:
        if layer.name == WHITENING:
            height, width, channels, filters = layer.kernel.shape
            pixels = np.asarray(keras.Model(network.input, layer.input)(images))
            windows = np.lib.stride_tricks.sliding_window_view(pixels, (height, width), axis=(1, 2))
            patches = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, height * width * channels).astype(np.float64)
            variances, components = np.linalg.eigh(patches.T @ patches / len(patches))
            kernel = (components / np.sqrt(variances + FLOOR)).reshape(height, width, channels, filters // 2)
            layer.set_weights([np.concatenate([kernel, -kernel], axis=-1)])


@keras.saving.register_keras_serializable("train")
class NearIdentity(keras.initializers.Initializer):  # type: ignore[misc]  # keras has no types
    """Kernels (h, w, in, out) whose first filters pass the maps on as they are; the others are uniform noise."""

    def __call__(self, shape: tuple[int, int, int, int], dtype: str | None = None) -> Any:
        height, width, maps, filters = shape
        same = np.zeros(shape, np.float32)
        passed = min(maps, filters)
        same[height // 2, width // 2, range(passed), range(passed)] = 1
        bound = (height * width * maps) ** -0.5
        noise = keras.random.uniform((height, width, maps, filters - passed), -bound, bound)
        return ops.cast(ops.concatenate([same[..., :passed], noise], axis=-1), dtype or "float32")

    def get_config(self) -> dict[str, Any]:
        return {}
