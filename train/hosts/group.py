"""The processes that train together, one on each host: they find each other, and agree on what they do."""

import functools
import hashlib
import json
import socket
from typing import Any, TypeVar

import jax
import numpy as np
from jax._src import distributed, xla_bridge
from jax.experimental import multihost_utils

from train.errors import HostsError
from train.hosts.hosts import AUTO, Hosts

T = TypeVar("T")

# A process that was silent for so long is lost, and all others end. Those that wait for a collective notice earlier
# where the connection is closed.
SILENT_S = 60


def join(hosts: Hosts) -> None:
    """Wait until all processes are there. Before that nothing may have been computed on JAX.

    Where not all come in time, or process 0 ends meanwhile, JAX ends this process (SIGABRT) and no exception is raised.

    Raises:
        HostsError: process 0 cannot listen there, or no launcher that JAX knows has started this one.
    """
    known: dict[str, Any] = {}
    if hosts.address != AUTO:
        known = {
            "coordinator_address": hosts.address,
            "coordinator_bind_address": _listening(hosts.address),
            "num_processes": hosts.processes,
            "process_id": hosts.process,
            "cluster_detection_method": "deactivate",
        }
    try:
        jax.distributed.initialize(
            **known,
            initialization_timeout=hosts.wait_s,
            heartbeat_timeout_seconds=SILENT_S,
            shutdown_timeout_seconds=600,
        )
    except ValueError as error:
        raise HostsError(
            "No launcher that JAX knows has started this process (Slurm, Open MPI, Kubernetes, a TPU's). Say where "
            f"process 0 is: --hosts HOST:PORT --processes N --process I. JAX says: {error}"
        ) from None
    except RuntimeError as error:
        raise HostsError(f"{hosts.address} cannot be used by process 0: {error}") from None
    _answer_where_the_first_sees_us()


def _listening(address: str) -> str:
    """Where process 0 listens: on its own machine alone, where the others are given an address of that."""
    host, port = address.rsplit(":", 1)
    return address if host == "localhost" or host.startswith("127.") else f"[::]:{port}"


def _answer_where_the_first_sees_us() -> None:
    """On CPUs JAX would listen where this machine's name points to, on Debian 127.0.1.1, and others would not reach it.

    It has no setting for that; the function that it calls gets the address from which this machine reaches process 0.
    """
    host, port = distributed.global_state.coordinator_address.rsplit(":", 1)
    for family, kind, *_, place in socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_DGRAM):
        with socket.socket(family, kind) as line:
            line.connect(place)  # nothing is sent
            own = line.getsockname()[0]
        break
    made = xla_bridge._jax.make_gloo_tcp_collectives
    xla_bridge._jax.make_gloo_tcp_collectives = functools.partial(made, hostname=own)


def is_first() -> bool:
    """Whether this is process 0, which keeps checkpoints and evidence."""
    return number() == 0


def number() -> int:
    """This process's, from 0."""
    return int(jax.process_index())


def from_first(values: T) -> T:
    """The arrays or numbers of process 0, in all processes, which call this together with values of the same shapes."""
    found: T = multihost_utils.broadcast_one_to_all(values)
    return found


def bytes_from_first(content: bytes) -> bytes:
    """The same for bytes, as many as process 0 has."""
    count = int(from_first(np.int32(len(content))))
    mine = content if is_first() else bytes(count)
    return from_first(np.frombuffer(mine, np.uint8)).tobytes() if count else b""


def check_alike(what: dict[str, Any]) -> None:
    """All processes call this together; each raises HostsError where one of them has other values than process 0."""
    digests = [hashlib.sha256(json.dumps(value).encode()).digest() for value in what.values()]
    everyones = multihost_utils.process_allgather(np.frombuffer(b"".join(digests), np.uint8).reshape(len(what), -1))
    everyones = everyones.reshape(jax.process_count(), len(what), -1)
    different = (everyones != everyones[0]).any(axis=-1)
    for process, others in enumerate(different):
        if others.any():
            names = " and another ".join(name for name, other in zip(what, others, strict=True) if other)
            raise HostsError(f"Process {process} has another {names} than process 0. Give all hosts the same.")


def leave() -> None:
    """Wait until all processes have come as far, and part."""
    jax.distributed.shutdown()


def is_loss(error: Exception) -> bool:
    """Whether JAX raised it because another process is not there any more. It does so with errors of several types."""
    return any(word in str(error) for word in ("Gloo", "NCCL", "UNAVAILABLE", "DEADLINE_EXCEEDED"))
