"""Figures for a model's card, from probabilities and labels: accuracy with its interval, loss, AUC, calibration."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import softmax

from teach.report import Share, interval
from teach.report import mixed_up as mixed_up

Floats = NDArray[np.floating[Any]]
Labels = NDArray[np.int64]

# Of the validation pictures this share may be answered with "unsure".
UNSURE_SHARE = 0.03


def probabilities(logits: Floats, temperature: float = 1.0) -> Floats:
    """Logits (N, 1) or (N, C), divided by the temperature, to probabilities float64 (N, C), C >= 2."""
    scaled = np.asarray(logits, np.float64) / temperature
    if scaled.shape[1] == 1:
        scaled = np.concatenate([np.zeros_like(scaled), scaled], axis=1)
    result: Floats = softmax(scaled, axis=1)
    return result


def accuracy(chances: Floats, labels: Labels) -> float:
    """The share of right answers."""
    return float((chances.argmax(axis=1) == labels).mean())


def log_loss(chances: Floats, labels: Labels, weights: Floats | None = None) -> float:
    """Mean negative log-likelihood in nats; `weights` (N,) say how much each answer counts."""
    return float(np.average(-np.log(np.maximum(chances[np.arange(len(labels)), labels], 1e-12)), weights=weights))


def calibration_error(chances: Floats, labels: Labels, weights: Floats | None = None, bins: int = 15) -> float:
    """Expected calibration error of the answers given, in equally wide bins of confidence (Guo et al. 2017).

    `weights` (N,) say how much each answer counts; None: all the same.
    """
    weights = np.ones(len(labels)) if weights is None else weights
    confidence, right = chances.max(axis=1), chances.argmax(axis=1) == labels
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(np.abs(np.bincount(which, (right - confidence) * weights)).sum() / weights.sum())


def balanced(labels: Labels) -> Floats:
    """A weight for each picture, so that every class that is there counts the same; 1 in the mean."""
    counts = np.bincount(labels)
    weights: Floats = (len(labels) / np.count_nonzero(counts) / np.maximum(counts, 1))[labels]
    return weights


def recall(chances: Floats, labels: Labels) -> dict[int, tuple[float, int]]:
    """Of each class that is there the share answered rightly, and how many pictures it has."""
    right = chances.argmax(axis=1) == labels
    return {int(label): (float(right[labels == label].mean()), int((labels == label).sum())) for label in set(labels)}


def balanced_accuracy(chances: Floats, labels: Labels) -> dict[str, Any]:
    """The mean of the classes' recalls, with n and its 95 % interval.

    The interval is Wilson's, for as many pictures as would give a plain share the variance that this mean has.
    """
    recalls, counts = (np.array(column) for column in zip(*recall(chances, labels).values(), strict=True))
    share, variance = recalls.mean(), (recalls * (1 - recalls) / counts).sum() / len(recalls) ** 2
    effective = share * (1 - share) / variance if variance else float(len(labels))
    low, high = interval(share * effective, effective)
    return {"value": round(float(share), 4), "low": round(low, 4), "high": round(high, 4), "n": len(labels)}


def fit_temperature(logits: Floats, labels: Labels, weights: Floats | None = None) -> float:
    """The temperature of least log-loss on validation pictures (Guo et al. 2017), between 0.2 and 5."""

    def loss(logarithm: float) -> float:
        return log_loss(probabilities(logits, np.exp(logarithm)), labels, weights)

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.2), np.log(5.0)), method="bounded").x))


def unsure_below(chances: Floats) -> float:
    """The confidence under which `UNSURE_SHARE` of these validation answers lie."""
    return round(float(np.quantile(chances.max(axis=1), UNSURE_SHARE)), 4)


def unsure(chances: Floats, of_none: Floats, below: float) -> dict[str, Any]:
    """How well low confidence tells pictures of none of the classes, `of_none`, from the others, `chances`.

    AUROC is the share of pairs, one of each, in which the picture of none has the lower confidence.
    """
    known, unknown = chances.max(axis=1), np.sort(of_none.max(axis=1))
    lower = np.searchsorted(unknown, known, side="left") + np.searchsorted(unknown, known, side="right")
    return {
        "of_test": round(float((known < below).mean()), 4),
        "of_none": round(float((unknown < below).mean()), 4),
        "n_none": len(unknown),
        "auroc": round(float(lower.mean() / 2 / len(unknown)), 4),
    }


def confusion(chances: Floats, labels: Labels) -> NDArray[np.int64]:
    """Counts int64 (C, C): row the true label, column the answer."""
    classes = chances.shape[1]
    return np.bincount(labels * classes + chances.argmax(axis=1), minlength=classes**2).reshape(classes, classes)


def metrics(chances: Floats, labels: Labels) -> dict[str, Any]:
    """The `metrics` of a card. AUC is Keras's default over the flattened classes, as in the course reports."""
    import keras  # here, since TensorFlow takes seconds to import

    auc = keras.metrics.AUC()
    auc.update_state(np.eye(chances.shape[1], dtype=np.float32)[labels], chances.astype(np.float32))
    return {
        "accuracy": Share(int((chances.argmax(axis=1) == labels).sum()), len(labels)).as_dict(),
        "loss": round(log_loss(chances, labels), 4),
        "auc": round(float(auc.result()), 4),
        "ece": round(calibration_error(chances, labels), 4),
    }
