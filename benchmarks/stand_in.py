"""The stand-in with room for all callers at once: as it is set by default it would tell half of them "busy"."""

import asyncio
import os
from pathlib import Path

from benchmarks.processes import ROOT
from local_anvil.host import Host
from local_anvil.keys import load_keys
from local_anvil.limits import Limits

ROOM = 64


async def _serve() -> None:
    limits = Limits(calls=ROOM, calls_per_caller=ROOM, calls_kept_for_page=0)
    async with Host(load_keys(Path(os.environ["LOCAL_ANVIL_KEYS"])), ROOT / "anvil_app", limits).running(0) as port:
        print(f"port {port}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
