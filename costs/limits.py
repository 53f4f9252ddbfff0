"""Where the service ends as load grows: each limit, and the sign-ins per second that reach it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from costs.facts import ALONE, FULL, Facts
from costs.tables import quotas
from functions.adapters.dynamodb.items import SHARDS
from functions.domain.life import BACKOFF_MS
from infra import pace

#: what so many sign-ins a second use of a limit
Use = Callable[[int], float]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Something that there is only so much of."""

    what: str
    used: Use
    #: how much there is, in words and as a number
    default: str
    value: float
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
    every = [*_of_ours(facts), *_of_the_account(facts), *_of_dynamodb(facts), *_of_messages()]
    return sorted(every, key=lambda limit: limit.binds_above)


def _times(amount: float) -> Use:
    """Return the use of what each sign-in takes so much of."""
    return lambda rate: rate * amount


def _quota(name: str, used: Use, *, what: str, default: str, change: str, parts: int = 1) -> Limit:
    """Return a quota of AWS as a limit; `default` names its value in braces."""
    quota = quotas()[name]
    return Limit(
        what=what,
        used=used,
        default=default.format(f"{quota.value:,}"),
        value=quota.value * parts,
        source=quota.page,
        unconfirmed=quota.unconfirmed,
        change=change,
    )


def _of_ours(facts: Facts) -> Iterator[Limit]:
    mails, posts = facts.deployed["mails_per_second"], facts.deployed["post_rate"]
    repairs = facts.counted["repairs_a_sweep"]
    yield Limit(
        what="SES's send rate, as `mails_per_second` tells it",
        used=_times(1),
        default=f"{mails} in `stages/prod.toml`",
        value=mails,
        source="stages/prod.toml",
        change="Ask SES for the rate, and for 86,400 times as many mails a day; then set"
        " `mails_per_second`. Beyond it mails wait in the queue, none is lost.",
    )
    yield Limit(
        what="the route's own throttle",
        used=_times(1),
        default=f"{posts} requests a second in `stages/prod.toml`",
        value=posts,
        source="stages/prod.toml",
        change="`[throttling] post_sign_in`.",
    )
    yield Limit(
        what="the sweeper's budget, if SQS takes no message at all",
        used=_times(1),
        default=f"{repairs:,} repairs a minute",
        value=repairs / 60,
        source="functions/duties.py",
        change="`DUE_BUDGET`. Only what SQS refused needs it; the rest of it waits for a minute"
        " more, and is told as `DueLeftOver`.",
    )


def _of_the_account(facts: Facts) -> Iterator[Limit]:
    api_s = facts.ms("api.p50_ms") / 1_000
    yield _quota(
        "ses_sandbox_per_second",
        _times(1),
        what="SES's sandbox",
        default="{} mail a second, 200 a day",
        change="Ask SES for production access.",
    )
    yield _quota(
        "http_api_requests",
        _times(1),
        what="API Gateway's throttle of the account",
        default="{} requests a second",
        change="Raise the quota (L-8A5B8E43); some regions begin with 2,500.",
    )
    yield _quota(
        "lambda_concurrency",
        lambda rate: (
            rate * api_s + pace.workers(rate) + pace.feedback_functions(rate) if rate else 0
        ),
        what="Lambda's concurrency: api, worker and feedback together",
        default="{} of the account; new accounts have less",
        change="Raise the quota, before the throttle of the route.",
    )
    yield _quota(
        "event_source_concurrency",
        _times(pace.WORKER_BATCH_MS / 1_000),  # not `pace.workers`, which stops there
        what="the worker's event source",
        default="{} functions at once",
        change="Provisioned mode of the event source, or a second queue with a worker of its own;"
        " above it the workers fall behind the rate, and mails wait. On the way there it adds up to"
        " 300 functions a minute.",
    )


def _of_dynamodb(facts: Facts) -> Iterator[Limit]:
    accepted, delivered = facts.accept, facts.deliver(ALONE)
    # beside the claim and the completion
    counters = delivered.calls["dynamodb.UpdateItem"] - 2
    in_full_batches = quotas()["partition_writes"].value * FULL // counters
    yield _quota(
        "partition_writes",
        _times(counters),
        what="the hour's row of counters, if each message travels alone",
        default="{} write units of one row",
        change="Shard the row (`hour#<start>#<shard>`). In full batches it binds above"
        f" {in_full_batches:,}. Counters lag or are lost, no mail is.",
    )
    for state in ("enqueued", "processing"):
        yield _quota(
            "partition_writes",
            _times(sum(step.index_writes.get(state, 0) for step in (accepted, delivered))),
            what=f"the sparse index, `{state}#00` to `#{SHARDS - 1}`",
            default=f"{SHARDS} shards of {{}} write units",
            parts=SHARDS,
            change="`SHARDS` in functions/adapters/dynamodb/items.py; the sweeper's queries grow"
            " with it. A throttled index throttles the table's writes.",
        )
    for name, what, change in (
        (
            "new_table_writes",
            "a new table's first writes, rows and index",
            "Warm it up before the load comes (warm throughput); it doubles within 30 minutes.",
        ),
        ("table_writes", "the table's writes, rows and index", "Raise the quota."),
    ):
        yield _quota(
            name,
            _times(facts.writes(ALONE)),
            what=what,
            default="{} write units a second",
            change=change,
        )


def _of_messages() -> Iterator[Limit]:
    waits_s = sum(BACKOFF_MS) / 1_000
    yield _quota(
        "queue_in_flight",
        lambda rate: rate * waits_s + pace.workers(rate) * FULL,
        what=f"SQS's messages in flight, if every mail fails and backs off ({waits_s:.0f} s)",
        default="{} of a standard queue",
        change="Pause the worker (`make pause`) for as long as SES is out; or raise the quota.",
    )
    yield _quota(
        "topic_publishes",
        _times(pace.EVENTS_PER_MAIL),
        what=f"SNS's publishes, {pace.EVENTS_PER_MAIL} events a mail at most",
        default="{} a second in us-east-1",
        change="Raise the quota; events that SES can't publish are lost, the mails are not.",
    )
