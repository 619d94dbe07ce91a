"""A report in words that a person can read in ten seconds."""

import shlex
from collections.abc import Iterator

from classifier.names import printable
from teach.examples import NONE
from teach.report import Report

_MOST_LINES = 8  # of a list; the rest is counted


def summary(report: Report, name: str) -> str:
    """Accuracy with its interval, each label, what is mixed up, photos to look at, what to do next, how to ask."""
    lines = [
        *_accuracy(report),
        *_section("Mixed up", (_mixed_up(entry) for entry in report.mixed_up)),
        *_section("Look at these photos: they may have the wrong label", map(_suspect, report.suspects)),
        *_section("Not used: one photo under two labels", map(_set_aside, report.set_aside)),
        *_section("Copies, counted once", (f"{c['name']} is a copy of {c['copy_of']}" for c in report.copies)),
        *_section("Left out", _left_out(report)),
        *_section("What to do next", _advice(report)),
        "",
        f"Ask it:  classify --model {shlex.quote(name)} PHOTO",
    ]
    return "\n".join(map(printable, lines))


def _accuracy(report: Report) -> Iterator[str]:
    share = report.accuracy
    yield (
        f"Right for {share['value']:.1%} of {share['n']} photos that it had not seen "
        f"(with few photos, anything from {share['low']:.0%} to {share['high']:.0%})."
    )
    width = max(len(entry["label"]) for entry in report.per_label)
    for entry in report.per_label:
        right = round(entry["value"] * entry["n"])
        yield f"  {entry['label']:<{width}}  {right} of {entry['n']} right"
    none = report.none_of_these
    yield (
        f"Of {none['bank']['n']} photos of other things it calls {none['bank']['value']:.1%} {NONE!r}; "
        f"so it does {none['lost']['value']:.1%} of yours."
    )
    if none["own"]:
        right = round(none["own"]["value"] * none["own"]["n"])
        yield f"Of your own photos of none of them: {right} of {none['own']['n']}."


def _section(title: str, lines: Iterator[str] | list[str]) -> Iterator[str]:
    every = list(lines)
    if every:
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in every[:_MOST_LINES])
        if len(every) > _MOST_LINES:
            yield f"  ... and {len(every) - _MOST_LINES} more (--json names them all)"


def _mixed_up(entry: dict[str, object]) -> str:
    return f"{entry['truth']} taken for {entry['answer']}: {entry['count']} of {entry['of']}"


def _suspect(entry: dict[str, object]) -> str:
    return f"{entry['name']}: {entry['answer']}, {entry['probability']:.0%}"


def _set_aside(entry: dict[str, str]) -> str:
    return f"{entry['name']} ({entry['label']}) is {entry['other']} ({entry['other_label']})"


def _left_out(report: Report) -> list[str]:
    """The reason first, where many share it."""
    reasons: dict[str, list[str]] = {}
    for entry in report.left_out:
        reasons.setdefault(entry["why"], []).append(entry["name"])
    return [
        f"{len(names)}: {', '.join(names[:3])}{', ...' if len(names) > 3 else ''}: {why}"
        for why, names in reasons.items()
    ]


def _advice(report: Report) -> Iterator[str]:
    yield from report.notes
    for entry in report.wants_more:
        yield f"Add photos of {entry['label']}: {entry['why']}."
    if report.suspects:
        yield "Open the photos named above; move those with the wrong label, and teach it again with --replace."
    if report.none_of_these["bank"]["value"] < 0.9:
        yield "It often takes other things for yours: add a folder called none with photos of what else it may see."
