"""The dated tables: what AWS charges, and where it stops."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Price:
    """One price of `prices.toml`."""

    name: str
    dollars: float
    unit: str
    #: where AWS says it
    page: str
    #: where it was read, and as of when that page speaks; None: unconfirmed
    read_in: str | None = None
    dated: str | None = None


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One default of `quotas.toml`."""

    value: int
    page: str
    unconfirmed: bool = False


@cache
def prices() -> dict[str, Price]:
    """Return all prices by name."""
    return {
        name: Price(name=name, **entry)
        for name, entry in _read("prices.toml").items()
        if isinstance(entry, dict)
    }


@cache
def looked_up() -> str:
    """Return where and when the prices hold."""
    table = _read("prices.toml")
    return f"{table['region']}, looked up on {table['looked_up']:%d %B %Y}"


@cache
def quotas() -> dict[str, Quota]:
    """Return all quotas by name."""
    return {name: Quota(**entry) for name, entry in _read("quotas.toml").items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))
