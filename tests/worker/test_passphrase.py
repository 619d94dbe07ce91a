"""Who may teach: one passphrase, compared in constant time, and few tries."""

import hmac

import pytest

from classifier.errors import BusyError, UnauthorizedError
from worker import passphrase
from worker.passphrase import Passphrase

RIGHT = "correct horse"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("setting", "state"), [("", "off"), ("open", "open"), (RIGHT, "passphrase")])
def test_what_the_setting_means(setting: str, state: str) -> None:
    assert Passphrase(setting).state == state


@pytest.mark.parametrize("given", [None, "", RIGHT[:-1], RIGHT + " ", RIGHT.upper(), 7, "\udce9", ["correct horse"]])
def test_a_wrong_one_is_refused(given: object) -> None:
    with pytest.raises(UnauthorizedError, match="missing or wrong"):
        Passphrase(RIGHT).check(given)


def test_the_right_one_is_let_in() -> None:
    Passphrase(RIGHT).check(RIGHT)
    Passphrase("pâté à la 猫").check("pâté à la 猫")


def test_off_lets_nobody_in_and_open_everybody() -> None:
    with pytest.raises(UnauthorizedError, match="TEACH_PASSPHRASE"):
        Passphrase("").check("")
    Passphrase("open").check(None)


def test_a_thousand_wrong_ones_are_ten_tries() -> None:
    clock, refusals = Clock(), []
    owner = Passphrase(RIGHT, clock)
    for number in range(1000):
        with pytest.raises((UnauthorizedError, BusyError)) as caught:
            owner.check(f"guess {number}")
        refusals.append(caught.type)
    assert refusals.count(UnauthorizedError) == 10
    with pytest.raises(BusyError, match="60 seconds"):
        owner.check(RIGHT)
    clock.now = 61
    owner.check(RIGHT)


def test_right_ones_are_not_counted() -> None:
    owner = Passphrase(RIGHT, Clock())
    for _ in range(50):
        owner.check(RIGHT)


def test_the_comparison_takes_as_long_for_any(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr(passphrase.hmac, "compare_digest", compare)
    with pytest.raises(UnauthorizedError):
        Passphrase(RIGHT).check("x")
    assert compared == [(b"x", RIGHT.encode())]
    assert hmac is passphrase.hmac
