"""The processor cores that this process may use."""

import os
import sys


def cores() -> int:
    """How many there are: in a container or under taskset fewer than the machine has, where the system tells."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
