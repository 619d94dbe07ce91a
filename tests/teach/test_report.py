"""What a report says, from answers that are written down here."""

from typing import Any

import numpy as np
import pytest

from teach.calibration import Answers
from teach.examples import NONE, Examples
from teach.report import Report, Share, mixed_up, report
from tests.teach.features import example

LABELS = ["rose", "tulip"]


def told(answers: list[tuple[str, str, float]], below: float = 0.5, bank: tuple[str, ...] = (NONE,)) -> Report:
    """The report on photos: label, answer, and how sure it is; and on things of the bank that were answered so."""
    given = [example(label, 0, seed, name=f"{label} as {said}") for seed, (label, said, _) in enumerate(answers)]
    examples = Examples.of(given)
    rows = {f"{label} as {said}": (said, sure) for label, said, sure in answers}
    return report(
        examples,
        Answers.of(np.stack([chances(*rows[name]) for name in examples.names])),
        np.array([[*LABELS, NONE].index(said) for said in bank]),
        below,
    )


def chances(said: str, sure: float) -> Any:
    names = [*LABELS, NONE]
    found = np.full(3, (1 - sure) / 2, np.float32)
    found[names.index(said)] = sure
    return found


MANY = [("rose", "rose", 0.9)] * 30 + [("tulip", "tulip", 0.9)] * 30


def test_the_accuracy_is_of_photos_with_a_label_and_each_label_has_its_own() -> None:
    found = told([("rose", "rose", 0.9), ("rose", "tulip", 0.7), ("tulip", "tulip", 0.9), (NONE, "rose", 0.9)])
    assert (found.accuracy["value"], found.accuracy["n"]) == (0.6667, 3)
    assert [(one["label"], one["value"], one["n"]) for one in found.per_label] == [("rose", 0.5, 2), ("tulip", 1.0, 1)]
    assert found.photos == {"rose": 2, "tulip": 1, NONE: 1}
    assert found.confusion == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_of_other_things_it_says_how_many_are_called_none_and_what_that_costs() -> None:
    given = [("rose", NONE, 0.9), ("tulip", "tulip", 0.9), (NONE, NONE, 0.9), (NONE, "tulip", 0.9)]
    shares = told(given, bank=(NONE, NONE, NONE, "rose")).none_of_these
    assert {name: (share["value"], share["n"]) for name, share in shares.items()} == {
        "bank": (0.75, 4),
        "lost": (0.5, 2),
        "own": (0.5, 2),
    }
    assert told(MANY).none_of_these["own"] is None


def test_answers_below_the_threshold_are_called_unsure() -> None:
    assert told([("rose", "rose", 0.9), ("tulip", "tulip", 0.6), (NONE, NONE, 0.4)], below=0.7).unsure == 0.5


def test_a_photo_whose_wrong_answer_is_sure_may_have_the_wrong_label() -> None:
    given = [*MANY, ("rose", "tulip", 0.8), ("tulip", "rose", 0.95), ("rose", NONE, 0.59)]
    assert [(one["name"], one["label"], one["answer"], one["probability"]) for one in told(given).suspects] == [
        ("tulip as rose", "tulip", "rose", 0.95),
        ("rose as tulip", "rose", "tulip", 0.8),
    ]


@pytest.mark.parametrize(
    ("roses", "right", "why"),
    [
        (25, 25, None),
        (19, 19, "it has 19 photos; 20 or more are better"),
        (25, 19, "only 19 of its 25 photos are answered right"),
        (25, 20, None),
        (7, 7, "it has 7 photos, tulip has 30"),
    ],
)
def test_a_label_wants_more_where_it_has_few_or_is_often_wrong(roses: int, right: int, why: str | None) -> None:
    given = [("rose", "rose", 0.9)] * right + [("rose", "tulip", 0.55)] * (roses - right)
    found = told(given + [("tulip", "tulip", 0.9)] * 30).wants_more
    assert [(one["label"], one["photos"], one["why"]) for one in found] == ([("rose", roses, why)] if why else [])


def test_what_is_mixed_up_most_comes_first_and_is_told_of_how_many() -> None:
    confusion = np.array([[5, 1, 0], [3, 5, 0], [0, 2, 9]])
    found = mixed_up(confusion, ["a", "b", "c"], most=2)
    assert [(one["truth"], one["answer"], one["count"], one["of"]) for one in found] == [
        ("b", "a", 3, 8),
        ("c", "b", 2, 11),
    ]
    assert mixed_up(np.diag([5, 5]), ["a", "b"]) == []


def test_an_interval_is_wilsons() -> None:
    low, high = Share(9, 10).interval()
    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)
    assert Share(0, 0).interval() == (0.0, 1.0)
    assert Share(8, 8).interval()[1] == 1
