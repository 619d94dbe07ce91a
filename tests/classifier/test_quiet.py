"""Pillow's warnings are unheard while a picture is decoded, and nothing of the process is left changed."""

import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from classifier.quiet import pillow_unheard

CHANGES = """
import logging, os, signal, sys, threading, warnings
import ai_edge_litert.interpreter, dotenv, numpy, PIL.Image

def state():
    return (list(warnings.filters), dict(os.environ), os.getcwd(), logging.root.handlers[:], logging.root.level,
            [signal.getsignal(number) for number in signal.valid_signals()], sys.excepthook, threading.excepthook,
            threading.active_count(), PIL.Image.MAX_IMAGE_PIXELS, sys.path[:])

before = state()
import classifier, classifier.classifier, classifier.batch, classifier.__main__
assert state() == before, [(old, new) for old, new in zip(before, state()) if old != new]
"""


def complain() -> None:
    warnings.warn_explicit("a complaint", UserWarning, "Image.py", 1, module="PIL.Image")


def test_importing_changes_nothing_in_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", CHANGES], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_pillow_is_unheard_inside_and_heard_outside() -> None:
    with pillow_unheard():
        complain()
    with pytest.warns(UserWarning, match="a complaint"):
        complain()


def test_others_are_heard_inside() -> None:
    with pillow_unheard(), pytest.raises(UserWarning, match="ours"):
        warnings.warn("ours", stacklevel=1)


def test_the_filters_of_before_are_back_after_an_error_and_after_many_threads() -> None:
    before = list(warnings.filters)
    together = Barrier(8)

    def decode(number: int) -> None:
        with pillow_unheard():
            together.wait(10)
            complain()
            if number % 2:
                raise ValueError

    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(decode, number) for number in range(8)]
    assert [type(call.exception()) for call in done] == [type(None), ValueError] * 4
    assert warnings.filters == before
