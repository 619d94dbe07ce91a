"""The result, as a person reads it."""

from teach.examples import Examples
from teach.lesson import learn
from teach.summary import summary
from tests.teach.features import TRUNK, example, things


def test_it_says_what_matters(synthetic_bank: object) -> None:
    given = things({"rose": 30, "tulip": 30, "[red] <b>": 8})
    given[3] = given[3]._replace(label="tulip", name="wrong.jpg")
    found = learn(Examples.of(given), TRUNK)
    found.report.left_out = [{"name": f"{n}.txt", "why": "This is not a photo."} for n in range(12)]
    text = summary(found.report, "my flowers")
    first, *rest = text.splitlines()
    assert first.startswith("Right for 9")
    assert "of 68 photos that it had not seen" in first
    assert "  [red] <b>  8 of 8 right" in rest
    assert "  wrong.jpg: rose, " in text
    assert "  tulip taken for rose: 1 of 31" in text
    assert "  12: 0.txt, 1.txt, 2.txt, ...: This is not a photo." in text
    assert "Add photos of [red] <b>: it has 8 photos; 20 or more are better." in text
    assert text.endswith("Ask it:  classify --model 'my flowers' PHOTO")


def test_long_lists_are_cut_and_counted(synthetic_bank: object) -> None:
    given = things({"rose": 12, "tulip": 12})
    given += [given[0]._replace(name=f"again {n}.jpg") for n in range(11)]
    text = summary(learn(Examples.of(given), TRUNK).report, "x")
    assert "  ... and 3 more (--json names them all)" in text


def test_a_name_cannot_command_a_terminal(synthetic_bank: object) -> None:
    given = things({"rose": 12, "tulip": 12})
    given.append(given[0]._replace(name="again\x1b[2J\n.jpg"))
    text = summary(learn(Examples.of(given), TRUNK).report, "x")
    assert "\x1b" not in text
    assert r"again\x1b[2J\n.jpg" in text


def test_what_there_is_nothing_of_is_not_said(synthetic_bank: object) -> None:
    text = summary(
        learn(Examples.of([*things({"rose": 25, "tulip": 25}, 0.3), example("rose", 0, 99)]), TRUNK).report, "x"
    )
    for title in ("Mixed up", "Look at", "Copies", "Left out", "Not used", "next"):
        assert title not in text
