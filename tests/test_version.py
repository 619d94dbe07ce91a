"""One version, in one place, and the changelog tells what is in it."""

import re
import tomllib

from tests.stand_in import ROOT
from worker import __version__


def test_the_package_takes_its_version_from_the_worker() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "worker/__init__.py"


def test_the_changelog_begins_with_it_and_its_day() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert re.fullmatch(re.escape(__version__) + r" \(\d{4}-\d\d-\d\d\)", headings[0])
