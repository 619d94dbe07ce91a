"""A real Ray cluster of three nodes on this machine: the answers, and what is lost when nodes and drivers die."""

import os
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from ray.cluster_utils import Cluster

from tests.cluster.photos import colour, fill
from tests.cluster.runs import LEAN, as_csv, classify_csv, command, environment, rows, run
from tests.stand_in import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PHOTOS = 3000


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def node() -> dict[str, Any]:
    """Of one core, on 127.0.0.1 alone."""
    ports = ("metrics_agent_port", "dashboard_agent_listen_port", "runtime_env_agent_port", "metrics_export_port")
    return {
        "num_cpus": 1,
        "node_ip_address": "127.0.0.1",
        "include_dashboard": False,
        "object_store_memory": 80 * 2**20,
        **{name: free_port() for name in ports},
    }


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with patch.dict(os.environ, LEAN):
        started = Cluster(initialize_head=True, head_node_args=node())
        try:
            for _ in range(2):
                started.add_node(**node())
            yield started
        finally:
            started.shutdown()


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Large enough that there is time for something to happen."""
    folder = tmp_path_factory.mktemp("many") / "photos"
    fill(folder, PHOTOS, size=(1600, 1200))
    return folder


def parts(out: Path) -> list[Path]:
    return list(out.glob("*.parquet"))


def begun(started: subprocess.Popen[str], out: Path) -> None:
    """Wait until there are some parts but by far not all."""
    wait_until(lambda: len(parts(out)) >= 3 or started.poll() is not None, 120)
    assert started.poll() is None
    assert sum(1 for _ in parts(out)) < 12


def start(source: Path, out: Path, cluster: Cluster, shelf: Path) -> subprocess.Popen[str]:
    line = command(source, out, "--address", cluster.address)
    return subprocess.Popen(line, env=environment(shelf), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def assert_each_photo_once(out: Path) -> None:
    found = rows(out)
    assert [row["label"] for row in found] == [colour(row["path"]) for row in found]
    counts = Counter(row["path"] for row in found)
    assert len(counts) == PHOTOS
    assert set(counts.values()) == {1}


def test_three_nodes_answer_as_classify_does(cluster: Cluster, photos: Path, shelf_dir: Path, tmp_path: Path) -> None:
    done = run(photos, tmp_path / "answers", "--address", cluster.address, shelf=shelf_dir)
    assert done.returncode == 0, done.stderr
    assert as_csv(rows(tmp_path / "answers")) == classify_csv(photos, shelf_dir)


def test_a_killed_driver_is_continued_and_no_answered_photo_is_read_again(
    cluster: Cluster, photos: Path, shelf_dir: Path, tmp_path: Path
) -> None:
    folder, out = tmp_path / "photos", tmp_path / "answers"
    fill(folder, PHOTOS, size=(1600, 1200))
    with start(folder, out, cluster, shelf_dir) as started:
        begun(started, out)
        started.kill()
    answered = {row["path"] for row in rows(out)}
    for name in answered:  # unlinked first: others are links to the same file
        Path(name).unlink()
        Path(name).write_bytes(b"read again")
    done = run(folder, out, "--resume", "--address", cluster.address, shelf=shelf_dir)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"of {PHOTOS:,} photos are in {out} already." in done.stderr
    assert_each_photo_once(out)


def test_a_node_dies_in_the_middle_and_no_photo_is_lost_or_doubled(
    cluster: Cluster, photos: Path, shelf_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "answers"
    with start(photos, out, cluster, shelf_dir) as started:
        begun(started, out)
        # The last of these tests: the cluster has two nodes from here on.
        cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)
        _, said = started.communicate(timeout=280)
    assert started.returncode == 0, said
    assert_each_photo_once(out)
