"""Bytes to send."""

import hashlib


def pattern(size: int, seed: int = 0) -> bytes:
    """Bytes in which a lost, doubled or swapped chunk shows."""
    return hashlib.shake_128(str(seed).encode()).digest(size)
