"""The memory of a process."""

import json
import shutil
import sys
import time
from pathlib import Path

import psutil
import pytest

from classifier.settings import Settings
from classifier.shelf import SHIPPED
from tests.stand_in import wait_until
from worker import memory
from worker.memory import give_back, resident_mb, share_arenas
from worker.models import Models


def test_resident_memory_is_what_the_system_says() -> None:
    assert resident_mb() == pytest.approx(psutil.Process().memory_info().rss / 2**20, abs=20)


def test_without_glibc_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    share_arenas()
    give_back()


def test_nor_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: pytest.fail("Windows has no CDLL of this process"))
    monkeypatch.setattr(sys, "platform", "win32")
    share_arenas()
    give_back()


def test_loading_models_again_and_again_does_not_pile_them_up(tmp_path: Path) -> None:
    """The committed model: it takes 44 MB, of which a pile would be told from the rest."""
    shutil.copytree(SHIPPED / "cats_vs_dogs", tmp_path / "cats_vs_dogs")
    card = tmp_path / "cats_vs_dogs" / "card.json"
    models = Models(Settings(tmp_path, ()))

    def reload() -> float:
        card.write_text(json.dumps(json.loads(card.read_text()) | {"title": f"Loaded {time.monotonic()}"}))
        models._last = None
        models.reload()
        wait_until(lambda: models._last, 30)
        return resident_mb() or 0

    first = reload()
    assert max(reload() for _ in range(3)) < first + 40
