"""The worker processes that the stand-in starts, and ends with itself.

Each is run by this file, as `python children.py SCRIPT`: a host that is killed cannot end its workers, which would wait
for the next one and serve it with the code they began with. It holds the other end of their standard input, so they see
it go.
"""

import asyncio
import contextlib
import os
import runpy
import signal
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

# A worker that is asked to end finishes what it has begun; past this it is killed.
END_SECONDS = 15.0


@contextlib.asynccontextmanager
async def running(count: int, script: Path, environment: dict[str, str]) -> AsyncIterator[None]:
    """Start `count` workers, each `python script` with `environment` added; on leaving, end them all.

    The key travels in the environment, which other users cannot see, as they can a command line. A worker that ends
    by itself is reported in a line and not started again.
    """
    processes: list[asyncio.subprocess.Process] = []
    reports: list[asyncio.Task[None]] = []
    try:
        for number in range(1, count + 1):
            # In a session of its own: Ctrl-C reaches this process only, which then ends the workers in order.
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                __file__,
                str(script),
                env={**os.environ, **environment},
                stdin=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            processes.append(process)
            reports.append(asyncio.create_task(_report(number, process)))
        yield
    finally:
        for report in reports:
            report.cancel()
        await _end(processes)


async def _report(number: int, process: asyncio.subprocess.Process) -> None:
    status = await process.wait()
    how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with exit status {status}"
    print(f"Worker {number} {how}. The page stays up without it; Ctrl-C and a new start bring it back.", flush=True)


async def _end(processes: Sequence[asyncio.subprocess.Process]) -> None:
    alive = [process for process in processes if process.returncode is None]
    for process in alive:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(END_SECONDS):
            await asyncio.gather(*(process.wait() for process in alive))
    for process in alive:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _run() -> None:
    """In the worker's process: run the script as `python SCRIPT` does."""
    threading.Thread(target=_end_with_the_host, daemon=True).start()
    script = sys.argv.pop(1)
    sys.argv[0] = script
    sys.path[0] = str(Path(script).parent)
    runpy.run_path(script, run_name="__main__")


def _end_with_the_host() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    if sys.platform == "win32":  # no host runs there
        return
    # The main thread is the one that handles it, and must wake for it; a worker then finishes what it has begun.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


if __name__ == "__main__":
    _run()
