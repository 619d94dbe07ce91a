"""The figures as tables for a person."""

from rich.console import Console
from rich.table import Table

from benchmarks.serving import Found


def show(found: Found, lines: list[str]) -> None:
    """Print the tables, and the bars that were missed."""
    console = Console()
    console.print(_in_process(found), _change(found), _wire(found), sep="\n")
    console.print(f"A worker with three models: registered after {found.start.seconds} s, {found.start.memory_mb} MB")
    console.print("Load, as ratios:", ", ".join(f"{name} {value}" for name, value in found.load.items()))
    console.print(*(f"MISSED {line}" for line in lines), sep="\n")


def _in_process(found: Found) -> Table:
    table = Table(title="Bytes to answer, one at a time, ms", caption=found.network)
    for column in ("set", "ours", "reports'", "Keras", "ONNX", "floor", "of the floor"):
        table.add_column(column, justify="left" if column == "set" else "right", no_wrap=column == "set")
    for name, figures in found.in_process.items():
        ratio = figures["ours_ms"] / figures["floor_ms"]
        table.add_row(name, *(f"{value:.2f}" for value in figures.values()), f"{ratio:.2f} x")
    return table


def _change(found: Found) -> Table:
    table = Table(title="Change in a probability by decoding at reduced scale")
    for column in ("set", "photos", "reduced", "mean", "largest"):
        table.add_column(column, justify="left" if column == "set" else "right")
    for name, change in found.change.items():
        table.add_row(name, str(change.photos), str(change.reduced), f"{change.mean:.4f}", f"{change.largest:.4f}")
    return table


def _wire(found: Found) -> Table:
    table = Table(title="Fifty callers, 300 kB each")
    for column in ("", "requests/s", "p50 ms", "p99 ms", "peak MB", "CPU ms a call"):
        table.add_column(column, justify="right" if column else "left")
    for name, figures in found.wire.items():
        table.add_row(name, *(str(value) for value in figures.values()))
    table.caption = (
        f"without a wire an answer to that photo takes {found.calls['in_process']['cpu_ms']} ms of processor"
    )
    return table
