"""python uplink_server.py --check: whether a worker could serve, and what to fix where it could not."""

import io
import logging
import re
import secrets
import socket
import threading
from collections.abc import Callable
from time import perf_counter
from typing import Any

import anvil
import anvil.server
from PIL import Image, ImageDraw

from classifier.classifier import Classifier
from classifier.errors import ClassifierError
from classifier.runtime import without_greeting
from worker import diagnosis, logs, premises
from worker.diagnosis import TroubleError
from worker.settings import Settings

_LINK_S = 10.0


def check(settings: Settings) -> int:
    """Check key, models, a drawn photo, the machine and the link; returns the exit status.

    Each has a line on standard output. 0 where all is well, 1 where something must be fixed. Takes about a second, with
    a link on which nothing comes back ten more. The key is never shown.
    """
    # The library's own lines would stand among these; what it has to say is in the sentences below.
    logs.configure("CRITICAL", *settings.secrets())
    logging.disable(logging.CRITICAL)
    print("Checking what a worker here would need.\n")
    loaded: list[Classifier] = []
    well = _step("key", lambda: _key(settings))
    well &= _step("models", lambda: _models(settings, loaded))
    if loaded:
        cards = loaded[0].cards
        well &= _step("photo", lambda: _photo(loaded[0]))
        well &= _step("shelves", lambda: premises.shelves(settings.classifier, cards))
        well &= _step("trunk", lambda: premises.trunk(settings.classifier, cards))
    well &= _step("heic", lambda: premises.heic(settings.classifier))
    well &= _step("disk", lambda: premises.disk(settings))
    well &= _step("teach", lambda: premises.teach(settings))
    if settings.uplink_key:
        well &= _step("link", lambda: _link(settings, loaded))
    print(
        "\nAll is well. Start the worker: .venv/bin/python uplink_server.py" if well else "\nFix this, and check again."
    )
    return 0 if well else 1


def _step(name: str, run: Callable[[], str]) -> bool:
    try:
        print(f"{name:8}ok: {run()}", flush=True)
    except TroubleError as trouble:
        print(f"{name:8}WRONG: {trouble}\n{'':8}{trouble.fix}", flush=True)
        return False
    return True


def _key(settings: Settings) -> str:
    key = settings.uplink_key
    if not key:
        raise TroubleError(
            "ANVIL_UPLINK_KEY is not set.",
            "Copy the server uplink key (Anvil editor: + in the sidebar, Uplink, Server Uplink; with several "
            "environments, Enable beside the key) into .env; .env.example shows where.",
        )
    if key.startswith("client_"):
        raise TroubleError(
            "ANVIL_UPLINK_KEY holds a client key, which may call functions but not serve any.",
            "Take the server uplink key of the same app: it begins with server_.",
        )
    if re.search(r"\s|[\"'<>]", key) or not key.isascii():
        raise TroubleError(
            "ANVIL_UPLINK_KEY has blanks, quotes or other characters that no key has.",
            "Copy the key again, all of it and nothing else.",
        )
    return f"a server key of {len(key)} characters" if key.startswith("server_") else f"{len(key)} characters"


def _models(settings: Settings, loaded: list[Classifier]) -> str:
    started = perf_counter()
    try:
        with without_greeting():
            classifier = Classifier.load(settings.classifier)
    except ClassifierError as error:
        raise TroubleError(
            str(error),
            "CLASSIFIER_DEFAULT_MODEL is one of the shipped models or of your own in CLASSIFIER_MODELS_DIR. "
            "A damaged one needs a new copy.",
        ) from error
    loaded.append(classifier)
    if classifier.broken:
        raise TroubleError(
            " ".join(classifier.broken.values()),
            "The others are served. Copy or train the model again, or remove its folder.",
        )
    names = ", ".join(card.name for card in classifier.cards)
    return f"{names}; {classifier.default} is the default; loaded in {perf_counter() - started:.1f} s"


def _photo(classifier: Classifier) -> str:
    try:
        answer = classifier.classify(_drawing())
    except ClassifierError as error:
        raise TroubleError(
            f"A drawn photo was not answered: {error}",
            "Something is damaged: renew the installation (rm -r .venv; make setup) and the model.",
        ) from error
    return f"a drawing was answered in {answer.milliseconds:.0f} ms"


def _link(settings: Settings, loaded: list[Classifier]) -> str:
    """Connect, send a drawn photo to the service and get it back to answer it, as the page of a visitor would."""
    outcome: list[str | Exception] = []

    def attempt() -> None:
        try:
            outcome.append(_there_and_back(settings, loaded))
        except Exception as error:
            outcome.append(error)

    # The library limits neither connecting nor the websocket's upgrade, nor the wait for an answer.
    socket.setdefaulttimeout(_LINK_S)
    thread = threading.Thread(target=attempt, name="check", daemon=True)
    thread.start()
    thread.join(_LINK_S)
    if not outcome:
        outcome.append(TimeoutError())
    [found] = outcome
    if isinstance(found, Exception):
        raise diagnosis.of_link(found, str(anvil.server._fatal_error or ""), settings.uplink_url) from found
    return found


def _there_and_back(settings: Settings, loaded: list[Classifier]) -> str:
    drawing = _drawing()
    expected = loaded[0].classify(drawing).label if loaded else str(len(drawing))
    # Published for the time of the check, under a name that nobody can guess, and for this drawing only.
    name = f"uplink_check_{secrets.token_hex(16)}"

    @anvil.server.callable(name)  # type: ignore[untyped-decorator]  # the library is untyped
    def answer(file: Any) -> str:
        return expected if file.get_bytes() == drawing else "other bytes than those sent"

    anvil.server.connect(settings.uplink_key, settings.uplink_url)
    try:
        anvil.server.call("anvil.private.echo", "check")
        started = perf_counter()
        found = anvil.server.call(name, anvil.BlobMedia("image/jpeg", drawing, name="drawing.jpg"))
        milliseconds = (perf_counter() - started) * 1000
    finally:
        anvil.server.disconnect()
    if found != expected:
        raise RuntimeError(f"the drawing was answered {found!r} and not {expected!r}")
    return f"{settings.uplink_url} let us in; a drawing came back through it in {milliseconds:.0f} ms"


def _drawing() -> bytes:
    """A face with upright ears, as JPEG."""
    picture = Image.new("RGB", (240, 240), "lightsteelblue")
    draw = ImageDraw.Draw(picture)
    for ear in ([(40, 90), (90, 90), (55, 20)], [(150, 90), (200, 90), (185, 20)]):
        draw.polygon(ear, fill="sandybrown")
    draw.ellipse((50, 60, 190, 200), fill="sandybrown")
    for x in (95, 145):
        draw.ellipse((x - 8, 110, x + 8, 126), fill="black")
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()
