"""python -m classifier PHOTO...: classify photos on this machine, without Anvil."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from classifier.classifier import Classifier
from classifier.errors import BadRequestError, ClassifierError, TooLargeError
from classifier.settings import Settings

DESCRIPTION = """\
Say what is on photos: JPEG, PNG, WebP, BMP, AVIF, or the first frame of a GIF, told by their content.

The answer is a label with its probability. A question mark behind it means that the model is unsure: the probability
is below the threshold on its card.
"""

EPILOG = """\
examples:
  python -m classifier holiday/*.jpg
  python -m classifier --model cats_vs_dogs_128 cat.png
  python -m classifier --json *.jpg | jq -r 'select(.label == "dog") | .file'

With --json each photo is one line: an object with "file" and either model, label, confidence, unsure, predictions
and milliseconds, or "error" with type and message.

exit status: 0 every photo was answered; 1 at least one was refused; 2 wrong usage, setting or model.
Settings (MODELS_DIR, DEFAULT_MODEL, MAX_UPLOAD_MB, ...) come from the environment and .env: see .env.example.
"""


def main(argv: list[str] | None = None) -> int:
    """Classify the photos named on the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m classifier",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("photos", nargs="+", metavar="PHOTO", type=Path, help="a photo")
    parser.add_argument("--model", metavar="NAME", help="a model of the shelf (default: DEFAULT_MODEL of the settings)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    arguments = parser.parse_args(argv)
    try:
        settings = Settings.load()
        classifier = Classifier.load(settings, only=arguments.model or settings.default_model)
    except ClassifierError as error:
        print(f"python -m classifier: {error}", file=sys.stderr)
        return 2
    refused = False
    # A name may be any bytes: what is no text is shown escaped.
    names = [str(photo).encode(errors="backslashreplace").decode() for photo in arguments.photos]
    width = max(map(len, names))
    for photo, name in zip(arguments.photos, names, strict=True):
        answer = _answer(classifier, photo, settings)
        refused |= "error" in answer
        if arguments.json:
            print(json.dumps({"file": str(photo), **answer}), flush=True)
        else:
            print(f"{name:{width}}  {_row(answer)}", flush=True)
    return 1 if refused else 0


def _answer(classifier: Classifier, photo: Path, settings: Settings) -> dict[str, Any]:
    try:
        return classifier.classify(_read(photo, settings), top=len(classifier.cards[0].labels)).as_dict()
    except ClassifierError as error:
        return dict(error.as_dict())


def _read(photo: Path, settings: Settings) -> bytes:
    limit = settings.photo_limits.max_bytes
    try:
        with photo.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise BadRequestError(f"The file cannot be read: {error.strerror}.") from error
    if len(data) > limit:
        raise TooLargeError(f"The file has more than {settings.max_upload_mb:g} MB. Use a smaller copy.")
    return data


def _row(answer: dict[str, Any]) -> str:
    if "error" in answer:
        return f"refused  {answer['error']['message']}"
    mark = "?" if answer["unsure"] else " "
    others = ", ".join(f"{entry['label']} {entry['probability']:.1%}" for entry in answer["predictions"][1:4])
    return f"{answer['label']}{mark} {answer['confidence']:6.1%}  ({others})  {answer['milliseconds']:.0f} ms"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)
