"""What kind of machine the tests run on, where a time bound depends on it."""

from pathlib import Path

# Bounds were set on two cores of an Intel Xeon with 8-bit dot products (VNNI). Two of an AMD EPYC, which has none,
# were half as fast at most things, and ten times as slow at the networks.
_CPU = Path("/proc/cpuinfo")
IS_FAST = _CPU.exists() and "_vnni" in _CPU.read_text()
