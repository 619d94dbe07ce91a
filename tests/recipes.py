"""The code in CONTRIBUTING.md, as it stands there."""

import re

from tests.stand_in import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text()


def block(heading: str, language: str) -> str:
    """The one block of a language under a heading."""
    [section] = [part for part in TEXT.split("\n## ") if part.startswith(heading)]
    [found] = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return str(found)
