"""Starts the worker: python uplink_server.py

It dials out to the Anvil service, publishes classify_image and its companions, and serves until SIGTERM or Ctrl-C.

    python uplink_server.py --check     tests key, models and link, and says what to fix

Settings come from the environment and the file .env: ANVIL_UPLINK_KEY, the server uplink key of your app, is the one
that is needed; .env.example tells them all. Log lines go to standard error.

exit status: 0 ended by a signal, or the check found all well; 1 the check did not; 78 something must be changed before
a start can succeed: a setting, a model, or a key that the service refuses.
"""

import argparse
import sys

from classifier.errors import SettingsError
from worker import EXIT_CONFIG
from worker.settings import Settings


def main() -> int:
    """Run the worker, or check what it needs; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="test key, models and link, then end")
    check_only = parser.parse_args().check
    try:
        settings = Settings.load()
    except SettingsError as error:
        print(f"uplink_server.py: {error}", file=sys.stderr)
        return 1 if check_only else EXIT_CONFIG
    from worker import check, run  # here, so that --help does not wait for them

    return check.check(settings) if check_only else run.run(settings)


if __name__ == "__main__":
    sys.exit(main())
