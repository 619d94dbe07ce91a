"""Pillow's warnings kept off standard error while a picture is decoded, and nowhere else."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_decoding = 0
_kept = warnings.catch_warnings()


@contextmanager
def pillow_unheard() -> Iterator[None]:
    """Decode inside. What Pillow only warns of, such as a bad EXIF tag, leaves a picture that can be seen.

    Counted, because the filters belong to the whole process and several threads decode at a time: the first one in sets
    them, the last one out puts back what was there.
    """
    global _decoding, _kept
    with _lock:
        if not _decoding:
            _kept = warnings.catch_warnings()
            _kept.__enter__()
            warnings.filterwarnings("ignore", module=r"PIL\.")
        _decoding += 1
    try:
        yield
    finally:
        with _lock:
            _decoding -= 1
            if not _decoding:
                _kept.__exit__(None, None, None)
