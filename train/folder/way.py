"""The way of a folder: load, fit, calibrate, export, measure, write."""

import dataclasses
import logging
import shutil
from time import perf_counter

import numpy as np

from classifier.head import Head
from classifier.runtime import without_greeting
from classifier.settings import Settings
from classifier.trunk import TrunkCard
from teach.embedding import Embedder
from teach.lesson import Lesson, learn
from teach.model import put
from teach.teacher import Given, Taught
from train.folder import tail
from train.folder.contest import HeldOut, contest, reported
from train.folder.folds import Folds
from train.folder.model import write
from train.folder.network import Network, Pixels
from train.folder.photos import Photos, kept_maps, load, views
from train.folder.run import Run
from train.trunk import served
from train.way import announce

log = logging.getLogger(__name__)

# Photos that set the ranges of the activations in eight bits, and others that the file is compared on.
_TYPICAL, _COMPARED = 200, 60


def train(given: Given, name: str, settings: Settings, replace: bool = False, plan: tail.Plan | None = None) -> Taught:
    """Train on photos that `teach.teacher.find` has found, and put the better of two models on the owner's shelf.

    An interrupted training of the same photos under the same name goes on after its last whole epoch.

    Raises:
        FolderError, BadRequestError: the folder cannot become a model.
        ExportError: the exported file does not answer as the network does.
        ModelError: the shelf cannot be written; it is as it was.
    """
    started = perf_counter()
    announce("load")
    with without_greeting():
        embedder = Embedder(settings)
    photos, card = load(given, embedder), embedder.trunk.card
    folds = Folds.of(photos)
    log.info("%d photos of %s", len(photos.files), ", ".join(photos.examples.labels))
    announce("fit")
    lesson = learn(folds.learnt(photos.examples), card, settings.threads)
    stem, end = tail.cut(served.network())
    run = Run.begun(name, photos, card, plan or tail.Plan())
    maps = kept_maps(photos, stem, settings, run.folder / "maps.npy")
    of_head, of_bank = _says(lesson, photos, folds)
    held_out = HeldOut(of_head, run.held_out(end, maps, photos.examples, folds), of_bank)
    announce("calibrate")
    outcome = contest(photos, held_out, folds)
    log.info("%s", outcome)
    announce("export")
    data = None
    if outcome.both_win:
        tuned = run.final(end, maps, photos.examples, folds)
        layer = Head(*(np.asarray(values) for values in tuned.get_layer("logits").get_weights()))
        network = Network(stem, end, tuned.get_layer("tail"), lesson.head, layer, outcome.mixture)
        data = network.file(*_pictures(photos, card, settings))
    else:
        log.info("so the head alone is taken, as python -m teach makes it")
    announce("measure")
    below, report = reported(photos, held_out, outcome.taken, folds)
    report.seconds = round(perf_counter() - started, 2)
    announce("write")
    taught = dataclasses.replace(lesson, report=report, unsure_below=below, measured=folds.told)
    if data is None:
        folder = put(taught, name, settings.models_dir, card, replace)
    else:
        folder = write(data, taught, outcome, name, settings.models_dir, card, replace)
    shutil.rmtree(run.folder, ignore_errors=True)
    return Taught(name, folder, report, settings)


def _says(lesson: Lesson, photos: Photos, folds: Folds) -> tuple[np.ndarray, np.ndarray]:
    """The head's calibrated logits of photos that it has not seen, and of the bank."""
    ours = lesson.calibration.apply(lesson.validated.logits(np.ones(len(lesson.validated.rows.truth), np.bool_)))
    of_photos, of_bank = ours[: len(lesson.examples)], ours[len(lesson.examples) :]
    if folds.split:
        of_photos = photos.examples.features[:].astype(np.float32) @ lesson.head.kernel + lesson.head.bias
    return of_photos, of_bank


def _pictures(photos: Photos, card: TrunkCard, settings: Settings) -> tuple[Pixels, Pixels]:
    """Photos from all labels: some to set the ranges by, others to compare on, as far as there are enough."""
    count = len(photos.files)
    order = np.random.default_rng(0).permutation(count)[: min(_TYPICAL + _COMPARED, count)]
    chosen = dataclasses.replace(photos, files=tuple(photos.files[row] for row in order))
    pictures = np.stack([looks[0] for looks in views(chosen, card.side, settings)])
    at = min(_TYPICAL, len(pictures) * 3 // 4)
    return pictures[:at], pictures[at:]
