"""The tree of errors."""

import inspect

import pytest

from train import errors

TREE = [entry for _, entry in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("error", TREE)
def test_every_error_ends_the_command_with_a_sentence_and_is_drawn_in_the_tree(error: type[Exception]) -> None:
    assert errors.__doc__ is not None
    assert issubclass(error, errors.TrainError)
    assert [line for line in errors.__doc__.splitlines() if error.__name__ in line.split()]
