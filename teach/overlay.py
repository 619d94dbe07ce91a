"""An owner's head over a shipped one: corrected photos are answered right, all else as before.

A shipped model comes without the photos that it was trained on. So a change of its head is fitted, which is held to
what the shipped head says of the bank's pictures (as in learning without forgetting, Li & Hoiem 2016). The corrected
photos get the least weight with which each of them is answered right. The shipped files stay as they are.
"""

import json
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.card import CARD_FILE, HEAD_FILE, PICTURES, Card, read_card, write_card
from classifier.errors import BadRequestError
from classifier.head import Head
from classifier.new_model import new_model
from classifier.settings import Settings
from classifier.shelf import SHIPPED, has_card
from teach.bank import read_bank
from teach.calibration import probabilities
from teach.examples import NONE, Example, Examples
from teach.features import Floats
from teach.owned import remove
from teach.regression import Layer, one_thread
from teach.report import Share
from teach.validation import FOLDS

# Eleven wrong answers among 2,952 held-out photos of cats, dogs and neither were corrected, one at a time: each was
# right then, and of the others 3 (mean; at most 8) were answered otherwise. With a tenth of this no fewer were.
_STRENGTH = 0.01
# Of the corrected photos' log-loss, beside the divergence on the bank. The first with which all are right is taken.
_WEIGHTS = (0.001, 0.01, 0.1, 1.0)
# One in so many pictures of the bank is fitted to, the others show what the change does to what it has not seen.
_ONE_IN = 2
_MOST_STEPS = 200


class Fitted(NamedTuple):
    """The head, and what it does to answers."""

    head: Head
    before: Share  # of the corrected photos, right by the shipped head
    after: Share  # right by a head that was fitted without them, in FOLDS parts
    kept: Share  # of the bank's pictures that were not fitted to, answered as by the shipped head


class Task(NamedTuple):
    """What a change is fitted to. Features are scaled; logits are those of the shipped head."""

    bank: Floats  # [M, F]
    bank_logits: Floats  # [M, C]
    features: Floats  # [N, F], of the corrected photos
    logits: Floats  # [N, C]
    truth: NDArray[np.int64]  # [N]
    sure: float  # the confidence from which on an answer is not called unsure

    def without(self, fold: int) -> "Task":
        """The task without the corrected photos of one fold."""
        rest = np.arange(len(self.truth)) % FOLDS != fold
        return self._replace(features=self.features[rest], logits=self.logits[rest], truth=self.truth[rest])

    def answers(self, change: Layer) -> NDArray[np.int64]:
        """What the changed head says of the corrected photos, int64 [N]."""
        found: NDArray[np.int64] = (self.logits + change.logits(self.features)).argmax(axis=1)
        return found

    def is_solved(self, change: Layer) -> bool:
        """Whether the changed head gives each corrected photo the right answer, and is sure of it."""
        chances = probabilities(self.logits + change.logits(self.features))
        right = chances.argmax(axis=1) == self.truth
        return bool((right & (chances.max(axis=1) >= self.sure)).all())


def folder_of(name: str, settings: Settings) -> Path | None:
    """The folder of the owner's head over this shipped model, None where there is none.

    Raises BadRequestError where that place is taken by another model.
    """
    folder = settings.models_dir / name
    if not has_card(folder):
        return None
    if not read_card(folder, name).over:
        raise BadRequestError(f"A model of your own is called {name!r} like a shipped one. Rename its folder first.")
    return folder


def kept_examples(name: str, settings: Settings) -> list[Example]:
    """The corrections of a shipped model. Raises BadRequestError, ModelError."""
    folder = folder_of(name, settings)
    return list(Examples.read(folder)) if folder else []


def put(name: str, corrections: Sequence[Example], settings: Settings) -> Fitted:
    """Fit a head over the shipped one and put it on the owner's shelf; without corrections it is taken away.

    Raises BadRequestError for a label that the model does not have, ModelError.
    """
    shipped = read_card(SHIPPED / name)
    fitted = fit(shipped, corrections, settings.threads)
    folder = folder_of(name, settings)
    if not corrections:
        if folder:
            remove(folder)
        return fitted
    fields = _fields(shipped.folder) | {
        "over": shipped.digests[HEAD_FILE],
        "off": False,
        "corrections": len(corrections),
    }
    with new_model(settings.models_dir, name, replace=True) as place:
        (place / HEAD_FILE).write_bytes(fitted.head.bytes())
        Examples.of(corrections).write(place)
        for picture in PICTURES:
            if (shipped.folder / f"{picture}.png").is_file():
                shutil.copyfile(shipped.folder / f"{picture}.png", place / f"{picture}.png")
        write_card(place, fields)
    return fitted


