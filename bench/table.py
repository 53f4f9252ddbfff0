"""The table of figures: for the terminal, for `results.json` and for the README."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from bench.figures import Figure

#: why a target is missed, and what would be tried next: `["api.cpu_ratio"]`, `reason`, `next`
MISSED: Final = Path(__file__).parent / "missed.toml"


def text(figures: Sequence[Figure]) -> str:
    """Return the table as a terminal shows it."""
    return "\n".join(_aligned([_HEAD, *(_row(figure) for figure in figures)]))


def markdown(figures: Sequence[Figure]) -> str:
    """Return the table as the README shows it."""
    rows = [_HEAD, ("---",) * len(_HEAD), *(_row(figure) for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def record(figure: Figure) -> dict[str, Any]:
    """Return a figure as `results.json` keeps it."""
    return {
        "name": figure.name,
        "what": figure.what,
        "unit": figure.unit,
        "median": figure.median,
        "value": figure.value,
        "runs": list(figure.runs),
        "target": figure.target and f"{figure.target.bound} {figure.target.value:g}",
        "missed": figure.missed,
    }


_HEAD: Final = ("what", "median", "of all runs", "target", "")


def _row(figure: Figure) -> tuple[str, ...]:
    target = figure.target
    return (
        figure.what,
        _value(figure.value, figure.unit),
        f"{_value(min(figure.runs), '')} to {_value(max(figure.runs), '')}",
        f"{target.bound} {_value(target.value, figure.unit)}" if target else "",
        _verdict(figure),
    )


def _verdict(figure: Figure) -> str:
    if figure.target is None:
        return ""
    if not figure.missed:
        return "met"
    why = tomllib.loads(MISSED.read_text(encoding="utf-8")).get(figure.name)
    if why is None:
        return "missed"
    return f"missed: {why['reason']} Next: {why['next']}"


def _value(value: float, unit: str) -> str:
    digits = f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004
    return f"{digits} {unit}".strip()


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()
