"""Running a notebook from top to bottom, and reading what it shows.

    python -m tests.notebooks.notebook              # all, or those named: 1_call_the_classifier.ipynb ...

runs notebooks against a stand-in and writes their outputs, as they are committed: with drawings, and of the models that
are in classifier/weights now.
"""

import os
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tests.stand_in import stand_in, worker

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
# What only one machine has: paths, keys.
OF_A_MACHINE = re.compile(r"/(home|root|work|tmp|usr|Users)/|site-packages|(client|server)_[\w-]{20}")


def executed(name: str, cell_seconds: int = 60, changes: Mapping[str, str] | None = None) -> nbformat.NotebookNode:
    """The notebook with fresh outputs; a cell that fails raises. `changes` replace words of its source."""
    notebook = nbformat.read(FOLDER / name, as_version=4)
    for words, others in (changes or {}).items():
        [cell] = [cell for cell in notebook.cells if words in cell.source]
        cell.source = cell.source.replace(words, others)
    client = NotebookClient(
        notebook,
        timeout=cell_seconds,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
        record_timing=False,
    )
    # As where the project is installed in place, but from this tree whatever is installed.
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    return notebook


def shown(notebook: nbformat.NotebookNode) -> str:
    """All text that the notebook's cells put out."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            texts.append(output.get("text") or data.get("text/markdown") or data.get("text/plain") or "")
    return "\n".join(texts)


def figures(notebook: nbformat.NotebookNode) -> int:
    """How many pictures the notebook's cells put out."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return sum(any(kind.startswith("image/") for kind in output.get("data", {})) for output in outputs)


def check_committed(name: str, most_bytes: int) -> nbformat.NotebookNode:
    """The notebook as it is committed; asserts that it ran top to bottom, is small, and of no machine."""
    raw = (FOLDER / name).read_text()
    assert len(raw) < most_bytes
    assert not OF_A_MACHINE.search(raw)
    notebook = nbformat.reads(raw, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    streams = [output.get("name") for cell in cells for output in cell.outputs]
    assert "stderr" not in streams
    return notebook


def main(names: list[str]) -> None:
    """Run notebooks and write their outputs."""
    for variable in ("PHOTOS", "DATA_DIR"):
        os.environ.pop(variable, None)
    with tempfile.TemporaryDirectory() as folder, stand_in(Path(folder)) as host, worker(host):
        os.environ.update(ANVIL_UPLINK_URL=host.uplink_url, LOCAL_ANVIL_KEYS=str(host.key_file))
        for name in names or sorted(file.name for file in FOLDER.glob("*.ipynb")):
            notebook = executed(name, cell_seconds=600)
            notebook.metadata["language_info"] = {"name": "python"}
            nbformat.write(notebook, FOLDER / name)


if __name__ == "__main__":
    main(sys.argv[1:])
