"""Names of files: shown so that no terminal obeys them, and given so that none is taken."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import count


class Names:
    """Gives each name once; a second `dog` is called dog-2."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(2))

    def free(self, stem: str, suffix: str = "") -> str:
        """The name, numbered where it has been given before."""
        name = stem + suffix
        while name in self._used:
            name = f"{stem}-{next(self._numbers[stem + suffix])}{suffix}"
        self._used.add(name)
        return name


def printable(name: str) -> str:
    """A file's name, which may be any bytes, as text on one line; what a terminal would obey is shown escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
