"""The log lines of a worker."""

import logging

from worker.logs import OneLine


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
