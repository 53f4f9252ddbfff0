"""Where the service ends as load grows: each limit, and the sign-ins per second that reach it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import mul

from costs.facts import ALONE, FULL, Facts
from costs.tables import Quota, quotas
from functions.adapters.dynamodb.items import SHARDS
from functions.domain.life import BACKOFF_MS
from infra import pace


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Something that there is only so much of."""

    what: str
    #: how much there is, in words and as a number
    default: str
    value: float
    #: what so many sign-ins a second use of it
    used: Callable[[int], float]
    #: where the value comes from: a page of AWS, or a file of ours
    source: str
    unconfirmed: bool = False
    #: what to raise or change
    change: str

    @property
    def binds_above(self) -> int:
        """The most sign-ins per second that fit."""
        low, high = 0, 10_000_000
        while low < high:
            middle = (low + high + 1) // 2
            if self.used(middle) <= self.value:
                low = middle
            else:
                high = middle - 1
        return low


def limits(facts: Facts) -> list[Limit]:
    """Return all limits, in the order in which a growing load reaches them."""
    every = [*_of_ses(facts), *_of_requests(facts), *_of_lambda(facts), *_of_dynamodb(facts)]
    return sorted([*every, *_of_messages(facts)], key=lambda limit: limit.binds_above)


def _quota(name: str) -> tuple[Quota, str]:
    quota = quotas()[name]
    return quota, f"{quota.value:,}"


def _of_ses(facts: Facts) -> Iterator[Limit]:
    sandbox, number = _quota("ses_sandbox_per_second")
    yield Limit(
        what="SES's sandbox",
        default=f"{number} mail a second, 200 a day",
        value=sandbox.value,
        used=lambda rate: rate,
        source=sandbox.page,
        change="Ask SES for production access.",
    )
    rate_of_stage = facts.deployed["mails_per_second"]
    yield Limit(
        what="SES's send rate, as `mails_per_second` tells it",
        default=f"{rate_of_stage} in `stages/prod.toml`",
        value=rate_of_stage,
        used=lambda rate: rate,
        source="stages/prod.toml",
        change="Ask SES for the rate, and for 86,400 times as many mails a day; then set"
        " `mails_per_second`. Beyond it mails wait in the queue, none is lost.",
    )


def _of_requests(facts: Facts) -> Iterator[Limit]:
    of_route = facts.deployed["post_rate"]
    yield Limit(
        what="the route's own throttle",
        default=f"{of_route} requests a second in `stages/prod.toml`",
        value=of_route,
        used=lambda rate: rate,
        source="stages/prod.toml",
        change="`[throttling] post_sign_in`.",
    )
    of_account, number = _quota("http_api_requests")
    yield Limit(
        what="API Gateway's throttle of the account",
        default=f"{number} requests a second",
        value=of_account.value,
        used=lambda rate: rate,
        source=of_account.page,
        change="Raise the quota (L-8A5B8E43); some regions begin with 2,500.",
    )


def _of_lambda(facts: Facts) -> Iterator[Limit]:
    account, number = _quota("lambda_concurrency")
    api_s = facts.ms("api.p50_ms") / 1_000
    yield Limit(
        what="Lambda's concurrency: api, worker and feedback together",
        default=f"{number} of the account; new accounts have less",
        value=account.value,
        used=lambda rate: (
            rate * api_s + pace.workers(rate) + pace.feedback_functions(rate) if rate else 0
        ),
        source=account.page,
        change="Raise the quota, before the throttle of the route.",
    )
    source, number = _quota("event_source_concurrency")
    yield Limit(
        what="the worker's event source",
        default=f"{number} functions at once",
        value=source.value,
        # not `pace.workers`, which stops there
        used=lambda rate: rate * pace.WORKER_BATCH_MS / 1_000,
        source=source.page,
        change="Provisioned mode of the event source, or a second queue with a worker of its own;"
        " above it the workers fall behind the rate, and mails wait. On the way there it adds up to"
        " 300 functions a minute.",
    )


def _of_dynamodb(facts: Facts) -> Iterator[Limit]:
    partition, number = _quota("partition_writes")
    counters = facts.deliver(ALONE).calls("dynamodb.UpdateItem") - 2
    yield Limit(
        what="the hour's row of counters, if each message travels alone",
        default=f"{number} write units of one row",
        value=partition.value,
        used=lambda rate: rate * counters,
        source=partition.page,
        change="Shard the row (`hour#<start>#<shard>`). In full batches it binds above"
        f" {partition.value * FULL // counters:,}. Counters lag or are lost, no mail is.",
    )
    for state in ("enqueued", "processing"):
        steps = (facts.accept, facts.deliver(ALONE))
        of_job = sum(step.index_writes.get(state, 0) for step in steps)
        yield Limit(
            what=f"the sparse index, `{state}#00` to `#{SHARDS - 1}`",
            default=f"{SHARDS} shards of {number} write units",
            value=SHARDS * partition.value,
            used=partial(mul, of_job),
            source=partition.page,
            change="`SHARDS` in functions/adapters/dynamodb/items.py; the sweeper's queries grow"
            " with it. A throttled index throttles the table's writes.",
        )
    writes = facts.writes(ALONE)
    for name, what, change in (
        (
            "new_table_writes",
            "a new table's first writes, rows and index",
            "Warm it up before the load comes (warm throughput); it doubles within 30 minutes.",
        ),
        ("table_writes", "the table's writes, rows and index", "Raise the quota."),
    ):
        quota, number = _quota(name)
        yield Limit(
            what=what,
            default=f"{number} write units a second",
            value=quota.value,
            used=partial(mul, writes),
            source=quota.page,
            change=change,
        )


def _of_messages(facts: Facts) -> Iterator[Limit]:
    repairs = facts.counted["repairs_a_sweep"]
    yield Limit(
        what="the sweeper's budget, if SQS takes no message at all",
        default=f"{repairs:,} repairs a minute",
        value=repairs / 60,
        used=lambda rate: rate,
        source="functions/duties.py",
        change="`DUE_BUDGET`. Only what SQS refused needs it; the rest of it waits for a minute"
        " more, and is told as `DueLeftOver`.",
    )
    in_flight, number = _quota("queue_in_flight")
    waits_s = sum(BACKOFF_MS) / 1_000
    yield Limit(
        what=f"SQS's messages in flight, if every mail fails and backs off ({waits_s:.0f} s)",
        default=f"{number} of a standard queue",
        value=in_flight.value,
        used=lambda rate: rate * waits_s + pace.workers(rate) * FULL,
        source=in_flight.page,
        change="Pause the worker (`make pause`) for as long as SES is out; or raise the quota.",
    )
    publishes, number = _quota("topic_publishes")
    yield Limit(
        what=f"SNS's publishes, {pace.EVENTS_PER_MAIL} events a mail at most",
        default=f"{number} a second in us-east-1",
        value=publishes.value,
        used=lambda rate: rate * pace.EVENTS_PER_MAIL,
        source=publishes.page,
        unconfirmed=publishes.unconfirmed,
        change="Raise the quota; events that SES can't publish are lost, the mails are not.",
    )
