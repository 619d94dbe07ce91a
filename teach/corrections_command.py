"""python -m teach corrections NAME: the answers of a model that somebody corrected, and how to take them back."""

import argparse
import json

from classifier.settings import Settings
from classifier.trunk import shared_trunk
from teach.corrections import Change, listed, shown, switch, take_back

EPILOG = """\
examples:
  python -m teach corrections flowers
  python -m teach corrections flowers --take-back 1f0c93aa     and fit the model again without it
  python -m teach corrections cats_vs_dogs --off               the shipped model answers as it came; --on undoes this
"""


def main(argv: list[str]) -> int:
    """Run the command; returns the exit status. Raises the errors of this project."""
    parser = argparse.ArgumentParser(
        prog="python -m teach corrections",
        description="List the corrections of a model: id, day, label, photo. They count in each teaching.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help="a model that was taught, or a shipped one on the trunk")
    parser.add_argument("--take-back", metavar="ID", nargs="+", default=[], help="undo these and fit the model again")
    switches = parser.add_mutually_exclusive_group()
    switches.add_argument("--off", action="store_true", help="a shipped model answers as it came; they are kept")
    switches.add_argument("--on", action="store_true", help="and with its corrections again, which are fitted again")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    arguments = parser.parse_args(argv)
    settings = Settings.load()
    if arguments.take_back:
        change = take_back(arguments.name, arguments.take_back, shared_trunk(settings.threads).card, settings)
        figures = {"before": change.before, "after": change.after, "kept": change.kept}
        print(json.dumps(figures) if arguments.json else f"Taken back. {_measured(change)}")
        return 0
    if arguments.on or arguments.off:
        switch(arguments.name, arguments.on, shared_trunk(settings.threads).card, settings)
    found = listed(arguments.name, settings)
    if arguments.json:
        print(json.dumps({"corrections": [correction._asdict() for correction in found]}, indent=2))
    else:
        print("\n".join(map(shown, found)) or f"Model {arguments.name} has no corrections.")
    return 0


def _measured(change: Change) -> str:
    if change.kept:
        share = f"{change.kept['value']:.1%} of {change.kept['n']}"
        return f"{share} other pictures are answered as by the shipped model."
    before = f"{change.before['value']:.1%}" if change.before else "not measured"
    return f"Right before: {before}; now: {change.after['value']:.1%} (cross-validated)."
