"""The worker processes that the stand-in starts, and ends with itself."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

# A worker that is asked to end finishes what it has begun; past this it is killed.
END_SECONDS = 15.0
CHILD = Path(__file__).with_name("child.py")


@contextlib.asynccontextmanager
async def running(count: int, script: Path, environment: dict[str, str]) -> AsyncIterator[None]:
    """Start `count` workers, each `python script` with `environment` added; on leaving, end them all.

    The key travels in the environment, which other users cannot see, as they can a command line. A worker that ends
    by itself is reported in a line and not started again. Where this process is killed, its workers end by themselves.
    """
    processes: list[asyncio.subprocess.Process] = []
    reports: list[asyncio.Task[None]] = []
    try:
        for number in range(1, count + 1):
            # In a session of its own: Ctrl-C reaches this process only, which then ends the workers in order.
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(CHILD),
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
