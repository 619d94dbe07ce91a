"""The evidence of a run in train/results/, written where `--record` asks for it."""

import json
from pathlib import Path

from train import plots
from train.recipe import Recipe, Run

RESULTS = Path(__file__).parent / "results"
# What of a card is evidence of a run.
EVIDENCE = (
    *("name", "metrics", "unsure", "robustness", "weights", "temperature"),
    *("parameters", "answers", "data", "trained"),
)


def record(run: Run, model: Path) -> None:
    """Keep the curves and figures of a run, whose model folder is `model`, and draw its gap beside another's."""
    card = json.loads((model / "card.json").read_text())
    evidence = RESULTS / f"{run.title}.json"
    evidence.write_text(json.dumps({key: card[key] for key in EVIDENCE if key in card}, indent=2) + "\n")
    evidence.with_suffix(".csv").write_text(run.curves())
    _draw_gaps(run.recipe)


def _draw_gaps(recipe: Recipe) -> None:
    """Where a recipe was trained without and with changes to the pictures, what they do to the gap, side by side."""
    runs = {"plain": "as they are", "fast": "changed a little"}
    curves = {title: RESULTS / f"{recipe.name}-{schedule}.csv" for schedule, title in runs.items()}
    if all(file.exists() for file in curves.values()):
        plots.gaps(curves, RESULTS / f"{recipe.name}-gaps.png")
