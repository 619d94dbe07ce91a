"""Starts the worker: python uplink_server.py

It dials out to the Anvil service, publishes classify_image and its companions, and serves until SIGTERM or Ctrl-C. The
settings come from the environment and .env: see .env.example.
"""

import os
import sys

from classifier.errors import SettingsError
from classifier.settings import Settings
from worker.run import run


def main() -> int:
    """Run the worker; returns the exit status."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        print(f"uplink_server.py: {error}", file=sys.stderr)
        return os.EX_CONFIG
    return run(settings)


if __name__ == "__main__":
    sys.exit(main())
