"""Labelled features to a head: what it answers, what its report says, and that it stays sane with few photos."""

import subprocess
import sys
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from classifier.errors import BadRequestError
from teach import features, validation
from teach import lesson as teaching
from teach.calibration import probabilities
from teach.embedding import Embedding
from teach.examples import NONE, Example, Examples
from teach.lesson import Lesson, learn
from tests.teach.features import TRUNK, bank, example, things

pytestmark = pytest.mark.usefixtures("synthetic_bank")


def lesson(given: list[Example]) -> Lesson:
    return learn(Examples.of(given), TRUNK)


def answers(found: Lesson, kind: int, noise: float = 1.0, count: int = 50) -> tuple[np.ndarray, np.ndarray]:
    """Labels and confidence for new things of a kind."""
    new = np.stack([example("", kind, 10_000 + seed, noise).embedding.features for seed in range(count)])
    chances = found.head.probabilities(new.astype(np.float32))
    names = np.array([*found.report.labels, NONE])
    return names[chances.argmax(axis=1)], chances.max(axis=1)


def test_new_photos_are_answered() -> None:
    found = lesson(things({"rose": 20, "tulip": 20}))
    assert (answers(found, 0)[0] == "rose").all()
    assert (answers(found, 1)[0] == "tulip").all()


def test_other_things_are_none_of_these_also_those_that_the_bank_lacks() -> None:
    found = lesson(things({"rose": 20, "tulip": 20}))
    assert (answers(found, 25)[0] == NONE).mean() > 0.95
    assert (answers(found, 9)[0] == NONE).mean() > 0.8


def test_a_folder_of_none_teaches_what_else_there_is() -> None:
    """Kind 1 is near to nothing in the bank; with photos of it given as none, it is none."""
    plain = lesson(things({"rose": 20, "daisy": 20}, noise=2))
    near = [Example(NONE, f"n{seed}", example("", 12, seed, 2).embedding) for seed in range(20)]
    taught = lesson([*things({"rose": 20, "daisy": 20}, noise=2), *near])
    assert (answers(taught, 12, 2)[0] == NONE).mean() >= (answers(plain, 12, 2)[0] == NONE).mean()
    assert taught.report.none_of_these["own"]["n"] == 20
    assert plain.report.none_of_these["own"] is None


def test_eight_photos_told_apart_perfectly_are_not_certain_and_not_unsure() -> None:
    found = lesson(things({"rose": 4, "tulip": 4}, noise=0.5))
    assert found.report.accuracy["value"] == 1
    labels, confidence = answers(found, 0, 0.5)
    assert (labels == "rose").all()
    assert confidence.max() < 0.999
    assert (confidence >= found.unsure_below).mean() > 0.95
    assert found.report.accuracy["low"] < 0.7, "eight photos say little, and the interval says so"


def test_the_accuracy_is_of_photos_that_were_held_out() -> None:
    """Labels that mean nothing are learned by heart, and the card must not say so."""
    rng = np.random.default_rng(0)
    given = [example(str(rng.choice(["a", "b"])), 0, seed) for seed in range(200)]
    found = lesson(given)
    assert 0.3 < found.report.accuracy["value"] < 0.7
    assert found.report.accuracy["n"] == 200


def test_a_class_of_few_photos_is_not_forgotten_and_is_named() -> None:
    found = lesson(things({"disc": 300, "cross": 12}, noise=1.5))
    assert (answers(found, 1, 1.5)[0] == "cross").mean() > 0.9
    [entry] = found.report.wants_more
    assert entry["label"] == "cross"
    assert "disc has 300" in entry["why"]
    assert [entry["n"] for entry in found.report.per_label] == [12, 300]


def test_each_label_has_as_much_to_say_where_two_are_alike() -> None:
    """With every photo weighed alike, a fifth of the crosses would be called one."""
    found = lesson(things({"disc": 300, "cross": 12}, noise=4))
    assert (answers(found, 1, 4, 300)[0] == "cross").mean() > 0.5
    assert (answers(found, 0, 4, 300)[0] == "disc").mean() > 0.85


