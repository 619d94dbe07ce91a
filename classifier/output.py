"""Answers as a person or a program reads them: a table, JSON lines or CSV."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from classifier.names import printable

COLUMNS = ("file", "label", "confidence", "unsure", "model", "error", "warning")
# A spreadsheet would take a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class JsonLines:
    """One object a line: `file`, and the answer as a caller gets it."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def add(self, name: str, answer: dict[str, Any]) -> None:
        """Write the answer for the photo of that name."""
        self._console.out(json.dumps({"file": name, **answer}), highlight=False)


class Csv:
    """A row for each photo under a row of COLUMNS; lines end as a shell's tools expect."""

    def __init__(self, console: Console, head: bool = True) -> None:
        self._console = console
        if head:
            self._write(COLUMNS)

    def add(self, name: str, answer: dict[str, Any]) -> None:
        """Write the answer for the photo of that name."""
        file = cell(name)
        if "error" in answer:
            self._write([file, "", "", "", "", answer["error"]["message"], ""])
        else:
            unsure = "true" if answer["unsure"] else "false"
            confidence, warning = round(answer["confidence"], 4), answer.get("warning", "")
            self._write([file, cell(answer["label"]), confidence, unsure, cell(answer["model"]), "", warning])

    def _write(self, cells: Iterable[object]) -> None:
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(cells)
        self._console.out(line.getvalue(), end="", highlight=False)


class Table:
    """Columns for a person. The rows come one by one, so their widths are settled before the first."""

    def __init__(self, console: Console, names: Iterable[str], labels: Iterable[str]) -> None:
        self._console = console
        self._name = max([5, *(cell_len(printable(name)) for name in names)])
        if console.is_terminal:
            self._name = min(self._name, console.width // 2)
        self._label = max([6, *(cell_len(label) + 1 for label in labels)])
        self._print(Text(f"{'photo':{self._name}}  {'answer':{self._label}}  {'':6}  others", style="bold"))

    def add(self, name: str, answer: dict[str, Any]) -> None:
        """Write the answer for the photo of that name."""
        row = Text(_fitted(printable(name), self._name) + "  ")
        if "error" in answer:
            row.append("refused  ", style="red").append(answer["error"]["message"])
        else:
            label = answer["label"] + ("?" if answer["unsure"] else "")
            row.append(set_cell_size(label, self._label), style="yellow" if answer["unsure"] else "green")
            row.append(f"  {answer['confidence']:6.1%}  ")
            others = (f"{entry['label']} {entry['probability']:.1%}" for entry in answer["predictions"][1:])
            row.append(", ".join(others), style="dim")
            if "warning" in answer:
                row.append("  " + answer["warning"], style="yellow")
        self._print(row)

    def _print(self, row: Text) -> None:
        row.rstrip()
        if self._console.is_terminal:
            self._console.print(row, no_wrap=True, overflow="ellipsis")
        else:
            self._console.print(row, soft_wrap=True)


def cell(text: str) -> str:
    """A name as a cell of a table on one line, which no spreadsheet takes for a formula."""
    shown = printable(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


@contextmanager
def progress(console: Console, total: int) -> Iterator[Callable[[], object]]:
    """A bar on a terminal, where there is something to wait for; gives what to call for each photo that is done.

    On standard error, unless the answers go to a terminal too: then below them.
    """
    if not console.is_terminal:
        console = Console(stderr=True)
    if total < 2 or not (console.is_terminal and sys.stderr.isatty()):
        yield lambda: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task("photos", total=total)
        yield lambda: bar.advance(task)


def _fitted(name: str, width: int) -> str:
    """The name in `width` cells; of one that is too long the end is kept, where the file's own name is."""
    while cell_len(name) > width:
        name = "…" + name[2:]
    return set_cell_size(name, width)
