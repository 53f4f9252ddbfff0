"""Tables, and numbers as people read them."""

from collections.abc import Iterable, Iterator, Sequence

from costs.tables import Price


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Return a table's lines, with an empty one after it."""
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"
    yield ""


def dollars(value: float) -> str:
    """Return an amount in cents, or in dollars if it is large."""
    return f"{value:,.2f}" if value < 10_000 else f"{value:,.0f}"  # noqa: PLR2004


def quantity(value: float) -> str:
    """Return three digits, or all of those before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004


def price(one: Price) -> str:
    """Return a price of one, or of a million if one costs next to nothing."""
    tiny = 0 < one.dollars < 0.001  # noqa: PLR2004
    value = f"${one.dollars * 1e6:g} a million" if tiny else f"${one.dollars:g}"
    return value if one.read_in else f"{value} (unconfirmed)"
