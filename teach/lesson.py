"""Labelled photos to a head: copies out, cross-validation, the fit to all of them, calibration, report."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from classifier.errors import BadRequestError
from classifier.head import Head
from classifier.trunk import TrunkCard
from teach.bank import read_bank
from teach.calibration import Answers, Calibration, calibrate, probabilities, unsure_below
from teach.copies import Copies, find_copies
from teach.examples import FEWEST, Examples
from teach.features import Readable, Scaled
from teach.regression import one_thread
from teach.report import Report, report
from teach.validation import AT_ONCE, FOLDS, Rows, Validated, validate

# How the figures of a lesson came about, as its card has it.
CROSS_VALIDATED = f"cross-validation in {FOLDS} parts; every photo serves for training"
# More of the bank cost time and change nothing: with 250 to 2,000, models of three public folders answered alike.
_MOST_OF_BANK = 1000
# Of what a label counts. As much as a label, the bank takes 2.6 % of the ants and bees of the tutorial's own split for
# none of these, at half .7 %; of photos of none, .94 are still called so where .96 were.
_BANK_COUNTS = 0.5
# Of the logits, that are calibrated on: rows times classes, 64 MB as 64-bit floats. Two numbers are found by them.
_CALIBRATED = 8_000_000


@dataclass(frozen=True)
class Lesson:
    """A fitted head with all that its card and its next teaching need."""

    head: Head
    examples: Examples
    calibration: Calibration
    validated: Validated  # of the examples, and behind them of the bank
    unsure_below: float
    report: Report
    measured: str = CROSS_VALIDATED


def learn(examples: Examples, trunk: TrunkCard, threads: int = 2, fewest: int = FEWEST) -> Lesson:
    """Fit a head to labelled photos.

    Each label needs `fewest` photos. Raises BadRequestError where there are fewer, or only one label, and ModelError
    for a damaged bank.
    """
    started = perf_counter()
    bank = read_bank(trunk.sha256)
    mean, scale = bank.astype(np.float32).mean(axis=0), float(bank.astype(np.float32).std())
    copies = find_copies(examples, mean)
    used = copies.without(examples)
    check_enough(used, examples, copies, fewest)
    scaled = Scaled(used.features, bank[:: -(-len(bank) // _MOST_OF_BANK)], mean, scale)
    rows = _rows(used, scaled if len(scaled) > AT_ONCE else scaled[:])
    with one_thread():
        validated = validate(rows, threads)
        layer = rows.fit(np.ones(len(rows.truth), np.bool_), validated.strength)
        calibration = _calibration(validated)
        below, found = _measured(used, validated, calibration)
    kernel = layer.kernel / scale / calibration.temperature
    bias = (layer.bias - mean / scale @ layer.kernel) / calibration.temperature
    bias[-1] += calibration.shift
    named = copies.named(examples)
    found.copies, found.set_aside = named["copies"], named["set_aside"]
    found.seconds = round(perf_counter() - started, 2)
    head = Head(kernel.astype(np.float32), bias.astype(np.float32))
    return Lesson(head, used, calibration, validated, below, found)


def check_enough(used: Examples, given: Examples, copies: Copies, fewest: int = FEWEST) -> None:
    """Raise BadRequestError where there is too little to learn from."""
    counts = used.counts()
    if len(used.labels) + bool(counts[-1]) < 2:
        raise BadRequestError("There is only one label. Give photos of two or more things, each under a name.")
    for row, (label, count) in enumerate(zip(used.labels, counts, strict=False)):
        if count < fewest:
            reasons = {"are copies": copies.within, "are under another label too": copies.across}
            lost = [(sum(int(given.truth[one]) == row for one in among), why) for why, among in reasons.items()]
            told = "".join(f", {number} {why}" for number, why in lost if number)
            photos = "photo" if count == 1 else "photos"
            raise BadRequestError(f"{label!r} has {count} usable {photos}{told}. At least {fewest} are needed.", "few")


def _rows(used: Examples, features: Readable) -> Rows:
    """One's own photos and the bank, weighted so that each label has as much to say, and the bank half of that."""
    classes, others = len(used.labels) + 1, len(features) - len(used)
    counts = used.counts()
    share = int(counts[:-1].sum()) / len(used.labels)
    weights = (share / np.maximum(counts, 1))[used.truth]
    return Rows(
        features,
        np.concatenate([used.truth, np.full(others, classes - 1)]),
        np.concatenate([weights, np.full(others, _BANK_COUNTS * share / others)]).astype(np.float32),
        classes,
    )


def _calibration(validated: Validated) -> Calibration:
    """From all rows, or a part of many, evenly spaced."""
    rows = validated.rows
    which = np.arange(len(rows.truth)) % -(-len(rows.truth) * rows.classes // _CALIBRATED) == 0
    return calibrate(validated.logits(which), rows.truth[which], rows.weights[which])


def _measured(used: Examples, validated: Validated, calibration: Calibration) -> tuple[float, Report]:
    every = np.ones(len(validated.rows.truth), np.bool_)
    said = Answers(np.zeros(len(every), np.int64), np.zeros(len(every), np.float32))
    for rows, logits in validated.each(every):
        said.classes[rows], said.confidence[rows] = Answers.of(probabilities(calibration.apply(logits)))
    ours, of_bank = said.only(slice(len(used))), said.classes[len(used) :]
    below = unsure_below(ours.confidence[used.own], (ours.classes == used.truth)[used.own])
    return below, report(used, ours, of_bank, below)
