"""What the figures must hold."""

from typing import Any

import pytest

from benchmarks.bars import missed
from benchmarks.in_process import Change
from benchmarks.serving import Found
from benchmarks.wire import Start

WELL = {
    "in_process": {"180px": {"ours_ms": 3.0, "floor_ms": 2.0, "onnxruntime_ms": 3.0}},
    "wire": {"ours": {"rps": 90.0, "p99_ms": 10.0}, "fastapi": {"rps": 100.0, "p99_ms": 11.0}},
    "start": Start(0.6, 200),
    "load": {"slowest_of_a_flood": 2.0, "refusal": 0.7, "stop": 1.0},
    "change": {"2mp": Change(photos=4, reduced=4, mean=0.01, largest=0.1)},
}


def found(**changes: Any) -> Found:
    return Found(**{**WELL, **changes}, calls={}, network="x")  # type: ignore[arg-type]


def ways(ours: float, floor: float, onnx: float = 1000.0) -> dict[str, dict[str, float]]:
    return {"2mp": {"ours_ms": ours, "floor_ms": floor, "onnxruntime_ms": onnx}}


def test_at_the_bars_all_is_well() -> None:
    assert missed(found()) == []


@pytest.mark.parametrize(
    ("ours", "floor", "well"),
    [(2.0, 1.0, True), (2.1, 1.0, False), (14.0, 10.0, True), (14.1, 10.0, False), (1.0, 5.0, True)],
)
def test_ours_is_at_most_the_floor_and_a_share_or_a_millisecond(ours: float, floor: float, well: bool) -> None:
    lines = missed(found(in_process=ways(ours, floor)))
    assert lines == [] if well else "2mp" in lines[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"in_process": ways(3.0, 2.9, onnx=2.99)}, "ONNX Runtime takes 2.99"),
        ({"wire": {"ours": {"rps": 89.9, "p99_ms": 10}, "fastapi": {"rps": 100, "p99_ms": 11}}}, "89.9 requests"),
        ({"wire": {"ours": {"rps": 100, "p99_ms": 11}, "fastapi": {"rps": 100, "p99_ms": 11}}}, "p99 11 ms"),
        ({"start": Start(0.61, 200)}, "start: 0.61 s"),
        ({"start": Start(0.6, 201)}, "memory: 201 MB"),
        ({"change": {"2mp": Change(4, 4, 0.011, 0.1)}}, "reduced scale"),
        ({"change": {"2mp": Change(4, 4, 0.01, 0.11)}}, "reduced scale"),
        ({"load": {**WELL["load"], "slowest_of_a_flood": 2.01}}, "load: slowest_of_a_flood 2.01 of 2.0"),
        ({"load": {**WELL["load"], "refusal": 0.71}}, "load: refusal"),
        ({"load": {**WELL["load"], "stop": 1.01}}, "load: stop"),
    ],
)
def test_each_bar_that_is_missed_is_named(changes: dict[str, Any], said: str) -> None:
    [line] = missed(found(**changes))
    assert said in line
