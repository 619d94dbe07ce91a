"""The Anvil service's stand-in on this machine: the page, the uplink, and workers that serve it.

It shows the forms of anvil_app/ in the browser and passes their calls to whatever dials in over the uplink, as the
real service does. It is for a first run, for work offline and for the tests. It is not the Anvil service, nor Anvil's
open-source App Server: it knows only the components that these forms use, has no data tables, users, background
tasks or server modules, and listens only to this machine.

    python -m local_anvil                    the page in the browser, and one worker
    python -m local_anvil --port 3031        where another program has port 3030
    python -m local_anvil --workers 2        two workers share the calls
    python -m local_anvil --workers 0        the page alone; a worker of your own dials in
"""

import argparse
import asyncio
import contextlib
import errno
import logging
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values, find_dotenv

from . import children
from .forms import AppError
from .host import ADDRESS, Host
from .keys import KEY_FILE, KeyFileError, Keys, load_keys
from .limits import Limits

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "anvil_app"
WORKER = ROOT / "uplink_server.py"

TEACH = "TEACH_PASSPHRASE"

Number = TypeVar("Number", int, float)
Listening = Callable[[int], contextlib.AbstractAsyncContextManager[int]]


def main() -> int:
    """The command line; the exit status."""
    options = _options()
    if sys.platform == "win32":
        return _say("The stand-in runs on Linux and macOS. On Windows, start it in WSL.")
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    # Beside a checkout; else in the folder one stands in.
    home = ROOT if (ROOT / "pyproject.toml").is_file() else Path.cwd()
    key_file = Path(os.environ.get("LOCAL_ANVIL_KEYS") or home / KEY_FILE)
    try:
        asyncio.run(_run(options, load_keys(key_file), key_file))
    except (KeyFileError, AppError, _PortError) as error:
        return _say(str(error))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local_anvil", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    port = _number(int, 0, 65_535)
    parser.add_argument("--port", type=port, default=3030, help="where to listen; 0 for any free port (default 3030)")
    parser.add_argument(
        "--http-port", type=port, help="also answer the HTTP endpoints here, without /_/api (the report had 5000)"
    )
    parser.add_argument("--workers", type=_number(int, 0, 64), default=1, help="how many workers to start (default 1)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")
    parser.add_argument(
        "--ping-seconds",
        type=_number(float, 0.1, 3600),
        default=Limits.ping_seconds,
        help="how often links are pinged; a silent one is dropped after 1.5 times this (default %(default)g)",
    )
    return parser.parse_args()


def _number(kind: Callable[[str], Number], low: Number, high: Number) -> Callable[[str], Number]:
    def read(text: str) -> Number:
        with contextlib.suppress(ValueError):
            if low <= (value := kind(text)) <= high:
                return value
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {low} to {high}")

    return read


async def _run(options: argparse.Namespace, keys: Keys, key_file: Path) -> None:
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end.set)
    # A closed terminal ends it too, but not under nohup.
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        loop.add_signal_handler(signal.SIGHUP, end.set)
    # A setting of the workers, which read theirs in the same two places.
    allow_origin = _setting("HTTP_ALLOW_ORIGIN")
    host = Host(keys, APP, Limits(ping_seconds=options.ping_seconds), allow_origin)
    async with contextlib.AsyncExitStack() as stack:
        port = await _listen(stack, host.running, options.port, "--port")
        address = f"http://{ADDRESS}:{port}/"
        print(f"Page: {address}")
        if options.http_port is not None:
            http_port = await _listen(stack, host.answering, options.http_port, "--http-port")
            print(f"HTTP: http://{ADDRESS}:{http_port}/")
        print(f"Keys: {key_file} (client_uplink_key is for notebooks)", flush=True)
        if not options.no_browser:
            _open_browser(address)
        uplink = {"ANVIL_UPLINK_KEY": keys.uplink, "ANVIL_UPLINK_URL": f"ws://{ADDRESS}:{port}/_/uplink"}
        if not _setting(TEACH):  # only this machine reaches the page
            uplink[TEACH] = "open"
        async with children.running(options.workers, WORKER, uplink):
            await end.wait()
            print("Ending.", flush=True)


def _setting(name: str) -> str:
    return os.environ.get(name) or dotenv_values(find_dotenv(usecwd=True)).get(name) or ""


class _PortError(Exception):
    """A port that cannot be had, with the fix."""


async def _listen(stack: contextlib.AsyncExitStack, listening: Listening, port: int, option: str) -> int:
    try:
        return await stack.enter_async_context(listening(port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            fix = f"End the program that has it, or take another: .venv/bin/python -m local_anvil {option} {port + 1}"
            raise _PortError(f"Port {port} is in use. {fix}") from None
        if error.errno == errno.EACCES:
            raise _PortError(f"Port {port} is not for ordinary users. Take one above 1023 with {option}.") from None
        raise


def _open_browser(address: str) -> None:
    """Where there is a screen: elsewhere Python might start a text browser in this terminal."""
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _say(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
