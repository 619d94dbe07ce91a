"""Which hosts train together is said on the command line, or refused with a sentence."""

from pathlib import Path
from typing import Any

import pytest

from tests.train.runs import small
from train.__main__ import main
from train.errors import HostsError
from train.hosts import way
from train.hosts.hosts import AUTO, Hosts
from train.recipe import Run


def test_an_address_and_two_numbers_say_it_all() -> None:
    for address in ("192.0.2.7:9000", "alpha:1", "[2001:db8::7]:9000"):
        assert Hosts(address, 2, 1).process == 1
    assert Hosts(AUTO).processes is None


@pytest.mark.parametrize("address", ["", "192.0.2.7", "192.0.2.7:", ":9000", "2001:db8::7:9000", "a:b", "a b:9000"])
def test_an_address_without_host_or_port_is_refused(address: str) -> None:
    with pytest.raises(HostsError, match="HOST:PORT"):
        Hosts(address, 2, 0)


@pytest.mark.parametrize("numbers", [(None, None), (2, None), (None, 0), (2, 2), (2, -1), (0, 0)])
def test_numbers_that_are_missing_or_impossible_are_refused(numbers: tuple[int | None, int | None]) -> None:
    with pytest.raises(HostsError, match="from 0 to N - 1"):
        Hosts("192.0.2.7:9000", *numbers)


def test_a_launcher_says_the_numbers_itself() -> None:
    with pytest.raises(HostsError, match="no --process"):
        Hosts(AUTO, 2, 0)


def test_what_the_command_line_says_reaches_the_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[tuple[Run, Hosts]] = []
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(way, "train", lambda run, data, models, again, hosts: asked.append((run, hosts)))
    assert main(["cifar10_276k", "--seed", "4", "--hosts", "192.0.2.7:9000", "--processes", "2", "--process", "1"]) == 0
    [(run, hosts)] = asked
    assert (run.recipe.name, run.seed) == ("cifar10_276k", 4)
    assert hosts == Hosts("192.0.2.7:9000", 2, 1)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["cifar10", "--process", "0"], "HOST:PORT"),
        (["cifar10", "--hosts", "here:9000"], "--processes N"),
        (["cats_vs_dogs_scratch", "--hosts", "auto"], "learns from a teacher, on one host only"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(
    words: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))
    assert main(words) == 1
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("change", [{"after": "first"}, {"cutmix": 0.5}])
def test_what_one_process_would_do_otherwise_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(HostsError, match="on one host only"):
        way.check_possible(small("cifar10_276k", **change))


def test_without_jax_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(way.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(HostsError, match=r"\.\[hosts\]"):
        way.check_possible(small("cifar10_276k"))
