"""Every command explains itself: what it does, an example to type, each option; and it stands in the documents."""

import os
import re
import subprocess
import sys
import tomllib

import pytest

from tests.stand_in import ROOT
from tests.tracked import tracked

DOCUMENTS = "\n".join(path.read_text() for path in tracked("README.md", "CONTRIBUTING.md", "docs/*.md"))
SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
# What a person types, as the arguments of Python here.
COMMANDS = {
    "uplink_server.py": ["uplink_server.py"],
    **{
        f"python -m {path.parent.name}": ["-m", path.parent.name]
        for path in tracked("*/__main__.py")
        if path.parent.parent == ROOT
    },
    **{name: ["-m", entry.split(".__main__")[0]] for name, entry in SCRIPTS.items() if ".__main__:" in entry},
    "uplink-worker": ["uplink_server.py"],
}


def shown(command: str) -> str:
    environment = {**os.environ, "COLUMNS": "120"}
    line = [sys.executable, *COMMANDS[command], "--help"]
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout


def options(text: str) -> dict[str, str]:
    """The options that a help lists, each with what it says of it."""
    found = re.findall(r"^  ((?:-\w(?: \w+)?, )?--[\w-]+(?: [A-Z_]+| \{.*?\})?)(.*(?:\n {8,}.*)*)", text, re.MULTILINE)
    return {name: " ".join(said.split()) for name, said in found}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_teaches(command: str) -> None:
    text = shown(command)
    usage = re.match(r"usage: (python -m \w+|[\w.-]+) .*?\n\n", text, re.DOTALL)
    assert usage
    summary, _, rest = text[usage.end() :].partition("\n\n")
    assert not summary.startswith(("options:", "positional")), "its first paragraph says what it is for"
    name = re.escape(usage[1])
    assert re.search(rf"^ +(.*\| |python )?{name} [\w./'*-]", rest, re.MULTILINE), f"no example of {usage[1]}"
    for option, said in options(rest).items():
        assert len(said) > 10, f"{option} is not explained"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_stands_in_the_documents(command: str) -> None:
    name = next((script for script in SCRIPTS if COMMANDS[script] == COMMANDS[command]), command)
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", DOCUMENTS), f"{name} is in no document"


def test_the_options_of_a_help_are_found() -> None:
    text = "  -h, --help  show this\n  --top N     how many\n  --long VALUE\n              on the next line\n  --bare\n"
    assert options(text) == {
        "-h, --help": "show this",
        "--top N": "how many",
        "--long VALUE": "on the next line",
        "--bare": "",
    }
