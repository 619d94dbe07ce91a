"""What the processor can do, as Linux tells it."""

from pathlib import Path

import pytest

from train import machine


@pytest.mark.parametrize(
    ("flags", "fast"), [("amx_tile amx_bf16", True), ("avx512f avx512_bf16", True), ("avx2 avx512f", False)]
)
def test_bfloat16_is_in_the_flags(flags: str, fast: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = tmp_path / "cpuinfo"
    cpu.write_text(f"model name : A Processor: 2\nflags : {flags}\n")
    monkeypatch.setattr(machine, "CPU", cpu)
    assert machine.multiplies_bfloat16() == fast
    assert machine.hardware().startswith("A Processor: 2, ")


def test_without_that_file_nothing_is_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "CPU", tmp_path / "none")
    assert not machine.multiplies_bfloat16()
    assert "cores, TensorFlow" in machine.hardware()
