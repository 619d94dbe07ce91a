"""The container: its image is built with Podman on a base of Debian's own packages, and runs beside a stand-in."""

import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.classifier.pictures import encoded, scene
from tests.stand_in import ROOT, StandIn, stand_in, wait_until

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
WORKER = COMPOSE["services"]["worker"]
TOOLS = ("podman", "runc", "debootstrap")
# Podman would ask for higher ones, which a machine without all rights of root cannot give.
LIMITS = ["--ulimit=nofile=1024:1024", "--ulimit=nproc=4096:4096"]
BASE, IMAGE = "localhost/python-of-debian", "localhost/uplink-image-classifier"

Podman = Callable[..., str]


def test_compose_starts_two_workers_that_own_nothing_but_the_shelf() -> None:
    assert WORKER["deploy"]["replicas"] == 2
    assert (WORKER["read_only"], WORKER["cap_drop"], WORKER["tmpfs"]) == (True, ["ALL"], ["/tmp"])  # noqa: S108
    assert WORKER["image"] == IMAGE
    assert WORKER["environment"]["CLASSIFIER_MODELS_DIR"] == WORKER["volumes"][0].partition(":")[2]


def test_no_file_of_it_names_a_registry() -> None:
    [base] = re.findall(r"^ARG BASE=(.*)$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    assert re.fullmatch(r"python:[\d.]+-slim", base)


def mirror() -> str:
    """Where this machine gets the packages of Debian 12; a skip where it is another system."""
    command = ["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)"]
    if shutil.which("apt-get"):
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
        if found := re.search(r"^bookworm (\S+)$", told, re.MULTILINE):
            return found[1]
    pytest.skip("this is not Debian 12, whose packages make the base image")


def pack(folder: Path) -> subprocess.Popen[bytes]:
    """A system with Python, trusting whom this machine trusts, as a tar on standard output."""
    command = ["debootstrap", "--variant=minbase", "--include=python3-venv,python-is-python3", "bookworm", str(folder)]
    done = subprocess.run([*command, mirror()], capture_output=True, text=True, timeout=400, check=False)
    if done.returncode:
        pytest.skip(f"no base image can be made here: {done.stdout[-300:]}")
    trusted = ssl.get_default_verify_paths().cafile or ssl.get_default_verify_paths().openssl_cafile
    (folder / "etc/ssl/certs").mkdir(exist_ok=True)
    shutil.copy(trusted, folder / "etc/ssl/certs/trusted.crt")
    (folder / "etc/pip.conf").write_text("[global]\ncert = /etc/ssl/certs/trusted.crt\n")
    return subprocess.Popen(["tar", "-C", str(folder), "-c", "."], stdout=subprocess.PIPE)


@pytest.fixture(scope="module")
def podman(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Podman]:
    """Podman with the image, in a storage of its own."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing or os.geteuid():
        pytest.skip(f"wants root and {', '.join(missing or TOOLS)}: apt install {' '.join(TOOLS)}")
    folder = tmp_path_factory.mktemp("containers")
    storage = ["--storage-driver=vfs", f"--root={folder / 'root'}", f"--runroot={folder / 'run'}"]
    program = ["podman", "--runtime=runc", *storage]

    def run(*arguments: str, **options: Any) -> str:
        done = subprocess.run(
            [*program, *arguments], capture_output=True, text=True, timeout=500, check=False, **options
        )
        assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
        return done.stdout

    with pack(folder / "base") as packed:
        run("import", "-", BASE, stdin=packed.stdout)
    shutil.rmtree(folder / "base")
    context = folder / "context"
    shutil.copytree(ROOT / "requirements", context / "requirements")
    here = [f"DIST={context / 'dist'}", f"PIP={sys.executable} -m pip --quiet", "--old-file=.venv/.serve"]
    subprocess.run(["make", "dist", *here], cwd=ROOT, check=True, timeout=200)
    build = ["build", "--layers=false", "--isolation=chroot", "--network=host", "--format=docker"]
    run(*build, f"--build-arg=BASE={BASE}", f"--file={DEPLOY / 'Containerfile'}", f"--tag={IMAGE}", str(context))
    yield run
    run("rm", "--all", "--force", "--time=0")


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with stand_in(tmp_path_factory.mktemp("stand-in")) as started:
        yield started


@pytest.fixture
def workers(podman: Podman, host: StandIn) -> Iterator[list[str]]:
    """Two workers as compose.yaml wants them: their names."""
    settings = [f"--env={name}={value}" for name, value in {**host.environment, **WORKER["environment"]}.items()]
    bounds = ["--read-only", f"--tmpfs={WORKER['tmpfs'][0]}", "--cap-drop=ALL", f"--pids-limit={WORKER['pids_limit']}"]
    bounds += [f"--security-opt={WORKER['security_opt'][0].replace(':true', '')}", f"--memory={WORKER['mem_limit']}"]
    names = ["worker-1", "worker-2"]
    for name in names:
        podman(
            "run",
            "--detach",
            "--network=host",
            f"--name={name}",
            f"--volume={WORKER['volumes'][0]}",
            *settings,
            *bounds,
            *LIMITS,
            IMAGE,
        )
    wait_until(lambda: host.links() == 2, 60, host.log)
    yield names
    podman("rm", "--force", "--time=0", *names)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_two_workers_serve_without_rights_and_are_well(podman: Podman, host: StandIn, workers: list[str]) -> None:
    page = host.page()
    answers = [page.call("classify_image", None, media=[(["args", 0], "image/png", encoded(scene(), "PNG"))])]
    assert "label" in answers[0]["response"]
    for name in workers:
        assert podman("exec", name, "id", "-u").strip() == "10001"
        podman("healthcheck", "run", name)
        said = podman("exec", name, *WORKER["healthcheck"]["test"][1:])
        assert "HEIC photos are answered" in said
        assert "are your own, in /models" in said
        with pytest.raises(AssertionError, match="Read-only file system"):
            podman("exec", name, "touch", "/venv/file")
        podman("exec", name, "touch", "/models/file")

    podman("stop", "--time=15", workers[0])
    assert podman("inspect", "--format={{.State.ExitCode}}", workers[0]).strip() == "0"
    wait_until(lambda: host.links() == 1, 20, host.log)
    assert page.call("worker_status")["response"]["state"] == "ready"


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_the_stand_in_is_in_the_image_too(podman: Podman) -> None:
    command = ["--network=host", "--read-only", "--tmpfs=/tmp", *LIMITS, IMAGE, "local-anvil", "--port=0"]
    podman("run", "--detach", "--name=page", *command)
    wait_until(lambda: "Page: http://127.0.0.1:" in podman("logs", "page"), 60)
    podman("stop", "--time=15", "page")
