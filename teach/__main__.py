"""python -m teach PHOTOS --name NAME: teach a model from photos of your own. The same as the command teach."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from classifier.errors import ClassifierError
from classifier.names import printable
from classifier.settings import Settings

DESCRIPTION = """\
Teach a model from a few photos of your own: a folder with a folder for each thing, named after it.

It is served as soon as it is on your shelf (CLASSIFIER_MODELS_DIR). Two dozen photos of each thing are a good start.
"""

EPILOG = """\
examples:
  python -m teach photos/ --name flowers            photos/rose/*.jpg, photos/tulip/*.jpg, ...
  python -m teach photos/ --name flowers --replace  again, with more photos; corrections count again
  python -m teach photos/ --name flowers --dry-run  what it would do with each file; nothing is written
  python -m teach corrections flowers               answers that were corrected; --take-back N undoes one
  python -m teach export flowers                    flowers.zip: one LiteRT file, labels, a program that uses it

A folder called none is no label: its photos are of none of the others. Files of the system are skipped, copies count
once, a photo under two labels is not used; all of it is named at the end. A folder of photos that is called export or
corrections is named with its place: ./export.

exit status: 0 the model is on the shelf; 2 it cannot be made, and the shelf is as it was; 130 Ctrl-C.
"""


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    words = sys.argv[1:] if argv is None else argv
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        if words[:1] in (["export"], ["corrections"]):
            return _other(words)
        return _teach(_parser().parse_args(words))
    except ClassifierError as error:
        print(f"teach: {printable(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("teach: stopped. Nothing was written; the shelf is as it was.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m teach",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("photos", metavar="PHOTOS", type=Path, help="the folder with a folder for each label")
    parser.add_argument("--name", required=True, help="how the model will be called: any text that a folder can have")
    parser.add_argument("--none", metavar="FOLDER", type=Path, help="photos of none of the labels, to tell them apart")
    parser.add_argument("--replace", action="store_true", help="replace the model of this name, if it is your own")
    parser.add_argument("--json", action="store_true", help="the whole report as one JSON object")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done with each file, write nothing")
    return parser


def _teach(arguments: argparse.Namespace) -> int:
    settings = Settings.load()
    from teach.teacher import teach  # late: --help and a wrong usage do not wait for it

    with _progress() as progress:
        if arguments.dry_run:
            from teach.rehearsal import rehearse

            planned = rehearse(arguments.photos, arguments.name, arguments.none, arguments.replace, settings, progress)
        else:
            taught = teach(
                arguments.photos,
                arguments.name,
                none=arguments.none,
                replace=arguments.replace,
                settings=settings,
                progress=progress,
            )
    if arguments.dry_run:
        print(json.dumps(planned.as_dict(), indent=2) if arguments.json else planned)
        return 2 if planned.refused else 0
    if arguments.json:
        print(json.dumps({"model": taught.name, **taught.report.as_dict()}, indent=2))
    else:
        print(f"{taught.name} is on your shelf after {taught.report.seconds:.1f} s.\n\n{taught}")
    return 0


def _other(words: list[str]) -> int:
    if words[0] == "export":
        from teach import export

        return export.main(words[1:])
    from teach import corrections_command

    return corrections_command.main(words[1:])


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Looking at the photos", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


if __name__ == "__main__":
    sys.exit(main())
