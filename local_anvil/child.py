"""Runs a worker for a host, and ends it when the host is gone: `python child.py SCRIPT`.

A host that is killed cannot end its workers, which would wait for the next one and serve it with the code they began
with. It holds the other end of their standard input, so they see it go.
"""

import os
import runpy
import signal
import sys
import threading
from pathlib import Path

STDIN = 0


def main() -> None:
    """Run the script as `python SCRIPT` does."""
    threading.Thread(target=_end_with_the_host, daemon=True).start()
    script = sys.argv.pop(1)
    sys.argv[0] = script
    sys.path[0] = str(Path(script).parent)
    runpy.run_path(script, run_name="__main__")


def _end_with_the_host() -> None:
    while os.read(STDIN, 1024):
        pass
    if sys.platform == "win32":  # no host runs there
        return
    # The main thread is the one that handles it, and must wake for it; a worker then finishes what it has begun.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


if __name__ == "__main__":
    main()
