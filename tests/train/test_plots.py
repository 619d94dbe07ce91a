"""The pictures of a run show what its figures say."""

from pathlib import Path

import numpy as np
from PIL import Image

from train import plots


def _run(folder: Path, name: str, train: float, validation: float) -> Path:
    lines = ["epoch,accuracy,loss,val_accuracy,val_loss,seconds"]
    lines += [f"{epoch},{train},0.5,{validation},0.6,1" for epoch in range(1, 6)]
    file = folder / f"{name}.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def _shaded(pixels: np.ndarray) -> int:
    """How many pixels have the pale red of a gap."""
    red, green, blue = np.moveaxis(pixels.astype(int), -1, 0)
    return int(((red - blue > 10) & (red - green > 5) & (red > 230)).sum())


def test_the_wider_gap_has_more_of_its_panel_shaded(tmp_path: Path) -> None:
    runs = {"plain": _run(tmp_path, "plain", 0.9, 0.5), "changed": _run(tmp_path, "changed", 0.7, 0.65)}
    plots.gaps(runs, tmp_path / "gaps.png")
    pixels = np.asarray(Image.open(tmp_path / "gaps.png").convert("RGB"))
    left, right = np.array_split(pixels, 2, axis=1)
    assert _shaded(left) > 3 * _shaded(right) > 0


def test_a_reported_accuracy_is_a_line_in_the_curves(tmp_path: Path) -> None:
    run = _run(tmp_path, "run", 0.9, 0.5)
    plots.curves(run.read_text(), tmp_path / "without.png")
    plots.curves(run.read_text(), tmp_path / "with.png", reported=0.7)
    without, drawn = (np.asarray(Image.open(tmp_path / f"{name}.png").convert("RGB")) for name in ("without", "with"))
    assert _reds(drawn) > _reds(without) == 0


def test_of_a_taught_run_only_the_loss_of_validation_is_drawn(tmp_path: Path) -> None:
    text = _run(tmp_path, "run", 0.9, 0.5).read_text().replace(",0.5,0.5,0.6", ",0.5,30,0.6")
    plots.curves(text, tmp_path / "plain.png")
    plots.curves(text, tmp_path / "taught.png", taught=True)
    plain, taught = (np.asarray(Image.open(tmp_path / f"{name}.png").convert("RGB")) for name in ("plain", "taught"))
    half = plain.shape[1] // 2
    assert np.array_equal(plain[:, : half - 40], taught[:, : half - 40]), "accuracy has both lines"
    assert _greys(plain[:, half:]) > _greys(taught[:, half:]) == 0


def _greys(pixels: np.ndarray) -> int:
    """How many pixels have the colour of the training's line."""
    return int((np.abs(pixels.astype(int) - (0x7A, 0x87, 0x94)).max(axis=-1) < 8).sum())


def _reds(pixels: np.ndarray) -> int:
    red, green, blue = np.moveaxis(pixels.astype(int), -1, 0)
    return int(((red > 150) & (green < 130) & (blue < 90)).sum())
