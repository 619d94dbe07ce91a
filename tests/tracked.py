"""What is in the repository, as git has it: what else lies in a working tree is its owner's."""

import subprocess
from pathlib import Path

from tests.stand_in import ROOT


def tracked(*patterns: str) -> list[Path]:
    """The tracked files that are there, all or those that match a pattern of git's, such as "*.py"."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--", *patterns]
    listed = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
