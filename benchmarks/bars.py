"""What the figures must hold. A run that misses one ends with status 1 and says which."""

from benchmarks import load
from benchmarks.serving import Found

# To libjpeg's cheapest scale and a bare invoke: a share, or a millisecond, whichever is more.
OF_FLOOR = 1.4
ABOVE_FLOOR_MS = 1.0
# Requests of FastAPI's, with a lower 99th percentile.
OF_FASTAPI = 0.9
START_S = 0.6
MEMORY_MB = 200


def missed(found: Found) -> list[str]:
    """The bars that a run has missed, each in a line; none where all is well."""
    lines = []
    for name, ways in found.in_process.items():
        ours, floor, onnx = (ways[way] for way in ("ours_ms", "floor_ms", "onnxruntime_ms"))
        bar = max(OF_FLOOR * floor, floor + ABOVE_FLOOR_MS)
        if ours > bar:
            lines.append(f"{name}: {ours} ms; with a floor of {floor} at most {bar:.2f}")
        if ours > onnx:
            lines.append(f"{name}: {ours} ms; ONNX Runtime takes {onnx}")
    worker, peer = found.wire["ours"], found.wire["fastapi"]
    if worker["rps"] < OF_FASTAPI * peer["rps"]:
        lines.append(f"wire: {worker['rps']} requests a second; at least {OF_FASTAPI} times FastAPI's {peer['rps']}")
    if worker["p99_ms"] >= peer["p99_ms"]:
        lines.append(f"wire: p99 {worker['p99_ms']} ms; FastAPI's is {peer['p99_ms']}")
    if found.start.seconds > START_S:
        lines.append(f"start: {found.start.seconds} s; at most {START_S}")
    if found.start.memory_mb > MEMORY_MB:
        lines.append(f"memory: {found.start.memory_mb} MB with three models; at most {MEMORY_MB}")
    for name, change in found.change.items():
        if not change.within_bounds:
            lines.append(f"{name}: reduced scale changes a probability by {change.largest}, {change.mean} in the mean")
    return lines + load.missed(found.load)
