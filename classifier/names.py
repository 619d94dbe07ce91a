"""Names of files that are made for photos, of which many may have the same name."""

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
