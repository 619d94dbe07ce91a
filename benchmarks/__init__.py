"""Speed and load, each figure beside a peer's in one run."""
