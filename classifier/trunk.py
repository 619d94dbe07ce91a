"""The trunk: one network in eight bits whose features serve every head of this process."""

import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from queue import LifoQueue
from typing import Any, NamedTuple

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from classifier.errors import ModelError

FOLDER = Path(__file__).parent / "weights"
TRUNK_FILE = "trunk.tflite"
TRUNK_CARD = "trunk.json"
BANK_FILE = "bank.npz"

Features = NDArray[np.float32]  # [N, 1280]


class Seen(NamedTuple):
    """What the trunk makes of a batch of N pictures."""

    features: Features  # the mean of the map over its places
    feature_map: NDArray[np.float32]  # [N, height, width, 1280]


@dataclass(frozen=True)
class TrunkCard:
    """What heads need to know of the trunk. trunk.json holds more: origin, data, measurements."""

    sha256: str
    side: int  # px, of the square pictures that it looks at
    feature_map: tuple[int, int, int]  # height, width, features


class Trunk:
    """The loaded trunk, safe to call from several threads; `threads` calls are worked on at a time."""

    def __init__(self, folder: Path = FOLDER, threads: int = 2) -> None:
        """Load and warm it. Raises ModelError where the files are not there or not what trunk.json says."""
        try:
            fields = json.loads((folder / TRUNK_CARD).read_bytes())
            data = (folder / TRUNK_FILE).read_bytes()
            side, (height, width, count) = int(fields["side"]), fields["feature_map"]
            self.card = TrunkCard(str(fields["sha256"]), side, (int(height), int(width), int(count)))
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ModelError(f"The trunk in {folder.name}/ cannot be read: {error}.") from error
        if hashlib.sha256(data).hexdigest() != self.card.sha256:
            raise ModelError(f"{TRUNK_FILE} is not the file that {TRUNK_CARD} describes (SHA-256 differs).")
        self._idle: LifoQueue[Any] = LifoQueue()
        try:
            for _ in range(threads):
                self._idle.put(Interpreter(model_content=data, num_threads=1).get_signature_runner())
                self(np.zeros((1, side, side, 3), np.uint8))  # the first run packs the weights
        except (RuntimeError, ValueError, KeyError) as error:
            raise ModelError(f"The trunk cannot be loaded: {error}.") from error

    def __call__(self, batch: NDArray[np.uint8]) -> Seen:
        """Look at uint8 [N, side, side, 3]: features float32 [N, 1280], feature map float32 [N, h, w, 1280]."""
        maps = np.empty((len(batch), *self.card.feature_map), np.float32)
        run = self._idle.get()
        try:
            for row, picture in enumerate(batch):  # one at a time: a change of batch size costs more than it saves
                maps[row] = run(image=picture[None])["feature_map"][0]
        finally:
            self._idle.put(run)
        # Here and not in the network, where the mean would be rounded to eight bits.
        return Seen(maps.mean(axis=(1, 2)), maps)


@functools.lru_cache(maxsize=1)
def shared_trunk(threads: int) -> Trunk:
    """The trunk of this process, loaded when it is first asked for. Raises ModelError."""
    return Trunk(threads=threads)
