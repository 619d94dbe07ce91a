"""What a caller gets in place of an answer, and what only the owner reads."""

import logging

import pytest

from classifier.errors import ClassifierError, ModelError, NotAPhotoError, SettingsError
from worker.refusal import refusal

OURS = "/srv/models/cats/card.json is damaged"


def test_a_refusal_that_is_for_the_caller_reaches_it_and_is_no_line_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert refusal(NotAPhotoError("This is not a photo.")) == {
        "error": {"type": "NotAPhoto", "message": "This is not a photo."}
    }
    assert not caplog.records


@pytest.mark.parametrize("kind", [ModelError, SettingsError, ClassifierError, OSError, KeyError])
def test_what_is_for_the_owner_stays_in_the_log_with_its_trace(
    kind: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    error = kind(OURS)
    answer = refusal(error)
    assert answer["error"]["type"] == "InternalError"
    assert "owner" in answer["error"]["message"]
    assert OURS not in answer["error"]["message"]
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info
    assert record.exc_info[1] is error


def test_each_refusal_is_a_dict_of_its_own() -> None:
    refusal(OSError())["error"]["message"] = "changed by a caller"
    assert "changed" not in refusal(OSError())["error"]["message"]
