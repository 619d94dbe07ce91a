"""What `python -m train list` shows: each recipe with its reported figure and ours."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from train.networks import NETWORKS
from train.recipe import Recipe
from train.recipes import RECIPES
from train.record import RESULTS

FIGURES = ("accuracy", "loss", "auc")
CLASSES = {"asirra": 2, "cifar10": 10, "cifar100": 100}


def rows() -> list[dict[str, Any]]:
    """One plain object a recipe."""
    return [_row(recipe) for recipe in RECIPES.values()]


def _row(recipe: Recipe) -> dict[str, Any]:
    network = NETWORKS[recipe.network]((recipe.height, recipe.width, 3), CLASSES[recipe.data])
    return {
        "name": recipe.name,
        "data": f"{recipe.data} ({recipe.variant})",
        "input": [recipe.height, recipe.width, 3],
        "parameters": network.count_params(),
        "trainable": sum(weight.value.shape.num_elements() for weight in network.trainable_weights),
        "reported": {figure: getattr(recipe.reported, figure) for figure in FIGURES},
        "ours": _ours(recipe),
    }


def _ours(recipe: Recipe) -> dict[str, Any]:
    """The figures of the committed evidence, of the default schedule first; None where nothing was run."""
    for schedule in sorted(recipe.schedules, key=lambda name: name != recipe.default):
        evidence = RESULTS / f"{recipe.name}-{schedule}.json"
        if evidence.exists():
            record = json.loads(evidence.read_text())
            metrics = record["metrics"]
            return {
                "accuracy": metrics["accuracy"]["value"],
                "loss": metrics["loss"],
                "auc": metrics["auc"],
                "minutes": round(record["trained"]["seconds"] / 60, 1),
            }
    return dict.fromkeys((*FIGURES, "minutes"))


def as_json() -> str:
    """`rows` as JSON."""
    return json.dumps(rows(), indent=2)


def as_table() -> str:
    """`rows` for a terminal."""
    table = Table("recipe", "input", "parameters", "reported accuracy", "ours", "minutes")
    for row in rows():
        height, width, _ = row["input"]
        shown = (row["reported"]["accuracy"], row["ours"]["accuracy"], row["ours"]["minutes"])
        table.add_row(
            row["name"], f"{height}x{width}", f"{row['parameters']:,}", *("-" if v is None else str(v) for v in shown)
        )
    console = Console(width=100)
    with console.capture() as capture:
        console.print(table)
    return capture.get()
