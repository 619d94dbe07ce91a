"""python -m tests.teach.large LABELS PHOTOS: teach so many labels from made-up features of so many photos of each.

Prints processor seconds, the peak memory of the process in MB, and the accuracy. The photos come one by one, as those
of a folder do; one in a hundred is a copy of another.
"""

import resource
import sys
import time
from collections.abc import Iterator

import numpy as np

from classifier.trunk import TrunkCard
from teach import lesson
from teach.embedding import Embedding
from teach.examples import Example, Examples

FEATURES = 1280


def main(labels: int, photos: int) -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(labels, FEATURES)).astype(np.float32) * 0.15
    bank = (rng.normal(size=(1000, FEATURES)) * 0.5).astype(np.float16)

    def given() -> Iterator[Example]:
        for label in range(labels):
            for number in range(photos):
                if number % 100 != 99:
                    noise = rng.standard_normal(FEATURES, np.float32)
                    last = Embedding((centres[label] + 0.5 * noise).astype(np.float16), rng.bytes(32))
                yield Example(f"class {label}", f"class {label}/{number}.jpg", last)

    lesson.read_bank = lambda trunk: bank
    started = time.process_time()
    examples = Examples.of(given())
    found = lesson.learn(examples, TrunkCard("ab" * 32, 192, (6, 6, FEATURES)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    print(time.process_time() - started, peak, found.report.accuracy["value"])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
