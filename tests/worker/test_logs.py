"""The log lines of a worker."""

import logging
import threading

import pytest

from worker.logs import OneLine, configure


def line(message: str, *arguments: object, error: Exception | None = None) -> str:
    record = logging.LogRecord("worker", logging.INFO, "file", 1, message, arguments, None)
    if error:
        try:
            raise error
        except Exception as raised:
            record.exc_info = (type(raised), raised, raised.__traceback__)
    return OneLine("the-key").format(record)


def test_a_line_has_time_level_and_name() -> None:
    assert line("hello %s", "you").endswith(" INFO worker: hello you")


def test_the_key_is_blacked_out_wherever_it_turns_up() -> None:
    assert "the-key" not in line("key is %r", "the-key")
    assert "the-key" not in line("failed", error=ValueError("the-key is wrong"))


def test_every_secret_is_blacked_out_and_no_secret_is_none() -> None:
    record = logging.LogRecord("worker", logging.INFO, "file", 1, "one two three", (), None)
    assert OneLine("one", "", "three").format(record).endswith(" *** two ***")


def test_an_event_is_one_line_with_its_traceback() -> None:
    assert "\n" not in line("first\nsecond")
    told = line("failed", error=ValueError("bad"))
    assert "\n" not in told
    assert "ValueError: bad" in told


def test_configured_every_logger_blacks_out_the_secrets_and_pictures_are_not_told(
    capsys: pytest.CaptureFixture[str], logging_restored: None
) -> None:
    configure("DEBUG", "the-key", "the-token")
    logging.getLogger("anvil.server").error("with the-key and %s", "the-token")
    logging.getLogger("PIL.Image").debug("what is in a picture")
    [told] = capsys.readouterr().err.splitlines()
    assert told.endswith(" ERROR anvil.server: with *** and ***")


def test_below_the_level_nothing_is_said(capsys: pytest.CaptureFixture[str], logging_restored: None) -> None:
    configure("WARNING")
    logging.getLogger("worker").info("hello")
    assert capsys.readouterr().err == ""


def test_a_thread_that_ends_with_an_error_is_a_line_without_a_trace(
    capsys: pytest.CaptureFixture[str], logging_restored: None
) -> None:
    configure("INFO", "the-key")

    def fail() -> None:
        raise ConnectionError("the-key is gone")

    thread = threading.Thread(target=fail, name="heartbeat")
    thread.start()
    thread.join()
    [told] = capsys.readouterr().err.splitlines()
    assert told.endswith(" INFO worker: thread heartbeat ended: ConnectionError: *** is gone")
