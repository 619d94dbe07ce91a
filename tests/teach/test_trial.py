"""A head that travels to a page and back: what it answers, and what a stranger may not send in its place."""

import json

import numpy as np
import pytest

from classifier.errors import BadRequestError
from classifier.head import Head
from teach.embedding import Embedding
from teach.examples import NONE
from teach.trial import Trial

# It names the strongest of its three features; the last is none of the labels.
HEAD = Head(5 * np.eye(3, dtype=np.float32), np.zeros(3, np.float32))
TRIAL = Trial(("rose", "tulip", NONE), 0.6, HEAD)


def photo(*features: float) -> Embedding:
    return Embedding(np.array(features, np.float16), bytes(32))


def test_it_is_the_same_after_the_way_there_and_back() -> None:
    found = Trial.unpack(TRIAL.pack())
    assert (found.labels, found.unsure_below, found.none) == (TRIAL.labels, 0.6, NONE)
    np.testing.assert_array_equal(found.head.kernel, HEAD.kernel)
    np.testing.assert_array_equal(found.head.bias, HEAD.bias)


def test_it_answers_as_a_model_does() -> None:
    answer = TRIAL.answer(photo(1, 0.5, 0))
    shares = np.exp([5, 2.5, 0]) / np.exp([5, 2.5, 0]).sum()
    assert answer["label"] == "rose"
    assert answer["confidence"] == pytest.approx(shares[0], abs=1e-5)
    assert [entry["label"] for entry in answer["predictions"]] == ["rose", "tulip", NONE]
    assert [entry["probability"] for entry in answer["predictions"]] == pytest.approx(shares, abs=1e-5)
    assert answer["unsure"] is False
    assert "none" not in answer


@pytest.mark.parametrize(
    ("features", "unsure", "none"),
    [((0, 0, 1), False, True), ((0, 0.95, 1), True, False), ((1, 0, 0), False, False)],
    ids=["none of them", "cannot tell", "one of them"],
)
def test_none_of_these_is_an_answer_only_where_it_is_sure(
    features: tuple[float, ...], unsure: bool, none: bool
) -> None:
    answer = TRIAL.answer(photo(*features))
    assert (answer["unsure"], answer.get("none", False)) == (unsure, none)


def test_a_confidence_of_exactly_the_threshold_is_sure() -> None:
    confidence = TRIAL.answer(photo(1, 0.5, 0))["confidence"]
    assert not TRIAL._replace(unsure_below=confidence).answer(photo(1, 0.5, 0))["unsure"]
    assert TRIAL._replace(unsure_below=confidence + 1e-6).answer(photo(1, 0.5, 0))["unsure"]


def test_features_of_another_trunk_are_refused() -> None:
    with pytest.raises(BadRequestError, match="another trunk"):
        TRIAL.answer(photo(1, 0, 0, 0))


def packed(head: Head = HEAD, **fields: object) -> bytes:
    return json.dumps({"labels": TRIAL.labels, "unsure_below": 0.6} | fields).encode() + b"\n" + head.bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no head",
        TRIAL.pack()[:-40],
        b"[" * 100_000,
        b"{}\n" + HEAD.bytes(),
        packed(labels=["rose", "tulip"]),
        packed(labels=None),
        packed(unsure_below="half"),
        packed(Head(np.zeros((3, 3, 1), np.float32), np.zeros(3, np.float32))),
        packed(Head(HEAD.kernel, np.zeros(4, np.float32))),
        packed(Head(HEAD.kernel, np.array([0, np.nan, 0], np.float32))),
        packed(Head(np.full((3, 3), np.inf, np.float32), HEAD.bias)),
    ],
    ids=range(12),
)
def test_what_is_no_head_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(BadRequestError, match=r"head is not what teach gave\. Teach it again\."):
        Trial.unpack(data)
