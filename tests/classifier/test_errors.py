"""The tree of errors, and what a caller sees of it."""

import inspect

import pytest

from classifier import errors

TREE = [entry for _, entry in inspect.getmembers(errors, inspect.isclass) if issubclass(entry, errors.ClassifierError)]


@pytest.mark.parametrize("error", TREE)
def test_every_error_is_drawn_in_the_tree_with_its_wire_type(error: type[errors.ClassifierError]) -> None:
    assert errors.__doc__ is not None
    [line] = [line for line in errors.__doc__.splitlines() if line.lstrip("│├└─ ").startswith(error.__name__)]
    assert error is errors.ClassifierError or error is errors.PhotoError or f" {error.type} " in line


def test_the_wire_types_are_a_short_fixed_list() -> None:
    assert {error.type for error in TREE} == {
        "NotAPhoto",
        "UnsupportedFormat",
        "Truncated",
        "TooLarge",
        "BadRequest",
        "UnknownModel",
        "NotFound",
        "Unauthorized",
        "WrongMethod",
        "Busy",
        "Timeout",
        "InternalError",
    }


def test_an_error_becomes_plain_data() -> None:
    assert errors.BusyError("Try again.").as_dict() == {"error": {"type": "Busy", "message": "Try again."}}
