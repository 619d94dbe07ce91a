"""Muon (Jordan et al. 2024) for convolutions too: the momentum's step is made orthogonal before it is taken."""

from typing import Any

import keras
from keras import ops


class Muon(keras.optimizers.Muon):  # type: ignore[misc]  # keras has no types
    """Keras's own takes the orthogonal step for matrices only and Adam's for the kernels (h, w, in, out) of
    convolutions; here these count as matrices (h * w * in, out). The layer of the logits keeps Adam's step, as there.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(exclude_layers=["logits"], adam_weight_decay=options.get("weight_decay"), **options)

    def _should_use_adamw(self, variable: Any) -> bool:
        return len(variable.shape) != 4 and bool(super()._should_use_adamw(variable))

    def _muon_update_step(self, gradient: Any, variable: Any, lr: Any, m: Any) -> None:
        self.assign_add(m, ops.add(gradient, m * (self.momentum - 1)))
        step = ops.reshape(gradient + self.momentum * m, (-1, variable.shape[-1]))
        orthogonal = self.zeropower_via_newtonschulz5(step, self.ns_steps)
        self.assign_sub(variable, ops.reshape(self.lr_adjust(lr * orthogonal), variable.shape))
