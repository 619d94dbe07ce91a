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
        orthogonal = self.zeropower_via_newtonschulz5(step, self.ns_steps)
        self.assign_sub(variable, ops.reshape(self.lr_adjust(lr * orthogonal), variable.shape))


class NormalizedMuon(Muon):
    """Muon whose kernels keep the norm of an orthogonal one, the root of their filters (Jordan's airbench94_muon).

    So the learning rate is a share of the kernel, whatever steps came before, and there is no weight to decay. Momenta
    and iterations are that program's; what takes Adam's step does so at a rate 12 times lower.
    """

    def __init__(self, **options: Any) -> None:
        steps = {"momentum": 0.6, "ns_steps": 3, "rms_rate": None}
        adam = {"adam_lr_ratio": 1 / 12, "adam_beta_1": 0.85, "adam_beta_2": 0.99}
        super().__init__(**(steps | adam | options))

    def _muon_update_step(self, gradient: Any, variable: Any, lr: Any, m: Any) -> None:
        super()._muon_update_step(gradient, variable, lr, m)
        norm = ops.sqrt(ops.sum(ops.square(variable)))
        self.assign(variable, variable * (variable.shape[-1] ** 0.5 / norm))
