"""Plain, idiomatic English wherever a person reads: the worst words of earlier versions do not come back."""

import re
from pathlib import Path

import pytest

from tests.stand_in import ROOT
from tests.tracked import tracked

# What not to write, and what to write instead.
WORST = {
    r"anew": "again",
    r"mend(?:s|ed|ing)?": "fix",
    r"(?:is|are|was|were) told": "gets, knows, learns",
    r"(?:is|are) not read here": "is not supported",
    r"for ever": "forever",
    r"to and fro": "back and forth",
}
OURS = Path(__file__)


def rooms() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in tracked("*.py", "*.md", "*.yaml", "*.ipynb", "*.toml"):
        if path != OURS:
            found.setdefault(path.relative_to(ROOT).parts[0], []).append(path)
    return found


@pytest.mark.parametrize("room", rooms())
def test_none_of_the_worst_words(room: str) -> None:
    for path in rooms()[room]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for word, instead in WORST.items():
                found = re.search(rf"\b{word}\b", line, re.IGNORECASE)
                assert not found, f"{path.relative_to(ROOT)}, line {number}: {found[0]!r}; write: {instead}"
