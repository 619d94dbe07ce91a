"""python -m cluster classify SOURCE OUT: classify millions of photos on many machines, or on all cores of this one."""

import argparse
import os
import sys
from collections.abc import Callable

from classifier import batch
from classifier.errors import BadRequestError, ClassifierError
from classifier.settings import Settings
from classifier.walk import sentences

DESCRIPTION = """\
Classify photos on a Ray cluster, or on all cores of this machine, into a folder of Parquet files.
"""

EPILOG = """\
examples:
  python -m cluster classify holiday/ answers/
  python -m cluster classify s3://photos/2026 s3://answers/2026 --address auto
  python -m cluster classify --resume holiday/ answers/    only what is not in answers/ yet

SOURCE is a folder, a pattern ('scans/**/*.png'), a list (NAMES.txt, one a line), s3://BUCKET/FOLDER,
gs://BUCKET/FOLDER, or Parquet (NAME.parquet, a file or a folder, or a pattern of them) with a column "bytes" or "path".
OUT is a folder that all machines share, s3:// or gs://. Each row has path, label, confidence, unsure, probabilities,
model, digest, error and warning. docs/SCALE.md says more.

exit status: 0 every photo was answered; 1 at least one was refused; 2 wrong usage, setting or model, or not every photo
could be asked for; 130 Ctrl-C. Settings are those of `classify`.
"""


def main(argv: list[str] | None = None) -> int:
    """Classify what the command line names; returns the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        return _classify(arguments)
    except ClassifierError as error:
        _say(str(error))
        return 2
    except KeyboardInterrupt:
        _say("Stopped. --resume asks for the photos that are missing.")
        return 130


def _parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m cluster", description=DESCRIPTION, epilog=EPILOG, formatter_class=shape
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    classify = commands.add_parser(
        "classify", help="photos to a table of answers", description=DESCRIPTION, epilog=EPILOG, formatter_class=shape
    )
    classify.add_argument("source", metavar="SOURCE", help="a folder, a pattern, a list, a bucket or Parquet")
    classify.add_argument("out", metavar="OUT", help="a folder for the answers, which every machine can write to")
    classify.add_argument("--model", metavar="NAME", help="a model of the shelf (default: CLASSIFIER_DEFAULT_MODEL)")
    classify.add_argument(
        "--address",
        metavar="ADDRESS",
        help="of a Ray cluster; auto for the one here (default: start one on this machine)",
    )
    classify.add_argument("--resume", action="store_true", help="continue OUT: ask only for what it does not have yet")
    return parser


def _classify(arguments: argparse.Namespace) -> int:
    if not arguments.address:  # read as Ray is imported: one that is started here listens on 127.0.0.1 alone
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    try:
        from cluster.run import Progress, Run
    except ModuleNotFoundError as error:
        raise BadRequestError(f"{error.name} is missing: pip install 'uplink-image-classifier[cluster]'.") from error
    from rich.console import Console

    from classifier import output
    from cluster.summary import Summary

    settings = Settings.load()
    job = batch.Job(settings, arguments.model or settings.default_model, top=1)
    run = Run.prepare(job, arguments.source, arguments.out, arguments.resume)
    found = run.listing
    for sentence in sentences(found.left_out):
        _say(sentence)
    if found.repeated:
        _say(f"{found.repeated:,} names stand more than once; each photo is asked for once.")
    if found.done:
        _say(f"{found.done:,} of {found.done + len(found):,} photos are in {arguments.out} already.")
    progress = Progress(len(found), (lambda _: None) if sys.stderr.isatty() else _say)
    if len(found):
        with output.progress(Console(stderr=True), len(found)) as advance:
            run.go(arguments.address, _both(progress, advance))
    summary = Summary.of(run.order.table)
    parts, size = run.order.table.size()
    print(f"{len(found):,} photos in {progress.seconds:.1f} s, {len(found) / progress.seconds:.0f} a second.")
    for line in summary.lines():
        print(line)
    print(f"{arguments.out} has {summary.photos:,} photos in {parts:,} parts, {size / 2**20:.1f} MB.")
    return 1 if summary.errors else 0


def _both(progress: Callable[[int], None], advance: Callable[[], object]) -> Callable[[int], None]:
    def answered(photos: int) -> None:
        progress(photos)
        for _ in range(photos):
            advance()

    return answered


def _say(sentence: str) -> None:
    print(f"cluster: {sentence}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
