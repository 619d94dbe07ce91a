"""classify PHOTO...: classify photos on this machine, without Anvil. The same as python -m classifier."""

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

from classifier import batch
from classifier.classifier import Classifier
from classifier.errors import BadRequestError, ClassifierError
from classifier.settings import Settings
from classifier.shelf import read_shelves
from classifier.sources import STDIN, Source, expand

DESCRIPTION = """\
Say what is on photos: JPEG, HEIC, PNG, WebP, BMP, AVIF, TIFF, or the first frame of a GIF, told by their content.

The answer is a label with its probability. A question mark behind it means that the model is unsure: the probability
is below the threshold on its card.
"""

EPILOG = """\
examples:
  classify holiday/                       every picture in the folder and below
  classify 'scans/**/*.png'               a pattern
  curl -s https://example.com/cat.jpg | classify -
  classify --csv holiday/ > holiday.csv
  classify --json *.jpg | jq -r 'select(.label == "dog") | .file'
  classify --model NAME --heatmap maps/ cat.jpg    also writes maps/cat.heatmap.png, if the model has a map

With --json each photo is one line: an object with "file" and either model, label, confidence, unsure, predictions,
milliseconds and heatmap (the file that was written, or null), or "error" with type and message. Many photos are spread
over all cores; the answers come in the order of the photos.

exit status: 0 every photo was answered; 1 at least one was refused; 2 wrong usage, setting or model; 130 Ctrl-C.
Settings (CLASSIFIER_MODELS_DIR, CLASSIFIER_DEFAULT_MODEL, CLASSIFIER_MAX_UPLOAD_MB, ...) come from the environment and
from the .env of the folder you are in: see .env.example.
`python -m classifier` is the same command.
"""


def main(argv: list[str] | None = None) -> int:
    """Classify the photos named on the command line; returns the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        return _classify(arguments)
    except ClassifierError as error:
        print(f"classify: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        _close_output()
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"classify: the answers cannot be written: {error.strerror}", file=sys.stderr)
        _close_output()
        return 2


def _close_output() -> None:
    """Send what is still to be written nowhere, or Python complains as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="classify", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="+", metavar="PHOTO", help="a photo, a folder, a pattern, or - for stdin")
    parser.add_argument("--model", metavar="NAME", help="a model of the shelf (default: CLASSIFIER_DEFAULT_MODEL)")
    parser.add_argument("--top", metavar="N", type=_count, default=3, help="how many labels to name (default 3)")
    parser.add_argument("--heatmap", metavar="DIR", type=Path, help="write where the network looked, a PNG for each")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    shape.add_argument("--csv", action="store_true", help="comma-separated values instead of a table")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number, 1 or more")
    return int(text)


def _classify(arguments: argparse.Namespace) -> int:
    from rich.console import Console  # here, so that a process of the pool does not wait for it

    from classifier import output

    settings = Settings.load()
    job = batch.Job(settings, arguments.model or settings.default_model, arguments.top)
    classifier = job.classifier()
    for why in classifier.broken.values():
        print(f"classify: {why} It is left out.", file=sys.stderr)
    sources = expand(arguments.photos, settings.photo_limits.max_bytes)
    heatmaps = _heatmaps(arguments.heatmap, sources, classifier, settings)
    refused = False
    console = Console()
    shown: output.Output
    if arguments.json:
        shown = output.JsonLines(console)
    elif arguments.csv:
        shown = output.Csv(console)
    else:
        shown = output.Table(console, (source.name for source in sources), classifier.cards[0].labels)
    with (
        output.progress(console, len(sources)) as advance,
        closing(batch.answers(job, classifier, sources, heatmaps)) as answers,
    ):
        for source, answer in zip(sources, answers, strict=True):
            refused |= "error" in answer
            shown.add(source.name, answer)
            advance()
    return 1 if refused else 0


def _heatmaps(
    folder: Path | None, sources: Sequence[Source], classifier: Classifier, settings: Settings
) -> list[Path | None]:
    """A file for the heat map of each photo, named after it; photos of one name are numbered."""
    if folder is None:
        return [None] * len(sources)
    [card] = classifier.cards
    if card.activation_map is None:
        shelf = read_shelves(settings.models_dir, settings.shipped_models)
        able = [name for name, other in shelf.cards.items() if other.activation_map]
        raise BadRequestError(
            f"Model {card.name} has no activation map, so no heat map. Models that have: {', '.join(able) or 'none'}."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadRequestError(f"The folder for heat maps cannot be made: {error.strerror}.") from error
    used: set[str] = set()
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(2))
    files: list[Path | None] = []
    for source in sources:
        name = stem = "stdin" if source.name == STDIN else Path(source.name).stem
        while name in used:
            name = f"{stem}-{next(numbers[stem])}"
        used.add(name)
        files.append(folder / f"{name}.heatmap.png")
    return files


if __name__ == "__main__":
    sys.exit(main())
