"""Muon (Jordan et al. 2024) for convolutions too: the momentum's step is made orthogonal before it is taken."""

from typing import Any

import keras
from keras import ops


class Muon(keras.optimizers.Muon):  # type: ignore[misc]  # keras has no types
    """Keras's own takes the orthogonal step for matrices and Adam's for the kernels (h, w, in, out) of convolutions.

    Here these kernels are taken as matrices (h * w * in, out), and all else takes Adam's step: for the matrices of
    large dense layers the orthogonal one would cost as much time as all the rest.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(adam_weight_decay=options.get("weight_decay"), **options)

    def _should_use_adamw(self, variable: Any) -> bool:
        return len(variable.shape) != 4

    def _muon_update_step(self, gradient: Any, variable: Any, lr: Any, m: Any) -> None:
        self.assign_add(m, ops.add(gradient, m * (self.momentum - 1)))
        step = ops.reshape(gradient + self.momentum * m, (-1, variable.shape[-1]))
        # Half precision does for a direction (as in Jordan's own), and is fast on matrix units.
        orthogonal = self.zeropower_via_newtonschulz5(ops.cast(step, "bfloat16"), self.ns_steps)
        orthogonal = ops.cast(orthogonal, variable.dtype)
        self.assign_sub(variable, ops.reshape(self.lr_adjust(lr * orthogonal), variable.shape))
