"""Train the networks that the worker serves.

    python -m train list                      every recipe, its reported figure and ours
    python -m train cifar10_1m3               train one, export it, write its card
    python -m train cifar10_1m3 --schedule faithful
    python -m train folder PHOTOS --name mine your own classes: PHOTOS/roses/*.jpg, PHOTOS/tulips/*.jpg ...

A run saves itself after every epoch outside the source tree (CACHE_DIR); the same command takes an interrupted one up
again. Data: the folder named by --data, else by the environment variable DATA_DIR, else ./data.
"""

import argparse
import logging
import os
import re
import sys
from pathlib import Path

# Set before TensorFlow is imported: its greeting lines are no news to anyone, and its faster operations for the CPU
# (oneDNN) are otherwise off on processors without 512-bit instructions, where they train 1.4 times as fast too.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

from train.datasets import DataMissingError
from train.recipes import RECIPES, Recipe

MODELS = Path(__file__).parent.parent / "classifier" / "weights"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="list | folder | RECIPE")
    listing = commands.add_parser("list", help="every recipe, its reported figure and ours")
    listing.add_argument("--json", action="store_true", help="as a list of objects, null where there is no figure")
    folder = commands.add_parser("folder", help="any folder of class folders to a served model")
    folder.add_argument("path", type=Path, help="holds a folder of photos for each class, named for it")
    folder.add_argument("--name", required=True, type=model_name, help="what the model is called")
    _add_common(folder)
    for recipe in RECIPES.values():
        _add_recipe(commands.add_parser(recipe.name, help=recipe.title, description=recipe.title), recipe)
    return top


def _add_recipe(command: argparse.ArgumentParser, recipe: Recipe) -> None:
    command.add_argument(
        "--schedule", choices=list(recipe.schedules), default=recipe.meant, help="default: %(default)s"
    )
    command.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("DATA_DIR", "data")),
        help="folder that holds PetImages, cifar-10-batches-py, cifar-100-python",
    )
    _add_common(command)
    command.add_argument("--again", action="store_true", help="train anew even where a run was finished or begun")


def _add_common(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--models", type=Path, help=f"where the model folder goes; default: {MODELS.name}, for trials beside the run"
    )
    command.add_argument("--seed", type=int, default=0)


def model_name(text: str) -> str:
    """A name that is safe as a folder's and readable in a menu."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,40}", text):
        raise argparse.ArgumentTypeError("use up to 41 of a-z, 0-9, _ and -, beginning with a letter or a digit")
    return text


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    asked = parser().parse_args(words)
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    if asked.command == "list":
        from train import listing

        print(listing.as_json() if asked.json else listing.as_table())
        return 0
    from train import export, folder, run  # here, so that --help and list do not wait for TensorFlow

    try:
        if asked.command == "folder":
            written = folder.train(asked.path, asked.name, asked.models or MODELS, asked.seed)
        else:
            job = run.Run(RECIPES[asked.command], asked.schedule, asked.seed)
            models = asked.models or (MODELS if job.is_meant else job.folder / "models")
            written = run.train(job, asked.data, models, asked.again)
    except (DataMissingError, folder.FolderError, export.ExportError, run.StaleRunError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"wrote {written}" + ("; the worker serves it after a restart" if written.parent == MODELS else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
