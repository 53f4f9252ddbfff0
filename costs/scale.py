"""docs/COST.md: where the service ends."""

from collections.abc import Iterator
from typing import Final

from costs.bill import MONTH_S, per_month, per_notice
from costs.facts import Facts
from costs.limits import Limit, limits
from costs.markdown import dollars, table
from infra import pace

RATES: Final = (1, 100, 1_000, 10_000)
#: how a share is shown: as so many times from here on, and as next to nothing below that
_TIMES, _LEAST = 10, 0.005


def scale(facts: Facts) -> Iterator[str]:
    """Return the part about growing loads."""
    every = limits(facts)
    yield """## Limits, in the order in which load reaches them

Above 100% a limit binds.
"""
    yield from table(
        ("limit", "default", "binds above, sign-ins/s", *(f"at {rate:,}/s" for rate in RATES)),
        [
            (
                limit.what,
                _default(limit),
                f"{limit.binds_above:,}",
                *(_share(limit, rate) for rate in RATES),
            )
            for limit in every
        ],
    )
    yield """How many functions mail, and how many take events, is not guessed: it follows from
`mails_per_second` (infra/pace.py), so that the interval between two sends of one worker covers the
end of its batch.
"""
    yield from table(
        ("`mails_per_second`", "workers", "interval of each", "feedback functions", "$ a month"),
        [
            (
                f"{rate:,}",
                f"{pace.workers(rate):,}",
                f"{pace.interval_ms(rate):,} ms",
                f"{pace.feedback_functions(rate):,}",
                dollars(_a_month(facts, rate)),
            )
            for rate in RATES
        ],
    )
    passed = 0
    for rate in RATES:
        yield f"### At {rate:,} sign-in{'s' * (rate > 1)} a second\n"
        new = [limit for limit in every if passed <= limit.binds_above < rate]
        for limit in new:
            yield f"- {limit.what} ({limit.binds_above:,}/s): {limit.change}"
        yield "" if new else "Nothing is in the way.\n"
        passed = rate


def _default(limit: Limit) -> str:
    source = limit.source if limit.source.startswith("https:") else f"../{limit.source}"
    return f"[{limit.default}]({source}){' (unconfirmed)' * limit.unconfirmed}"


def _share(limit: Limit, rate: int) -> str:
    share = limit.used(rate) / limit.value
    if share > 1:
        return f"**{share:,.0f} times**" if share >= _TIMES else f"**{share:.0%}**"
    return f"{share:.0%}" if share >= _LEAST else "less than 1%"


def _a_month(facts: Facts, rate: int) -> float:
    by_notice = sum(line.dollars for line in per_notice(facts, rate))
    return sum(line.dollars for line in per_month(facts)) + by_notice * rate * MONTH_S
