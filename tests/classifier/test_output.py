"""How answers are written."""

import io

from rich.console import Console

from classifier.output import Csv, Table

ANSWER = {
    "model": "plain",
    "label": "cat",
    "confidence": 0.61,
    "unsure": True,
    "predictions": [{"label": "cat", "probability": 0.61}, {"label": "dog", "probability": 0.39}],
}


def table(*names: str, width: int | None = None, **more: str) -> list[str]:
    console = Console(file=io.StringIO(), width=width, force_terminal=width is not None, color_system=None)
    written = Table(console, names, ["cat", "dog"])
    for name in names:
        written.add(name, {**ANSWER, **more})
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_columns_stand_below_each_other_for_wide_letters_too() -> None:
    head, wide, narrow = table("猫.jpg", "cat.jpg")
    assert head == "photo    answer          others"
    assert wide == "猫.jpg   cat?     61.0%  dog 39.0%"
    assert narrow == "cat.jpg  cat?     61.0%  dog 39.0%"


def test_the_answers_have_room_for_the_longest_label_and_its_question_mark() -> None:
    console = Console(file=io.StringIO(), color_system=None)
    written = Table(console, ["a.jpg"], ["daffodil", "rose"])
    for label in ("daffodil", "rose"):
        written.add("a.jpg", {**ANSWER, "label": label})
    assert isinstance(console.file, io.StringIO)
    _, longest, short = console.file.getvalue().splitlines()
    assert longest == "a.jpg  daffodil?   61.0%  dog 39.0%"
    assert short == "a.jpg  rose?       61.0%  dog 39.0%"


def test_a_terminal_s_width_is_kept_and_the_end_of_a_long_name_is_shown() -> None:
    _, row = table("a/very/long/way/to/the/photo/of/a/cat.jpg", width=40)
    assert row == "…/photo/of/a/cat.jpg  cat?     61.0%  d…"


def test_a_file_gets_long_lines_whole() -> None:
    assert table("a" * 300)[1].startswith("a" * 300 + "  cat?")


def test_a_refusal_in_csv_has_its_sentence_and_quotes_are_doubled() -> None:
    console = Console(file=io.StringIO())
    written = Csv(console)
    written.add('a "b".jpg', {"error": {"type": "Busy", "message": "Later, please."}})
    assert isinstance(console.file, io.StringIO)
    head, row = console.file.getvalue().splitlines()
    assert head == "file,label,confidence,unsure,model,error,warning"
    assert row == '"a ""b"".jpg",,,,,"Later, please.",'


def test_a_warning_stands_behind_the_answer_and_in_a_column_of_its_own() -> None:
    assert table("cat.jpg", warning="Cut off.")[1] == "cat.jpg  cat?     61.0%  dog 39.0%  Cut off."
    console = Console(file=io.StringIO())
    Csv(console).add("cat.jpg", {**ANSWER, "warning": "Cut off."})
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines()[1] == "cat.jpg,cat,0.61,true,plain,,Cut off."


def test_a_name_that_a_spreadsheet_would_take_for_a_formula_is_quoted() -> None:
    for first in "=+-@":
        console = Console(file=io.StringIO())
        Csv(console).add(f"{first}cat.jpg", ANSWER)
        assert isinstance(console.file, io.StringIO)
        assert console.file.getvalue().splitlines()[1].startswith(f"'{first}cat.jpg,")


def test_a_label_and_a_model_are_no_formulas_either() -> None:
    console = Console(file=io.StringIO())
    Csv(console).add("cat.jpg", {**ANSWER, "label": "=1+1", "model": "@x"})
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines()[1] == "cat.jpg,'=1+1,0.61,true,'@x,,"
