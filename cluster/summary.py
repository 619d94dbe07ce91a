"""What a table of answers says in all."""

from collections import Counter
from dataclasses import dataclass, field

from cluster.parts import Table


@dataclass
class Summary:
    """Counts over the rows of a table."""

    photos: int = 0
    unsure: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, table: Table) -> "Summary":
        """Count the rows, some at a time."""
        found = cls()
        for batch in table.batches(["label", "unsure", "error"]):
            found.photos += batch.num_rows
            found.unsure += batch.column("unsure").to_pylist().count(True)
            found.labels.update(label for label in batch.column("label").to_pylist() if label is not None)
            found.errors.update(error for error in batch.column("error").to_pylist() if error is not None)
        return found

    def lines(self) -> list[str]:
        """For a person: labels and refusals, the most frequent first."""
        labels = ", ".join(f"{label} {count:,}" for label, count in _first(self.labels))
        more = f" and {len(self.labels) - 10} labels more" if len(self.labels) > 10 else ""
        said = [f"{labels}{more}; unsure of {self.unsure:,}."] if self.labels else []
        return said + [f"{count:,} refused: {error}" for error, count in _first(self.errors)]


def _first(counts: Counter[str]) -> list[tuple[str, int]]:
    """The ten most frequent; of those that are as frequent, by their names."""
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:10]
