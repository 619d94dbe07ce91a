"""python -m tests.teach.large: teach 50 classes of 200 photos; prints processor seconds, MB above before, accuracy."""

import resource
import time

import numpy as np

from classifier.trunk import TrunkCard
from teach import lesson
from teach.embedding import Embedding
from teach.examples import Example, Examples

CLASSES, PHOTOS, FEATURES = 50, 200, 1280


def main() -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(CLASSES, FEATURES)).astype(np.float32) * 0.15
    bank = (rng.normal(size=(1000, FEATURES)) * 0.5).astype(np.float16)

    def photo(label: int) -> Embedding:
        return Embedding((centres[label] + 0.5 * rng.normal(size=FEATURES)).astype(np.float16), rng.bytes(32))

    given = [Example(f"class {label}", f"{n}", photo(label)) for label in range(CLASSES) for n in range(PHOTOS)]
    lesson.read_bank = lambda trunk: bank
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    found = lesson.learn(Examples.of(given), TrunkCard("ab" * 32, 192, (6, 6, FEATURES)))
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(time.process_time() - started, more / 1024, found.report.accuracy["value"])


if __name__ == "__main__":
    main()
