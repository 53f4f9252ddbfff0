"""The table of figures: for the terminal, for `results.json` and for the documents."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from bench.figures import Bound, Figure, Target

#: why a target is missed, and what would be tried next: `["api.cpu_ratio"]`, `reason`, `next`
MISSED: Final = Path(__file__).parent / "missed.toml"


def text(figures: Sequence[Figure]) -> str:
    """Return the table as a terminal shows it."""
    return "\n".join(_aligned([_HEAD, *(_row(figure) for figure in figures)]))


def markdown(figures: Sequence[Figure], *, missed: str) -> str:
    """Return the table in Markdown; `missed` is said of what misses its target."""
    head = ("what", "measured", "target", "")
    rows = [
        (
            figure.what,
            _value(figure.value, figure.unit),
            _target(figure),
            missed if figure.missed else _verdict(figure),
        )
        for figure in figures
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


def reasons(figures: Sequence[Figure]) -> str:
    """Return why targets are missed, and what would be tried next, in Markdown.

    Raises:
        KeyError: nobody has written down why.
    """
    lines = (f"- **{figure.what}.** {_why(figure)}" for figure in figures if figure.missed)
    return "\n".join(lines) or "Nothing."


def record(figure: Figure) -> dict[str, Any]:
    """Return a figure as `results.json` keeps it."""
    return {
        "name": figure.name,
        "what": figure.what,
        "unit": figure.unit,
        "median": figure.median,
        "value": figure.value,
        "counts": figure.counts,
        "runs": list(figure.runs),
        "target": figure.target and f"{figure.target.bound} {figure.target.value!r}",
        "missed": figure.missed,
    }


def restored(record: Mapping[str, Any]) -> Figure:
    """Return a figure that `results.json` keeps."""
    bound, _, value = (record["target"] or "").partition(" ")
    return Figure(
        name=record["name"],
        what=record["what"],
        unit=record["unit"],
        runs=record["runs"],
        target=Target(cast("Bound", bound), json.loads(value)) if bound else None,
        counts=record["counts"],
    )


_HEAD: Final = ("what", "median", "of all runs", "target", "")


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        figure.what,
        _value(figure.value, figure.unit),
        f"{_value(min(figure.runs), '')} to {_value(max(figure.runs), '')}",
        _target(figure),
        _verdict(figure),
    )


def _target(figure: Figure) -> str:
    target = figure.target
    return f"{target.bound} {_value(target.value, figure.unit)}" if target else ""


def _verdict(figure: Figure) -> str:
    if figure.target is None:
        return ""
    return "missed" if figure.missed else "met"


def _why(figure: Figure) -> str:
    why = tomllib.loads(MISSED.read_text(encoding="utf-8"))[figure.name]
    return f"{why['reason']} Next: {why['next']}"


def _value(value: float, unit: str) -> str:
    digits = f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004
    return f"{digits} {unit}".strip()


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()
