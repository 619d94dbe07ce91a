"""Bounds on what the stand-in relays and keeps."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on what is relayed. The service's own where it has one; the others are ours and said to be."""

    # Ours: a link is dropped 1.5 times this after its last sign of life.
    ping_seconds: float = 4.0
    # Ours: no more than one worker, as it is set by default, has at work and lets wait; half of that from one caller;
    # and some that only the page may use, so that a flood over however many links leaves room for it.
    calls: int = 32
    calls_per_caller: int = 16
    calls_kept_for_page: int = 8
    # All media of one call or one answer: the service's limit on a request's body.
    media_bytes: int = 256 * 1024 * 1024
    # Ours: the bodies of all calls from the page that are on their way. One of the largest has room.
    body_bytes: int = 320 * 1024 * 1024
    # Ours: all media that have come for the calls in flight and lie with a worker, or are on their way to one.
    relayed_bytes: int = 512 * 1024 * 1024
    # The service's: a stream without data for so long has failed.
    media_idle_seconds: float = 60.0
    # Ours: a stream that has not ended by then has failed, however steadily it drips.
    media_seconds: float = 600.0
    # Ours: the page waits inside a call and cannot give up by itself.
    page_call_seconds: float = 600.0
    # Ours: an HTTP request to an endpoint, from its head to its answer.
    http_seconds: float = 60.0
