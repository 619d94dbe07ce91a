"""What is being taught on the page: things and photos, undone step by step, and what goes to the worker."""

from typing import Any

import pytest
from anvil_app.lesson import Lesson
from anvil_app.request import Request

from anvil_app import words
from tests.anvil_app.photos import photo


def embedded(request: Request) -> Request:
    """One whose features have come."""
    request.answered({"features": request.name.encode()})
    return request


def lesson(**things: int) -> Lesson:
    """A lesson with so many photos of each thing, all of them ready."""
    found = Lesson()
    found.things = []
    for label, count in things.items():
        thing = found.add_thing()
        found.call(thing, label)
        for request in found.add(thing, [photo(f"{label} {number}.jpg") for number in range(count)]):
            embedded(request)
    return found


def names(found: Lesson) -> list[list[str]]:
    return [[request.name for request in thing.photos] for thing in found.things]


def test_it_begins_with_two_things_and_nothing_to_undo() -> None:
    found = Lesson()
    assert [thing.label for thing in found.things] == ["", ""]
    assert not found.past
    assert not found.is_unsaved()


def test_each_step_is_undone_in_turn() -> None:
    found = Lesson()
    cup, pen = found.things
    first, second = found.add(cup, [photo("1.jpg"), photo("2.jpg")])
    found.add(pen, [photo("3.jpg")])
    found.remove(first)
    found.move(second, pen)
    found.remove_thing(cup)
    found.add_thing()
    assert names(found) == [["3.jpg", "2.jpg"], []]
    seen = []
    while found.past:
        found.undo()
        seen.append(names(found))
    assert seen == [
        [["3.jpg", "2.jpg"]],
        [[], ["3.jpg", "2.jpg"]],
        [["2.jpg"], ["3.jpg"]],
        [["1.jpg", "2.jpg"], ["3.jpg"]],
        [["1.jpg", "2.jpg"], []],
        [[], []],
    ]


def test_undo_leaves_a_name_that_was_typed_meanwhile() -> None:
    found = lesson(cup=2, pen=2)
    found.remove(found.things[0].photos[0])
    found.call(found.things[0], "mug")
    found.undo()
    assert [thing.label for thing in found.things] == ["mug", "pen"]


def test_photos_are_sent_in_the_order_of_the_page_and_a_removed_one_is_not() -> None:
    found = Lesson()
    cup, pen = found.things
    found.add(pen, [photo("3.jpg")])
    first, _ = found.add(cup, [photo("1.jpg"), photo("2.jpg")])
    assert [request.name for request in found.album.queued()] == ["1.jpg", "2.jpg", "3.jpg"]
    found.remove(first)
    assert [request.name for request in found.album.queued()] == ["2.jpg", "3.jpg"]
    assert found.on_their_way() == 2
    found.undo()
    assert found.on_their_way() == 3


@pytest.mark.parametrize(
    ("things", "problem"),
    [
        ({}, "It needs two things"),
        ({"cup": 3}, "It needs two things"),
        ({"cup": 3, "none": 3}, "It needs two things"),
        ({"cup": 3, "": 1}, "has no name yet"),
        ({"cup": 3, "pen": 2}, "pen needs one more photo"),
        ({"cup": 0, "pen": 3}, "cup needs 3 more photos"),
        ({"cup": 3, "pen": 3, " Cup ": 3}, "Two things are called cup"),
        ({"cup": 3, "pen": 3}, ""),
        ({"cup": 3, "pen": 3, "None": 1}, ""),
    ],
)
def test_it_says_what_is_missing(things: dict[str, int], problem: str) -> None:
    found = lesson(**things).problem(3)
    assert problem in found
    assert bool(problem) == bool(found)


def test_a_photo_that_was_refused_does_not_count() -> None:
    found = lesson(cup=3, pen=3)
    [bad] = found.add(found.things[0], [photo("bad.jpg")])
    bad.failed({"type": "NotAPhoto", "message": ""})
    found.remove(found.things[0].photos[0])
    assert found.problem(3) == "cup needs one more photo."


def test_what_goes_to_the_worker_has_features_of_the_ready_ones_and_a_name_for_each() -> None:
    found = lesson(cup=2, pen=1)
    found.add(found.things[1], [photo("not yet.jpg")])
    embedded(found.add(found.things[1], [photo("cup 0.jpg")])[0])
    sent = found.classes(lambda data: ("media", data))
    assert sent == [
        {"label": "cup", "features": [("media", b"cup 0.jpgcup 1.jpg")], "names": ["cup 0.jpg", "cup 1.jpg"]},
        {"label": "pen", "features": [("media", b"pen 0.jpgcup 0.jpg")], "names": ["pen 0.jpg", "cup 0.jpg (2)"]},
    ]
    assert found.photo_named("cup 0.jpg (2)") is found.things[1].photos[2]
    found.remove(found.things[1].photos[2])
    assert found.photo_named("cup 0.jpg (2)") is None
    assert found.photo_named("taught last week.jpg") is None


def test_photos_are_unsaved_until_they_are_kept_and_again_after_a_change() -> None:
    found = lesson(cup=3, pen=3)
    assert found.is_unsaved()
    found.kept = found.changes
    assert not found.is_unsaved()
    found.remove(found.things[0].photos[0])
    assert found.is_unsaved()


def test_a_kept_model_goes_on_from_what_it_knows() -> None:
    found = Lesson("Kitchen", {"pen": 12, "cup": 10})
    assert [(thing.label, thing.earlier, thing.count()) for thing in found.things] == [("cup", 10, 10), ("pen", 12, 12)]
    assert (found.adds_to, found.name) == ("Kitchen", "Kitchen")
    assert found.problem(3) == "There is nothing new to teach."
    found.add(found.things[0], [photo()])
    assert found.problem(3) == ""


def test_in_spanish_too() -> None:
    words.use("es")
    found: Any = lesson(cup=3, pen=1).problem(3)
    assert found == "A pen le faltan 2 fotos."
