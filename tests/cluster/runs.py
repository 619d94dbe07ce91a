"""The commands of these tests, and what they wrote."""

import csv
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyarrow import parquet

from cluster.answerer import Answerer
from cluster.run import Run
from tests.classifier.tiny_models import only
from tests.stand_in import ROOT

# A dozen processes of Ray start in each test, which all import what JupyterLab makes slow.
LEAN = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "cluster" / "lean")])}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "cluster", "classify", *map(str, arguments)]


def environment(shelf: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**os.environ, **LEAN, **only(shelf), **(more or {})}


def run(
    *arguments: object, shelf: Path, more: Mapping[str, str] | None = None, folder: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """The command, to its end."""
    line, settings = command(*arguments), environment(shelf, more)
    return subprocess.run(line, cwd=folder, env=settings, capture_output=True, text=True, timeout=280, check=False)


def rows(out: Path) -> list[dict[str, Any]]:
    """The answers in a folder, by path."""
    found = [row for part in sorted(out.glob("*.parquet")) for row in parquet.read_table(part).to_pylist()]
    return sorted(found, key=lambda row: row["path"])


def answer(run: Run) -> None:
    """What the actors would do, here."""
    answerer = Answerer(run.order, lambda: run.model)
    for number, portion in enumerate(run.listing.portions(1)):
        assert answerer({"number": number, "portion": portion}) == {"photos": len(portion), "trouble": ""}


def as_csv(found: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """The rows as `classify --csv` writes them."""
    return [
        {
            "file": row["path"],
            "label": row["label"] or "",
            "confidence": "" if row["confidence"] is None else str(round(row["confidence"], 4)),
            "unsure": "" if row["unsure"] is None else str(row["unsure"]).lower(),
            "model": row["model"] or "",
            "error": row["error"] or "",
            "warning": row["warning"] or "",
        }
        for row in found
    ]


def classify_csv(source: Path, shelf: Path) -> list[dict[str, str]]:
    """What `classify --csv` says of the photos, by file."""
    line = [sys.executable, "-m", "classifier", "--csv", str(source)]
    done = subprocess.run(
        line, cwd=ROOT, env=environment(shelf), capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return sorted(csv.DictReader(done.stdout.splitlines()), key=lambda row: row["file"])
