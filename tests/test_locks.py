"""The pinned requirements hold for every system and Python that the project runs on."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stand_in import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# pip's names of them; training is not for Python 3.14.
SYSTEMS = {
    "Linux, x86-64": ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux2014_x86_64"],
    "Linux, arm64": ["manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux2014_aarch64"],
    "macOS, arm64": ["macosx_14_0_arm64"],
    "Windows": ["win_amd64"],
}
# Pure Python, and published as source alone: a wheel of them is built anywhere.
SOURCES = ("anvil-uplink", "ws4py", "tf2onnx", "hypothesis-jsonschema", "yattag")


def requirements(lock: Path) -> list[str]:
    text = lock.read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_is_pinned_with_hashes_and_from_no_address(lock: Path) -> None:
    found = requirements(lock)
    assert len(found) > 10
    for line in found:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.!+]+ ", line), line
        assert "--hash=sha256:" in line, line
    assert "://" not in lock.read_text()


def test_one_version_of_a_package_in_all_of_them() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for line in requirements(lock):
            name, _, rest = line.partition("==")
            versions.setdefault(re.sub(r"\[.*", "", name), set()).add(rest.split()[0])
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_what_only_one_system_wants_is_marked() -> None:
    lines = {line.partition("==")[0]: line for lock in LOCKS for line in requirements(lock)}
    assert "sys_platform == 'win32'" in lines["colorama"]
    assert "python_full_version < '3.14'" in lines["tensorflow"]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("name", [lock.stem for lock in LOCKS])
def test_there_is_a_wheel_of_each_package(name: str, system: str, version: str, tmp_path: Path) -> None:
    """pip reads markers for the system that it runs on, so packages that only another one wants are not looked for."""
    if version == "3.14" and name in ("train", "dev"):
        pytest.skip("TensorFlow has no wheels for Python 3.14")
    dry = [*(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"), "--no-deps", "--ignore-installed"]
    if subprocess.run([*dry, "multipart"], capture_output=True, timeout=100, check=False).returncode:
        pytest.skip("no network to ask for packages")
    wanted = [line for line in requirements(ROOT / "requirements" / f"{name}.txt") if not line.startswith(SOURCES)]
    (tmp_path / "wanted.txt").write_text("\n".join(wanted))
    platforms = [word for platform in SYSTEMS[system] for word in ("--platform", platform)]
    command = [
        *dry,
        *("--target", str(tmp_path / "target"), "--only-binary", ":all:", "--python-version", version, *platforms),
        *("--require-hashes", "-r", str(tmp_path / "wanted.txt")),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
