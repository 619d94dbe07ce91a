"""The pictures of a model folder: its training curves and its confusion matrix."""

import csv
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

mpl.use("Agg")


def curves(source: Path, target: Path, reported: float | None = None) -> None:
    """Draw accuracy and loss by epoch from a run's CSV; a reported accuracy as a dashed line."""
    with source.open(newline="") as file:
        rows = list(csv.DictReader(file))
    epochs = [int(row["epoch"]) for row in rows]
    figure = Figure(figsize=(8, 3), layout="constrained")
    for axes, name in zip(figure.subplots(1, 2), ("accuracy", "loss"), strict=True):
        axes.plot(epochs, [float(row[name]) for row in rows], label="train", color="#7a8794")
        axes.plot(epochs, [float(row[f"val_{name}"]) for row in rows], label="validation", color="#0b6e99")
        if name == "accuracy" and reported is not None:
            axes.axhline(reported, label="reported", color="#c0562b", linestyle="--", linewidth=1)
        axes.set(xlabel="epoch", ylabel=name)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25)
        axes.legend(frameon=False)
    figure.savefig(target, dpi=110)


def confusion(counts: NDArray[np.int64], labels: tuple[str, ...], target: Path) -> None:
    """Draw a confusion matrix, int64 (C, C); the numbers are written in while there is room for them."""
    classes = len(labels)
    side = 3.2 if classes <= 4 else min(9.0, 2.5 + 0.35 * classes)
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set(xlabel="answer", ylabel="truth")
    if classes <= 25:
        axes.set_xticks(range(classes), labels, rotation=0 if classes <= 4 else 90)
        axes.set_yticks(range(classes), labels)
        for row in range(classes):
            for column in range(classes):
                colour = "white" if shares[row, column] > 0.5 else "black"
                axes.text(column, row, str(counts[row, column]), ha="center", va="center", color=colour, fontsize=8)
    figure.savefig(target, dpi=110)