@pytest.mark.parametrize("count", [200, 1_000])
def test_the_bank_has_half_as_much_to_say_as_a_label_however_large_it_is(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With each of its rows weighed like a photo, every third photo fewer would be called a thing."""
    monkeypatch.setattr("teach.lesson.read_bank", lambda trunk: bank(count))
    found = lesson(things({"rose": 10, "tulip": 10}, noise=4))
    right = [(answers(found, kind, 4, 300)[0] == label).mean() for kind, label in enumerate(("rose", "tulip"))]
    assert np.mean(right) > 0.68


def test_a_photo_under_the_wrong_label_is_named() -> None:
    given = things({"rose": 30, "tulip": 30})
    given[3] = given[3]._replace(label="tulip", name="wrong.jpg")
    assert [entry["name"] for entry in lesson(given).report.suspects] == ["wrong.jpg"]


def test_what_is_mixed_up_is_counted() -> None:
    alike = [example("kitten", 0, 500 + seed) for seed in range(20)]
    found = lesson([*things({"cat": 20, "dog": 20}), *alike])
    pair = {found.report.mixed_up[0]["truth"], found.report.mixed_up[0]["answer"]}
    assert pair == {"cat", "kitten"}
    assert np.array(found.report.confusion).sum() == 60


def test_copies_are_counted_once_and_a_photo_under_two_labels_not_at_all() -> None:
    given = things({"rose": 10, "tulip": 10})
    again = given[0]._replace(name="again.jpg")
    both = given[12]._replace(label="rose", name="both.jpg")
    found = lesson([*given, again, both])
    assert found.report.photos == {"rose": 10, "tulip": 9}
    assert {found.report.copies[0]["name"], found.report.copies[0]["copy_of"]} == {"again.jpg", given[0].name}
    assert {entry["name"] for entry in found.report.set_aside} == {"both.jpg", given[12].name}


def test_the_head_says_what_the_report_was_calibrated_for() -> None:
    found = lesson(things({"rose": 60, "tulip": 60}, noise=3))
    truth = np.repeat([0, 1], 500)
    new = np.stack([example("", kind, 9_000 + seed, 3).embedding.features for kind in (0, 1) for seed in range(500)])
    chances = found.head.probabilities(new.astype(np.float32))
    right = chances.argmax(axis=1) == truth
    assert abs(right.mean() - chances.max(axis=1).mean()) < 0.06
    assert found.report.accuracy["low"] - 0.05 < right.mean() < found.report.accuracy["high"] + 0.05


def test_logits_of_the_head_are_those_of_the_calibrated_layer() -> None:
    found = lesson(things({"rose": 20, "tulip": 20}))
    chances = found.head.probabilities(bank().astype(np.float32))
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)
    assert np.allclose(chances, probabilities(np.log(chances)), atol=1e-5)


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"rose": 20}, "only one label"),
        ({"rose": 20, "tulip": 2}, "'tulip' has 2 usable photos. At least 3"),
        ({NONE: 9}, "only one label"),
    ],
)
def test_too_little_is_refused(counts: dict[str, int], says: str) -> None:
    with pytest.raises(BadRequestError, match=says):
        lesson(things(counts))


def test_copies_do_not_make_enough() -> None:
    given = things({"rose": 5, "tulip": 1})
    with pytest.raises(BadRequestError, match="'tulip' has 1 usable photo, 2 are copies"):
        lesson([*given, *(given[5]._replace(name=f"copy {n}") for n in range(2))])


def test_photos_under_two_labels_do_not_make_enough() -> None:
    given = things({"rose": 5, "tulip": 4})
    with pytest.raises(BadRequestError, match="'tulip' has 0 usable photos, 4 are under another label too"):
        lesson([*given, *(photo._replace(label="rose", name=f"both {n}") for n, photo in enumerate(given[5:]))])


def test_one_label_and_none_of_it_is_a_model() -> None:
    found = lesson(things({"rose": 10, NONE: 10}))
    assert found.head.bias.shape == (2,)


def test_the_same_photos_give_the_same_head() -> None:
    given = things({"rose": 20, "tulip": 20}, noise=2)
    one, other = lesson(given), lesson(given[::-1])
    np.testing.assert_array_equal(one.head.kernel, other.head.kernel)


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is otherwise done with tens of thousands of photos."""
    for module in (teaching, validation):
        monkeypatch.setattr(module, "AT_ONCE", 256)
    monkeypatch.setattr(features, "BLOCK", 64)
    monkeypatch.setattr(features, "_IN_MEMORY", 1)


def test_what_is_fitted_block_by_block_answers_as_what_is_fitted_at_once(request: pytest.FixtureRequest) -> None:
    given = things({"rose": 300, "tulip": 300, "daisy": 300, NONE: 50}, noise=3)
    at_once = lesson(given)
    request.getfixturevalue("few_at_once")
    by_block = lesson(given)
    assert by_block.validated.strength == at_once.validated.strength
    assert abs(by_block.report.accuracy["value"] - at_once.report.accuracy["value"]) < 0.005
    new = np.stack([example("", kind % 4, 5_000 + kind, 3).embedding.features for kind in range(400)])
    one, other = (found.head.probabilities(new.astype(np.float32)) for found in (at_once, by_block))
    assert np.abs(one - other).max() < 0.02
    assert np.abs(one - other).mean() < 0.002


def peak(photos: int) -> int:
    """Bytes that teaching from so many photos takes at most."""
    rng, width = np.random.default_rng(0), TRUNK.feature_map[-1]
    wide = rng.normal(size=(width, 1024)).astype(np.float32)

    def given() -> Iterator[Example]:
        for seed in range(photos):
            one = example(("rose", "tulip")[seed % 2], seed % 2, seed)
            yield one._replace(embedding=Embedding((one.embedding.features @ wide).astype(np.float16), rng.bytes(32)))

    teaching.read_bank = lambda trunk: (bank() @ wide).astype(np.float16)
    tracemalloc.start()
    try:
        learn(Examples.of(given()), TRUNK)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("few_at_once")
def test_memory_does_not_grow_with_the_features() -> None:
    """A photo more takes its name and a few numbers; its features are 2 kB, and 4 kB as they are fitted to."""
    peak(10)  # what is imported late counts once
    grown = (peak(1_500) - peak(500)) / 1_000
    assert grown < 600, "bytes a photo"


@pytest.mark.slow
def test_fifty_classes_of_two_hundred_photos_in_bounded_time_and_memory(tmp_path: object) -> None:
    """In a process of its own. Features of 10,000 photos are 51 MB as 32-bit floats, and a few times that at work."""
    seconds, megabytes, accuracy = large(50, 200)
    assert accuracy > 0.9
    assert megabytes < 700
    assert seconds < 60, "of processor time"


@pytest.mark.slow
def test_twice_as_many_photos_take_no_more_memory() -> None:
    """Beside 250 bytes each; with their features in memory 40,000 more take 800 MB."""
    assert large(2, 40_000)[1] - large(2, 20_000)[1] < 60


def large(labels: int, photos: int) -> tuple[float, float, float]:
    """Processor seconds, peak memory in MB and accuracy, in a process of its own."""
    line = [sys.executable, "-m", "tests.teach.large", str(labels), str(photos)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    seconds, megabytes, accuracy = map(float, done.stdout.split())
    return seconds, megabytes, accuracy
