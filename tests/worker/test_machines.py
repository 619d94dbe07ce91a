"""Two machines with one key: each worker in a network namespace of its own, with a cable between it and the service."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.classifier.tiny_models import only, tiny_model, write_model
from tests.stand_in import StandIn, process, stand_in, wait_until
from tests.worker.processes import IMPATIENT, UPLOAD, label
from tests.worker.proxy import Proxy
from tests.worker.stream import stream


@dataclass(frozen=True)
class Machine:
    """A network namespace that sees nothing but the other end of its cable."""

    name: str
    cable: str
    address: str  # of the other end
    log: Path

    def plug(self, state: str) -> None:
        ip("link", "set", self.cable, state)

    def served(self) -> int:
        """How many photos its worker has answered."""
        return self.log.read_text().count("call classify_image outcome=ok")


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=10)


@contextlib.contextmanager
def machine(number: int, folder: Path) -> Iterator[Machine]:
    """Addresses are of the range for trials of networks, and differ from one run of the tests to another."""
    name, cable, network = f"machine{os.getpid()}-{number}", f"m{os.getpid()}-{number}", f"198.18.{os.getpid() % 256}"
    near, far = f"{network}.{4 * number + 1}", f"{network}.{4 * number + 2}"
    try:
        ip("netns", "add", name)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"network namespaces cannot be made here: {error.stderr.decode().strip()}")
    try:
        ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("addr", "add", f"{near}/30", "dev", cable)
        ip("link", "set", cable, "up")
        ip("-n", name, "addr", "add", f"{far}/30", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")
        yield Machine(name, cable, near, folder / f"worker{number}.log")
    finally:
        ip("netns", "delete", name)  # and its end of the cable with it


@contextlib.contextmanager
def worker_on(where: Machine, host: StandIn, settings: dict[str, str]) -> Iterator[None]:
    """A worker on that machine, which knows the service by the address at the other end of its cable."""
    # The stand-in listens to its own machine only; the real service has an address of its own.
    with contextlib.closing(Proxy(host.port, address=where.address)) as proxy:
        url = f"ws://{where.address}:{proxy.port}/_/uplink"
        environment = {**settings, **host.environment, "ANVIL_UPLINK_URL": url, "WORKER_ECHO_EVERY_S": "0.5"}
        patient = IMPATIENT.replace("1.0", "3.0")  # a busy machine may be late by a second
        command = ["ip", "netns", "exec", where.name, sys.executable, "-c", patient]
        with process(command, where.log, environment):
            wait_until(lambda: "ready after" in where.log.read_text(), 20, where.log)
            yield


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make network namespaces")
@pytest.mark.skipif(not shutil.which("ip"), reason="there is no ip (iproute2) on this machine")
def test_two_machines_share_the_work_and_one_goes_on_without_the_other(
    tmp_path: Path, tiny_settings: dict[str, str]
) -> None:
    with (
        machine(1, tmp_path) as first,
        machine(2, tmp_path) as second,
        stand_in(tmp_path, options=["--ping-seconds", "1"]) as host,
        worker_on(first, host, tiny_settings),
        worker_on(second, host, tiny_settings),
    ):
        assert [label(host) for _ in range(40)] == ["red"] * 40
        assert first.served() + second.served() == 40
        assert min(first.served(), second.served()) > 5

        first.plug("down")
        wait_until(lambda: host.links() == 1, 20, host.log)
        before = second.served()
        assert [label(host) for _ in range(10)] == ["red"] * 10
        assert second.served() == before + 10

        first.plug("up")
        wait_until(lambda: host.links() == 2, 40, first.log)
        before = first.served()
        assert [label(host) for _ in range(20)] == ["red"] * 20
        assert first.served() > before


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make network namespaces")
@pytest.mark.skipif(not shutil.which("ip"), reason="there is no ip (iproute2) on this machine")
def test_machines_that_share_a_shelf_serve_a_new_model_and_are_restarted_in_turn_without_a_lost_call(
    tmp_path: Path, shelf_dir: Path
) -> None:
    shelf, new = tmp_path / "models", write_model(tmp_path / "taught", tiny_model(False))
    shutil.copytree(shelf_dir, shelf)
    with (
        machine(1, tmp_path) as first,
        machine(2, tmp_path) as second,
        stand_in(tmp_path) as host,
        contextlib.ExitStack() as stack,
    ):
        running = [stack.enter_context(contextlib.ExitStack()) for _ in range(2)]
        for where, worker in zip((first, second), running, strict=True):
            worker.enter_context(worker_on(where, host, only(shelf)))

        def served_by_both() -> bool:
            host.page().call("classify_image", None, "taught", media=UPLOAD)
            return all("outcome=ok" in line and "model=taught" in line for line in last_calls(first, second))

        new.rename(shelf / "taught")
        wait_until(served_by_both, 10, second.log)

        with stream(host) as found:
            for where, worker in zip((first, second), running, strict=True):
                found.goes_on()
                worker.close()  # ended in order: what it is at work on is answered first
                found.goes_on()
                worker.enter_context(worker_on(where, host, only(shelf)))
            found.goes_on()
        assert found.lost == []
        assert "wrong" not in found.outcomes


def last_calls(*machines: Machine) -> list[str]:
    """The log's last line about a call on each; empty where there is none."""
    logs = [where.log.read_text().splitlines() for where in machines]
    return [next((line for line in reversed(log) if "call classify_image" in line), "") for log in logs]
