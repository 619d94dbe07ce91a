"""classify PHOTO...: classify photos on this machine, without Anvil. The same as python -m classifier."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from classifier import batch
from classifier.classifier import Classifier
from classifier.errors import BadRequestError, ClassifierError
from classifier.names import Names
from classifier.settings import Settings
from classifier.shelf import read_shelves
from classifier.sorted_copies import SortedCopies
from classifier.sources import STDIN, Source, expand
from classifier.walk import sentences

if TYPE_CHECKING:
    from rich.console import Console

    from classifier import output

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
  classify --resume holiday.csv holiday/  the same, and after Ctrl-C only what is not in the file yet
  classify --sort-into sorted/ holiday/   copies to sorted/cat, sorted/dog ..., and sorted/unsure
  classify --json *.jpg | jq -r 'select(.label == "dog") | .file'
  classify --model NAME --heatmap maps/ cat.jpg    also writes maps/cat.heatmap.png, if the model has a map

With --json each photo is one line: an object with "file" and either model, label, confidence, unsure, predictions,
milliseconds and heatmap (the file that was written, or null), or "error" with type and message. Many photos are spread
over all cores; the answers come in the order of the photos.

Of a folder, what is hidden, of the system or not a photo is left out. Standard error names it at the end.

exit status: 0 every photo was answered; 1 at least one was refused; 2 wrong usage, setting or model; 130 Ctrl-C.
Settings (CLASSIFIER_MODELS_DIR, CLASSIFIER_DEFAULT_MODEL, CLASSIFIER_MAX_UPLOAD_MB, ...) come from the environment and
from the .env of the folder you are in: see .env.example.
`python -m classifier` is the same command.
"""


def main(argv: list[str] | None = None) -> int:
    """Classify the photos named on the command line; returns the exit status."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may lack letters that a name has
            stream.reconfigure(errors="backslashreplace")
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
    shape.add_argument(
        "--resume", metavar="FILE.csv", type=Path, help="write the CSV to this file, leaving out photos that are in it"
    )
    parser.add_argument(
        "--sort-into", metavar="DIR", type=Path, help="copy each photo to DIR/LABEL, or DIR/unsure; nothing is moved"
    )
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
        _say(f"{why} It is left out.")
    sources, left_out = expand(arguments.photos, settings.photo_limits.max_bytes)
    with ExitStack() as stack:
        console = Console()
        shown, sources = _shown(arguments, sources, classifier, console, stack)
        copies = SortedCopies(arguments.sort_into) if arguments.sort_into else None
        map_files = _map_files(arguments.heatmap, sources, classifier, settings)
        refused = False
        advance = stack.enter_context(output.progress(console, len(sources)))
        answers = stack.enter_context(closing(batch.answers(job, classifier, sources, map_files)))
        for source, answer in zip(sources, answers, strict=True):
            refused |= "error" in answer
            if copies:
                copies.add(source, answer)
            shown.add(source.name, answer)
            advance()
    for sentence in sentences(left_out):
        _say(sentence)
    return 1 if refused else 0


def _shown(
    arguments: argparse.Namespace,
    sources: list[Source],
    classifier: Classifier,
    console: "Console",
    stack: ExitStack,
) -> tuple["output.JsonLines | output.Csv | output.Table", list[Source]]:
    """What writes the answers, and the photos that are still to be answered."""
    from classifier import output
    from classifier.unfinished import Unfinished

    if arguments.json:
        return output.JsonLines(console), sources
    if arguments.csv:
        return output.Csv(console), sources
    if not arguments.resume:
        return output.Table(console, (source.name for source in sources), classifier.cards[0].labels), sources
    begun = Unfinished(arguments.resume, output.cell(classifier.default))
    left = [source for source in sources if output.cell(source.name) not in begun.names]
    if len(left) < len(sources):
        _say(f"{len(sources) - len(left)} of {len(sources)} photos are in {arguments.resume} already.")
    file = stack.enter_context(arguments.resume.open("a", encoding="utf-8"))
    return output.Csv(type(console)(file=file), head=not begun.begun), left


def _say(sentence: str) -> None:
    print(f"classify: {sentence}", file=sys.stderr)


def _map_files(
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
    names = Names()
    stems = ("stdin" if source.name == STDIN else Path(source.name).stem for source in sources)
    return [folder / f"{names.free(stem)}.heatmap.png" for stem in stems]


if __name__ == "__main__":
    sys.exit(main())
