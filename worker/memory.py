"""How much memory this process has."""

import os
from pathlib import Path


def resident_mb() -> float | None:
    """Resident memory in MB; None on a system that does not tell it in /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)
