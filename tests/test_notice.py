"""NOTICE lists the licence of everything that is installed beside the project."""

import re

from tests.stand_in import ROOT
from tests.test_locks import requirements

NOTICE = (ROOT / "NOTICE").read_text()


def test_each_package_that_is_installed_has_its_licence_listed() -> None:
    pinned = {re.split(r"[\[=]", line)[0] for line in requirements(ROOT / "requirements" / "local.txt")}
    listed = dict(re.findall(r"^    ([\w.-]+) +(\S.+)$", NOTICE, re.MULTILINE))
    assert listed.keys() == pinned
