"""Serve another app's folder than anvil_app: python serve_app.py FOLDER. Prints the port, keeps its keys beside it."""

import asyncio
import sys
from pathlib import Path

from local_anvil.host import Host
from local_anvil.keys import load_keys


async def serve(folder: Path) -> None:
    async with Host(load_keys(folder / "keys.json"), folder / "app").running(0) as port:
        print(port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
