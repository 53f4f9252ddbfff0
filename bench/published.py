"""What is published of the figures: the targets in the README, all of it in docs/FIGURES.md."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bench import table

RESULTS: Final = Path(__file__).parent / "results.json"
PEER: Final = Path(__file__).parent / "peer.json"
_ROOT: Final = Path(__file__).parents[1]
_README: Final = _ROOT / "README.md"
_FIGURES: Final = _ROOT / "docs" / "FIGURES.md"
_BEGIN: Final = "<!-- figures: written by `make bench` -->\n"
_END: Final = "\n<!-- end of figures -->"
_WHY: Final = "missed, [why](docs/FIGURES.md#missed)"


def write() -> None:
    """Write what is published."""
    for path, content in published().items():
        path.write_text(content, encoding="utf-8")


def published() -> dict[Path, str]:
    """Return what each document has to hold."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    figures = [table.restored(record) for record in results["figures"]]
    with_targets = table.markdown([figure for figure in figures if figure.target], missed=_WHY)
    before, _, rest = _README.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    where = _where(results)
    return {
        _README: f"{before}{_BEGIN}{where}\n\n{with_targets}\n{_END}{after}",
        _FIGURES: "\n\n".join(
            [
                "# Figures",
                "Written by `make bench` and `make bench-peer`.",
                where,
                table.markdown(figures, missed="missed"),
                "## Missed",
                table.reasons(figures),
                "## Beside the service that it replaces",
                _beside_the_peer(),
            ]
        )
        + "\n",
    }


def _where(results: dict[str, Any]) -> str:
    machine = results["machine"]
    day = datetime.fromisoformat(results["measured_at"])
    return (
        f"Measured on {day:%Y-%m-%d} at commit {results['commit']}: {machine['cpu']},"
        f" {machine['cores']} cores, {machine['system']}, Python {machine['python']}."
    )


def _beside_the_peer() -> str:
    results = json.loads(PEER.read_text(encoding="utf-8"))
    rows = [
        (row["what"], *(_value(row[side], row["unit"]) for side in ("peer", "ours")))
        for row in results["rows"]
    ]
    head = ("", "that one", "this one")
    lines = [f"| {' | '.join(row)} |" for row in (head, ("---",) * 3, *rows)]
    load = f"Load of the machine meanwhile: {results['load']['peer']}, {results['load']['ours']}."
    return f"{_where(results)} {load}\n\n" + "\n".join(lines)


def _value(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:.3g} {unit}"
