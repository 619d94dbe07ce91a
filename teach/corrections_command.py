"""python -m teach corrections NAME: the answers of a model that somebody corrected, and how to take them back."""

import argparse
import json

from classifier.settings import Settings
from classifier.trunk import shared_trunk
from teach.corrections import listed, shown, take_back

EPILOG = """\
examples:
  python -m teach corrections flowers
  python -m teach corrections flowers --take-back 1f0c93aa     and fit the model again without it
"""


def main(argv: list[str]) -> int:
    """Run the command; returns the exit status. Raises the errors of this project."""
    parser = argparse.ArgumentParser(
        prog="python -m teach corrections",
        description="List the corrections of a model: id, day, label, photo. They count in each teaching.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help="a model that was taught")
    parser.add_argument("--take-back", metavar="ID", nargs="+", default=[], help="undo these and fit the model again")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    arguments = parser.parse_args(argv)
    settings = Settings.load()
    if arguments.take_back:
        change = take_back(arguments.name, arguments.take_back, shared_trunk(settings.threads).card, settings)
        before = f"{change.before['value']:.1%}" if change.before else "not measured"
        text = f"Taken back. Right before: {before}; now: {change.after['value']:.1%} (cross-validated)."
        print(json.dumps({"before": change.before, "after": change.after}) if arguments.json else text)
        return 0
    found = listed(arguments.name, settings)
    if arguments.json:
        print(json.dumps({"corrections": [correction._asdict() for correction in found]}, indent=2))
    else:
        print("\n".join(map(shown, found)) or f"Model {arguments.name} has no corrections.")
    return 0
