"""How many cores this process may use."""

import os
import sys

import pytest

from classifier.cores import cores


def test_those_that_the_system_gives_it_count_and_not_all_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 2, 5}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert cores() == 3


@pytest.mark.parametrize(("machine", "found"), [(8, 8), (None, 1)])
def test_where_the_system_does_not_tell_they_are_the_machines(
    machine: int | None, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(os, "cpu_count", lambda: machine)
    assert cores() == found
