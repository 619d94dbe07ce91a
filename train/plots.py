"""The pictures of a run: its training curves, its confusion matrix, and its gap beside another's."""

import csv
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray


def curves(source: str, target: Path, reported: float | None = None, taught: bool = False) -> None:
    """Draw accuracy and loss by epoch from the text of a run's CSV; a reported accuracy as a dashed line.

    What a `taught` run learns from is another loss than that of validation, with its teacher's lessons in it, so of its
    losses only validation's is drawn.
    """
    run = _read(source)
    figure = Figure(figsize=(8, 3), layout="constrained")
    for axes, name in zip(figure.subplots(1, 2), ("accuracy", "loss"), strict=True):
        _two_lines(axes, run, name, training=not (taught and name == "loss"))
        if name == "accuracy" and reported is not None:
            axes.axhline(reported, label="reported", color="#c0562b", linestyle="--", linewidth=1)
        axes.legend(frameon=False)
    figure.savefig(target, dpi=110)


def gaps(sources: dict[str, Path], target: Path) -> None:
    """Draw the accuracy of runs side by side, by what they are called; the gap from training to validation shaded."""
    figure = Figure(figsize=(4 * len(sources), 3), layout="constrained")
    for axes, (title, source) in zip(figure.subplots(1, len(sources), sharey=True), sources.items(), strict=True):
        run = _read(source.read_text())
        _two_lines(axes, run, "accuracy")
        axes.fill_between(
            run["epoch"], run["accuracy"], run["val_accuracy"], color="#c0562b", alpha=0.15, linewidth=0, label="gap"
        )
        axes.set_title(f"{title}: {100 * (run['accuracy'][-1] - run['val_accuracy'][-1]):.1f} points at the end")
        axes.legend(frameon=False, loc="lower right")
    figure.savefig(target, dpi=110)


def _read(source: str) -> dict[str, list[float]]:
    """The columns of a run's CSV, a value for each epoch."""
    rows = list(csv.DictReader(source.splitlines()))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def _two_lines(axes: Axes, run: dict[str, list[float]], name: str, training: bool = True) -> None:
    if training:
        axes.plot(run["epoch"], run[name], label="train", color="#7a8794")
    axes.plot(run["epoch"], run[f"val_{name}"], label="validation", color="#0b6e99")
    axes.set(xlabel="epoch", ylabel=name)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)


def confusion(counts: NDArray[np.int64], labels: tuple[str, ...], target: Path) -> None:
    """Draw a confusion matrix, int64 (C, C); the numbers are written in while there is room for them."""
    classes = len(labels)
    side = 3.2 if classes <= 4 else min(12.0, 2.5 + 0.35 * classes)
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set(xlabel="answer", ylabel="truth")
    size = min(10.0, 600 / classes)  # of a hundred names, as large as fits
    axes.set_xticks(range(classes), labels, rotation=0 if classes <= 4 else 90, fontsize=size)
    axes.set_yticks(range(classes), labels, fontsize=size)
    if classes <= 25:
        for row in range(classes):
            for column in range(classes):
                colour = "white" if shares[row, column] > 0.5 else "black"
                axes.text(column, row, str(counts[row, column]), ha="center", va="center", color=colour, fontsize=8)
    figure.savefig(target, dpi=110)
