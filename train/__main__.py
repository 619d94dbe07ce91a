"""Train the networks that the worker serves.

    python -m train list                      every recipe, its reported figure and ours
    python -m train cifar10_1m3               walk one recipe: load, fit, calibrate, export, measure, write
    python -m train cifar10_1m3 --schedule faithful
    python -m train trunk                     the network whose features serve every head
    python -m train cats_vs_dogs              its own head
    python -m train folder PHOTOS --name mine hundreds of photos of your own: PHOTOS/roses/*.jpg ...
    python -m train evaluate mine --photos OTHERS --none THINGS
                                              how far its answers carry, on photos from elsewhere
    python -m train calibrate mine --photos TO_CHOOSE_ON
                                              its confidence on photos, written onto its card

    python -m train cifar10_1m3 --hosts 192.0.2.7:9000 --processes 2 --process 0
                                              on two hosts: the same command there, with --process 1

A run saves itself after every epoch outside the source tree (CACHE_DIR); the same command takes an interrupted one up
again. Data: the folder named by --data, else by the environment variable DATA_DIR, else ./data.

A recipe's model goes beside its run, or where --models says; nothing in the source tree is touched. With --record its
evidence goes to train/results/, and its model, if schedule and seed are the recipe's own, to classifier/weights/.
"""

import argparse
import dataclasses
import logging
import os
import sys
from pathlib import Path

# Set before TensorFlow is imported: its greeting lines are no news to anyone, and its faster operations for the CPU
# (oneDNN) are otherwise off on processors without 512-bit instructions, where they train 1.4 times as fast too.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

from classifier.errors import ClassifierError
from classifier.names import printable
from classifier.new_model import check_name, check_writable
from classifier.settings import Settings
from classifier.shelf import SHIPPED
from classifier.trunk import TRUNK_CARD, Trunk
from teach.teacher import find
from train.errors import TrainError
from train.hosts.hosts import AUTO, Hosts
from train.recipe import Recipe, Run
from train.recipes import RECIPES

FOLDER = "hundreds of your own photos: the trunk trained on for them, where that beats python -m teach"
ON_THE_TRUNK = {"trunk": "The trunk of all heads", "cats_vs_dogs": "Cats and dogs, a head on the trunk"}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(
        dest="command", required=True, metavar="list | folder | evaluate | calibrate | RECIPE"
    )
    listing = commands.add_parser("list", help="every recipe, its reported figure and ours")
    listing.add_argument("--json", action="store_true", help="as a list of objects, null where there is no figure")
    folder = commands.add_parser("folder", help=FOLDER, description=FOLDER)
    folder.add_argument("path", type=Path, help="holds a folder of photos for each label; a split is kept to")
    folder.add_argument("--name", required=True, help="what the model is called")
    folder.add_argument("--models", type=Path, help="default: CLASSIFIER_MODELS_DIR, else models/")
    folder.add_argument("--replace", action="store_true", help="in place of a model of that name")
    _add_seed(folder)
    _add_evaluate(commands.add_parser("evaluate", help="how far a model's answers carry, on photos from elsewhere"))
    _add_calibrate(commands.add_parser("calibrate", help="fit a model's confidence to photos; written onto its card"))
    for name, title in ON_THE_TRUNK.items():
        _add_on_the_trunk(commands.add_parser(name, help=title, description=title), name)
    for recipe in RECIPES.values():
        _add_recipe(commands.add_parser(recipe.name, help=recipe.title, description=recipe.title), recipe)
    return top


def _add_recipe(command: argparse.ArgumentParser, recipe: Recipe) -> None:
    command.add_argument(
        "--schedule", choices=list(recipe.schedules), default=recipe.default, help="default: %(default)s"
    )
    _add_data(command, "PetImages, cifar-10-batches-py, cifar-100-python")
    _add_seed(command)
    _add_again(command)
    _add_hosts(command)
    _add_where(command, "where the model folder goes", "keep the evidence in train/results/ and ship the model")


def _add_on_the_trunk(command: argparse.ArgumentParser, name: str) -> None:
    _add_data(command, "PetImages and neither")
    if name == "trunk":
        _add_again(command)
    _add_where(command, "where the files go", "ship them: in classifier/weights/")


def _add_data(command: argparse.ArgumentParser, holds: str) -> None:
    default = Path(os.environ.get("DATA_DIR", "data"))
    command.add_argument("--data", type=Path, default=default, help=f"folder that holds {holds}")