def switch_off(name: str, settings: Settings) -> None:
    """Have the shipped head answer again; the corrections are kept. Raises BadRequestError, ModelError."""
    folder = folder_of(name, settings)
    if not folder:
        return
    read_card(folder, name).check_digests()
    with new_model(settings.models_dir, name, replace=True) as place:
        for file in folder.iterdir():
            shutil.copyfile(file, place / file.name)
        write_card(place, _fields(folder) | {"off": True})


def fit(shipped: Card, corrections: Sequence[Example], threads: int) -> Fitted:
    """The shipped head, changed so that the corrected photos are answered right. Raises BadRequestError, ModelError."""
    head = Head.read(shipped)
    bank = read_bank(str(shipped.trunk)).astype(np.float32)
    mean, scale = bank.mean(axis=0), float(bank.std())
    logits = bank @ head.kernel + head.bias
    used = np.arange(len(bank)) % _ONE_IN == 0
    task = _task(shipped, head, corrections, (bank[used] - mean) / scale, logits[used], mean, scale)
    with one_thread(), ThreadPoolExecutor(threads) as pool:
        change, weight = _least(task)
        parts = list(pool.map(lambda fold: _fit(task.without(fold), weight), range(min(FOLDS, len(task.truth)))))
    right = [(task.answers(part) == task.truth)[fold::FOLDS].sum() for fold, part in enumerate(parts)]
    changed = (logits + change.logits((bank - mean) / scale))[~used]
    return Fitted(
        Head(head.kernel + change.kernel / scale, head.bias + change.bias - mean / scale @ change.kernel),
        Share(int((task.logits.argmax(axis=1) == task.truth).sum()), len(task.truth)),
        Share(int(sum(right)), len(task.truth)),
        Share(int((changed.argmax(axis=1) == logits[~used].argmax(axis=1)).sum()), int((~used).sum())),
    )


def _task(
    shipped: Card,
    head: Head,
    corrections: Sequence[Example],
    bank: Floats,
    bank_logits: Floats,
    mean: Floats,
    scale: float,
) -> Task:
    labels = [shipped.none if one.label == NONE else one.label for one in corrections]
    for label in labels:
        if label not in shipped.labels:
            raise BadRequestError(
                f"Model {shipped.name} knows {', '.join(shipped.labels)} and cannot learn {label!r}. "
                "Teach a model of your own."
            )
    features = np.array([one.embedding.features for one in corrections], np.float32).reshape(-1, len(mean))
    truth = np.array([shipped.labels.index(str(label)) for label in labels], np.int64)
    logits = features @ head.kernel + head.bias
    return Task(bank, bank_logits, (features - mean) / scale, logits, truth, shipped.unsure_below)


def _least(task: Task) -> tuple[Layer, float]:
    """The change of the least weight with which all are right, or as many as can be; and that weight."""
    for weight in _WEIGHTS:
        change = _fit(task, weight)
        if task.is_solved(change):
            break
    return change, weight


def _fit(task: Task, weight: float) -> Layer:
    """The change of least loss: the mean divergence from the shipped answers on the bank, `weight` times the log-loss
    of the corrected photos, and the penalty.
    """
    from scipy.optimize import minimize  # late, as in regression.py

    count, classes = task.bank.shape[1], task.bank_logits.shape[1]
    shipped, rows = probabilities(task.bank_logits), np.arange(len(task.truth))
    logs = np.log(shipped + 1e-9)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        values = flat.astype(np.float32).reshape(count + 1, classes)
        change = Layer(values[:-1], values[-1])
        ours = probabilities(task.bank_logits + change.logits(task.bank))
        theirs = probabilities(task.logits + change.logits(task.features))
        value = float((shipped * (logs - np.log(ours + 1e-9))).sum()) / len(shipped)
        value -= weight * float(np.log(theirs[rows, task.truth] + 1e-9).sum())
        value += _STRENGTH / 2 * float((change.kernel**2).sum())
        slope = (ours - shipped) / np.float32(len(shipped))
        theirs[rows, task.truth] -= 1
        theirs *= np.float32(weight)
        kernel = task.bank.T @ slope + task.features.T @ theirs + np.float32(_STRENGTH) * change.kernel
        return value, np.vstack([kernel, slope.sum(axis=0) + theirs.sum(axis=0)]).ravel().astype(np.float64)

    options = {"maxiter": _MOST_STEPS, "ftol": 1e-7, "gtol": 1e-6}
    found = minimize(loss, np.zeros((count + 1) * classes), jac=True, method="L-BFGS-B", options=options).x
    values = found.astype(np.float32).reshape(count + 1, classes)
    return Layer(values[:-1], values[-1])


def _fields(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / CARD_FILE).read_bytes())
    return found
