"""How many small wrong changes to the code the tests notice: mutation testing, by Cosmic Ray.

    make mutants                                        every module of classifier, worker, train and teach: hours
    python -m tests.mutants train/metrics.py            one module, all its mutants
    python -m tests.mutants train --each 5 --seed 1     five mutants of each module of a room, drawn by the seed

Each change is made in a copy of the tracked files, and the tests that mirror the module are run: tests/worker/
test_link.py and test_link_*.py for worker/link.py. A change that they let pass is shown. A module without such tests,
or whose tests fail without any change, is named and not counted. Changes to annotations are left out: nothing runs
them.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome

from tests.tracked import ROOT, tracked

ROOMS = ["classifier", "worker", "train", "teach"]
# Of "int | None": what stands behind a colon or an arrow and is never run.
ANNOTATIONS = "core/ReplaceBinaryOperator_BitOr_"


def main(words: list[str]) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("places", nargs="*", default=ROOMS, help="modules and folders; default: all rooms")
    parser.add_argument("--each", type=int, help="so many mutants of each module; default: all")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as copy:
        for file in tracked():
            target = Path(copy) / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
        counts = [_module(Path(copy), module, asked.each, asked.seed) for module in _modules(asked.places)]
    caught, made = (sum(column) for column in zip(*counts, strict=True))
    print(f"caught {caught} of {made}" + (f": {caught / made:.0%}" if made else ""))
    return 0


def _modules(places: list[str]) -> Iterator[Path]:
    for file in tracked(*places):
        if file.suffix == ".py" and file.name != "__init__.py":
            yield file.relative_to(ROOT)


def _module(copy: Path, module: Path, each: int | None, seed: int) -> tuple[int, int]:
    """The mutants of one module that were caught, and how many were made."""
    name, folder = module.stem.strip("_"), copy / "tests" / module.parent
    tests = [*folder.glob(f"test_{name}.py"), *sorted(folder.glob(f"test_{name}_*.py"))]
    if not tests:
        print(f"{module}: there is no test_{name}.py", flush=True)
        return 0, 0
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *map(str, tests)]
    command += ["-m", "not slow and not browser and not alone"]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    if done.returncode:
        print(f"{module}: its tests fail without any change:\n{done.stdout[-2000:]}", flush=True)
        return 0, 0
    seconds = time.perf_counter() - started
    mutants = _mutants(copy / module, seed)[:each]
    passed = [diff for mutant in mutants if (diff := _survives(copy, mutant, command, 3 * seconds + 30))]
    print(f"{module}: caught {len(mutants) - len(passed)} of {len(mutants)}", flush=True)
    for diff in passed:
        print("    " + diff.replace("\n", "\n    "), flush=True)
    return len(mutants) - len(passed), len(mutants)


def _mutants(module: Path, seed: int) -> list[MutationSpec]:
    """All changes to a module, in an order drawn by the seed."""
    with tempfile.TemporaryDirectory() as folder:
        database = WorkDB(Path(folder) / "work.sqlite", WorkDB.Mode.create)
        init([module], database, {})
        mutants = [mutant for item in database.work_items for mutant in item.mutations]
        database.close()
    mutants = [mutant for mutant in mutants if not mutant.operator_name.startswith(ANNOTATIONS)]
    random.Random(f"{seed} {module.name}").shuffle(mutants)  # noqa: S311  # no secret
    return mutants


def _survives(copy: Path, mutant: MutationSpec, command: list[str], timeout: float) -> str | None:
    """The changed lines, where the tests let them pass."""
    quoted = " ".join(f'"{word}"' for word in ["env", "-C", str(copy), *command])
    result = mutate_and_test([mutant], quoted, timeout)
    if result.test_outcome != TestOutcome.SURVIVED:
        return None
    lines = [line for line in result.diff.splitlines() if line[:1] in "+-@" and line[:3] not in ("+++", "---")]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
