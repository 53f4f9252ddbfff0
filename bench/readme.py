"""The README's section of figures: what `results.json` holds, and nothing else."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bench import table

RESULTS: Final = Path(__file__).parent / "results.json"
PEER: Final = Path(__file__).parent / "peer.json"
README: Final = Path(__file__).parents[1] / "README.md"
_BEGIN: Final = "<!-- figures: written by `make bench` -->\n"
_END: Final = "\n<!-- end of figures -->"


def write() -> None:
    """Put the newest results into the README."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    README.write_text(f"{before}{_BEGIN}{expected()}{_END}{after}", encoding="utf-8")


def shown() -> str:
    """Return what stands between the README's marks."""
    return README.read_text(encoding="utf-8").partition(_BEGIN)[2].partition(_END)[0]


def expected() -> str:
    """Return what has to stand there."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    figures = [table.restored(record) for record in results["figures"]]
    return f"{_where(results)}\n\n{table.markdown(figures)}\n\n{_beside_the_peer()}\n"


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
    head = ("beside the service that it replaces (`make bench-peer`)", "that one", "this one")
    lines = [f"| {' | '.join(row)} |" for row in (head, ("---",) * 3, *rows)]
    return f"{_where(results)}\n\n" + "\n".join(lines)


def _value(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:.3g} {unit}"