def _add_again(command: argparse.ArgumentParser) -> None:
    command.add_argument("--again", action="store_true", help="train again even where this run was finished or begun")


def _add_hosts(command: argparse.ArgumentParser) -> None:
    hosts = command.add_argument_group("on several hosts", "one process on each: the same command, with its number")
    hosts.add_argument("--hosts", metavar="HOST:PORT", help=f"where process 0 listens; {AUTO}: as a launcher says")
    hosts.add_argument("--processes", type=int, metavar="N", help="how many there are")
    hosts.add_argument("--process", type=int, metavar="I", help="the number of this one, from 0")


def _add_where(command: argparse.ArgumentParser, models: str, record: str) -> None:
    where = command.add_mutually_exclusive_group()
    where.add_argument("--models", type=Path, help=f"{models}; default: beside the run, in CACHE_DIR")
    where.add_argument("--record", action="store_true", help=record)


def _add_evaluate(command: argparse.ArgumentParser) -> None:
    command.add_argument("model", help="a model of the shelves")
    command.add_argument("--photos", type=Path, required=True, help="holds a folder of photos for each label")
    command.add_argument("--none", type=Path, help="holds photos of none of the labels, in a folder for each kind")
    command.add_argument("--record", action="store_true", help="write the figures onto the model's card")


def _add_calibrate(command: argparse.ArgumentParser) -> None:
    command.add_argument("model", help="a model of the shelves")
    command.add_argument("--photos", type=Path, required=True, help="holds a folder of photos for each label")


def _add_seed(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=int, default=0, help="default: %(default)s")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    asked = parser().parse_args(words)
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # how it works inside is no news
    try:
        return _run(asked)
    except (TrainError, ClassifierError) as error:
        print(f"error: {printable(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on after the last whole epoch.", file=sys.stderr)
        return 130


def _run(asked: argparse.Namespace) -> int:
    # Imported here, so that --help and what is wrong with the words do not wait for TensorFlow.
    if asked.command == "list":
        from train import listing

        print(listing.as_json() if asked.json else listing.as_table())
        return 0
    if asked.command == "evaluate":
        from train import evaluate

        print(evaluate.evaluate(asked.model, asked.photos, asked.none, asked.record))
        return 0
    if asked.command == "calibrate":
        from train import sureness

        print(sureness.calibrate(asked.model, asked.photos))
        return 0
    if asked.command == "folder":
        return _folder(asked)
    if asked.command in ON_THE_TRUNK:
        written: Path | None = _on_the_trunk(asked)
    else:
        written = _walk(Run(RECIPES[asked.command], asked.schedule, asked.seed), asked)
    print(f"wrote {written}" if written else "Process 0 goes on with the trained network.")
    return 0


def _folder(asked: argparse.Namespace) -> int:
    settings = Settings.load()
    if asked.models:
        settings = dataclasses.replace(settings, models_dir=asked.models)
    name = check_name(asked.name, settings.models_dir, asked.replace)
    check_writable(settings.models_dir)
    given = find(asked.path)
    from train.folder import tail, way

    taught = way.train(given, name, settings, asked.replace, tail.Plan(seed=asked.seed))
    print(f"\n{taught.name} is on your shelf after {taught.report.seconds:.0f} s.\n\n{taught}")
    return 0


def _on_the_trunk(asked: argparse.Namespace) -> Path:
    from train.trunk import cats_vs_dogs, way

    models: Path = SHIPPED if asked.record else asked.models or way.run_folder() / "models"
    if asked.command == "trunk":
        return way.train(asked.data, models, asked.again)
    # On the trunk that was trained beside it, if there is one: the shipped one serves.
    own = models if (models / TRUNK_CARD).exists() else SHIPPED
    return cats_vs_dogs.train(asked.data, models, Trunk(own, threads=os.cpu_count() or 1))


def _walk(run: Run, asked: argparse.Namespace) -> Path | None:
    models: Path = asked.models or run.folder / "models"
    if asked.record and run.is_published:
        models = SHIPPED
    written = _written(run, models, asked)
    if asked.record and written:
        from train import record

        record.record(run, written)
    return written


def _written(run: Run, models: Path, asked: argparse.Namespace) -> Path | None:
    if asked.hosts or asked.processes is not None or asked.process is not None:
        from train.hosts import way as together

        return together.train(
            run, asked.data, models, asked.again, Hosts(asked.hosts or "", asked.processes, asked.process)
        )
    from train import way

    return way.train(run, asked.data, models, asked.again)


if __name__ == "__main__":
    sys.exit(main())
