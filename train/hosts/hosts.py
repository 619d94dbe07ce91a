"""Which hosts train together, as the command line says."""

import re
from dataclasses import dataclass

from train.errors import HostsError

# Instead of an address: a launcher says all of it.
AUTO = "auto"
# In the folder of a run that several hosts made, with what its card tells of them.
HOSTS_FILE = "hosts.json"
_ADDRESS = re.compile(r"[^\s:\[\]]+:\d{1,5}|\[[0-9A-Fa-f:.]+\]:\d{1,5}")


@dataclass(frozen=True)
class Hosts:
    """Processes that train together. Raises HostsError where that is not said, or not clearly."""

    address: str  # HOST:PORT, where process 0 listens; or AUTO, and then nothing else
    processes: int | None = None
    process: int | None = None  # this one's number, from 0
    wait_s: int = 600  # for all to come: one of them may still decode its pictures

    def __post_init__(self) -> None:
        if self.address == AUTO:
            if (self.processes, self.process) != (None, None):
                raise HostsError(
                    f"With --hosts {AUTO} the launcher says how many there are: no --processes, no --process."
                )
            return
        if not _ADDRESS.fullmatch(self.address):
            raise HostsError(f"--hosts wants HOST:PORT, where process 0 listens, as in 192.0.2.7:9000, or {AUTO}.")
        if self.processes is None or self.process is None or not 0 <= self.process < self.processes:
            raise HostsError("--hosts HOST:PORT wants --processes N too, and --process I: its number, from 0 to N - 1.")
