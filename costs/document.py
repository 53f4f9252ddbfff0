"""docs/COST.md: what the service costs."""

from collections.abc import Iterable, Iterator
from typing import Final

from costs.always_on import break_even_a_month, dollars_a_month, per_month_always_on
from costs.bill import MILLION, MONTH_S, Line, batch_at, per_month, per_notice
from costs.facts import Facts
from costs.markdown import dollars, price, quantity, table
from costs.scale import scale
from costs.tables import looked_up, prices

#: the two loads that the bill is shown for: each message alone, and full batches
_QUIET, _BUSY = _SHOWN = (1, 100)
_MONTHLY: Final = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)


def document(facts: Facts) -> str:
    """Return the whole document."""
    lines = [
        *_head(facts),
        *_notice(facts),
        *_month(facts),
        *_compared(facts),
        *scale(facts),
        *_sources(),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _head(facts: Facts) -> Iterator[str]:
    bills = [list(per_notice(facts, rate)) for rate in _SHOWN]
    one, many = (_sum(bill) * MILLION for bill in bills)
    name, second = max(
        ((name, each) for name, each in _components(bills[0]).items() if name != "SES"),
        key=lambda pair: pair[1],
    )
    ses = prices()["ses_mail"].dollars * MILLION
    yield f"""# Cost and scale

<!-- Written by `make cost`, compared by `make check`. -->

A million notices cost **${one:,.0f}** at {_QUIET} sign-in a second, **${many:,.0f}** at {_BUSY}.
SES is ${ses:,.0f} of each; the next is {name}, ${second * MILLION:,.2f} at {_QUIET} a second.
A month without any notice costs **${_sum(per_month(facts)):,.2f}**.

Prices: {looked_up()}, first tier, without free tiers or tax. Calls, write units and
log bytes are counted by running the functions over an account in memory (costs/counted.json), the
settings are those of the synthesized stage `prod`, milliseconds come from bench/results.json. They
are a whole core's; a function of 1 GB has 0.58 of one, so that what Lambda charges for time may be
up to 1.7 times as much. Nothing here was read off a real bill.
"""


def _notice(facts: Facts) -> Iterator[str]:
    yield f"""## A million notices

Each is accepted, mailed, and both events of a mail that arrives are recorded. At {_QUIET} a second
each message travels alone; at {_BUSY} in batches of {batch_at(_BUSY)}, with `mails_per_second` set
to the load.
"""
    bills = [list(per_notice(facts, rate)) for rate in _SHOWN]
    columns = [f"$ at {rate}/s" for rate in _SHOWN]
    yield from table(
        ("component", "what", "how much", "price", *columns),
        [
            (
                lines[0].component,
                lines[0].what,
                " / ".join(dict.fromkeys(quantity(line.quantity * MILLION) for line in lines)),
                price(prices()[lines[0].price]),
                *(dollars(line.dollars * MILLION) for line in lines),
            )
            for lines in zip(*bills, strict=True)
        ],
    )
    sums = [_components(bill) for bill in bills]
    yield from table(
        ("component", *columns),
        [
            *((name, *(dollars(each[name] * MILLION) for each in sums)) for name in sums[0]),
            ("**all**", *(f"**{dollars(_sum(bill) * MILLION)}**" for bill in bills)),
        ],
    )
    essentials = prices()["ses_mail_essentials"].dollars * MILLION
    yield f"""- SES is priced a la carte. Accounts that are new since 21 July 2026 begin with
  Essentials, ${essentials:,.0f} a million, until they choose the plan `NONE`:
  `aws sesv2 put-account-pricing-attributes --plan NONE`.
- SES charges data only for attachments, and our mails have none.
- The acceptance's index writes are counted double, as its rows are: AWS does not say, so this is
  the upper bound. Rows that expire are deleted for nothing.
- X-Ray records the first call of each function in a second and 5% of the others, so that a quiet
  service is traced as a whole.
- Left out: attempts that fail, reads by the auth flow and by operators, reports, queries of the
  logs, KMS's requests (services keep data keys for minutes), and storing logs.
"""


def _month(facts: Facts) -> Iterator[str]:
    yield "## A month, with or without notices\n"
    yield from _bill(per_month(facts))
    yield "The keys rotate each year, and a version that was added costs as much as the key.\n"


def _compared(facts: Facts) -> Iterator[str]:
    yield """## Against what is always on

Redis, PostgreSQL and two containers, the smallest of each that survive the loss of a zone. Whether
they carry these loads was not tried. Their logs, metrics and alarms are left out, in their favour;
SES costs both the same.
"""
    yield from _bill(per_month_always_on())
    yield from table(
        ("notices a month", "a second", "this service, $", "always on, $", "of which SES, $"),
        [
            (
                f"{notices:,}",
                quantity(notices / MONTH_S),
                *map(dollars, dollars_a_month(facts, notices)),
                dollars(notices * prices()["ses_mail"].dollars),
            )
            for notices in _MONTHLY
        ],
    )
    even = break_even_a_month(facts)
    yield f"""Break-even: **{round(even, -4):,} notices a month**, {quantity(even / MONTH_S)} a
second all the time. Below it this service is cheaper; above it what is always on is, as long as it
need not grow and nobody's time is counted.
"""


def _sources() -> Iterator[str]:
    yield """## Where the prices are from

AWS's own pages fill their tables in by script: most numbers were read where somebody quotes them.
An **unconfirmed** price was found on no page.
"""
    yield from table(
        ("what", "price", "AWS's page", "read in"),
        [
            (
                one.unit,
                price(one),
                f"[{one.name}]({one.page})",
                f"[{one.dated}]({one.read_in})" if one.read_in else "**unconfirmed**",
            )
            for one in prices().values()
        ],
    )


def _bill(lines: Iterable[Line]) -> Iterator[str]:
    lines = list(lines)
    yield from table(
        ("component", "what", "how much", "price", "$ a month"),
        [
            *(
                (
                    line.component,
                    line.what,
                    quantity(line.quantity),
                    price(prices()[line.price]),
                    dollars(line.dollars),
                )
                for line in lines
            ),
            ("**all**", "", "", "", f"**{dollars(_sum(lines))}**"),
        ],
    )


def _components(lines: Iterable[Line]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for line in lines:
        sums[line.component] = sums.get(line.component, 0) + line.dollars
    return sums


def _sum(lines: Iterable[Line]) -> float:
    return sum(line.dollars for line in lines)
