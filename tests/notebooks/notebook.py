"""Running a notebook from top to bottom, and reading what it shows.

    python -m tests.notebooks.notebook

runs all notebooks against a stand-in and writes their outputs, as they are committed: with drawings, and of the models
that are in classifier/weights now.
"""

import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tests.stand_in import stand_in, worker

FOLDER = Path(__file__).parents[2] / "notebooks"


def executed(name: str, cell_seconds: int = 60) -> nbformat.NotebookNode:
    """The notebook with fresh outputs; a cell that fails raises."""
    notebook = nbformat.read(FOLDER / name, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=cell_seconds,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
        record_timing=False,
    )
    client.execute()
    return notebook


def shown(notebook: nbformat.NotebookNode) -> str:
    """All text that the notebook's cells put out."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            texts.append(output.get("text") or data.get("text/markdown") or data.get("text/plain") or "")
    return "\n".join(texts)


def main() -> None:
    """Run all notebooks and write their outputs."""
    os.environ.pop("PHOTOS", None)
    with tempfile.TemporaryDirectory() as folder, stand_in(Path(folder)) as host, worker(host):
        os.environ.update(ANVIL_UPLINK_URL=host.uplink_url, LOCAL_ANVIL_KEYS=str(host.key_file))
        for file in sorted(FOLDER.glob("*.ipynb")):
            notebook = executed(file.name)
            notebook.metadata["language_info"] = {"name": "python"}
            nbformat.write(notebook, file)


if __name__ == "__main__":
    main()
