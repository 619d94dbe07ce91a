"""The whole benchmark, and what it found."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import in_process, load, network, photos, wire
from benchmarks.in_process import Change
from benchmarks.wire import Figures, Start
from train.machine import hardware


@dataclass(frozen=True)
class Found:
    """All figures; milliseconds, megabytes, seconds; of `load` ratios."""

    in_process: Figures
    wire: Figures
    start: Start
    load: dict[str, float]
    change: dict[str, Change]  # by set
    calls: Figures
    network: str

    def as_dict(self) -> dict[str, Any]:
        """The figures as --json prints them."""
        return {
            "in_process": self.in_process,
            "wire": {name: self.wire[name] for name in ("ours", "fastapi")},
            "start_s": self.start.seconds,
            "memory_mb": self.start.memory_mb,
            "load": self.load,
        }

    def evidence(self) -> dict[str, Any]:
        """What is kept beside them."""
        return {
            "reduced_scale": {
                name: asdict(change) | {"within_bounds": change.within_bounds} for name, change in self.change.items()
            },
            "notebooks": self.wire["notebooks"],
            "calls": self.calls,
            "network": self.network,
            "hardware": hardware(),
            "date": datetime.now(UTC).date().isoformat(),
        }


def measure(folder: Path, own_photos: Path | None, quick: bool) -> Found:
    """Run it all; `folder` is for files that nobody needs afterwards."""
    sets = photos.drawn(1 if quick else 4)
    if own_photos:
        sets["photos"] = photos.of_folder(own_photos)
    model = network.served(folder)
    big = {name: found for name, found in sets.items() if not name.startswith("180px")}
    if own_photos:
        big["photos_enlarged"] = [photos.enlarged(data) for data in sets["photos"]]
    changes = {name: in_process.change(found) for name, found in big.items()}
    times = in_process.measure(model, sets, rounds=2 if quick else 24)
    start = wire.start(model, folder, times=1 if quick else 5)
    figures, evidence = wire.measure(model, folder, rounds=1 if quick else 3, seconds=1 if quick else 8)
    flooded = load.measure(model, folder, calls=100 if quick else load.CALLS)._asdict()
    name = f"{model.recipe.name}, {model.recipe.height} px"
    return Found(times, figures, start, flooded, changes, evidence, name)
