"""Dollars: of a million notices, and of a month without any."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final

from costs.facts import ALONE, FULL, TOLD, Facts
from costs.tables import prices
from infra import pace

MILLION: Final = 1_000_000
MONTH_S: Final = 365 * 86_400 / 12
_MONTH_MINUTES: Final = MONTH_S / 60
_GB: Final = 1e9
#: from so many sign-ins a second on, the queue always holds enough for full batches
_FULL_FROM: Final = 100
#: an event source asks with five long polls of 20 s when its queue is empty:
#: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
_POLLS: Final = 5
_POLL_S: Final = 20
#: how long a function keeps a secret, in minutes: functions/adapters/rotating_secret.py
_SECRET_MINUTES: Final = 5
#: DynamoDB adds to each row that it stores:
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
_ROW_BYTES: Final = 100
_MONTH_DAYS: Final = 365 / 12
#: without rules of one's own, X-Ray takes the first of each second and a part of the others:
#: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
_TRACED: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a bill."""

    component: str
    what: str
    quantity: float
    price: str

    @property
    def dollars(self) -> float:
        """What it comes to."""
        return self.quantity * prices()[self.price].dollars


def batch_at(rate: float) -> int:
    """Return how many messages travel together at so many sign-ins a second."""
    return FULL if rate >= _FULL_FROM else ALONE


def entered(component: str, *entries: tuple[str, float, str]) -> Iterator[Line]:
    """Return the lines of a component: what it is, how much of it, and the price's name."""
    for what, quantity, price in entries:
        yield Line(component=component, what=what, quantity=quantity, price=price)


def _worker_ms(facts: Facts, rate: float) -> float:
    """Return for how long a batch keeps its worker busy, waits for the pace included.

    One message alone is charged as long as ten side by side, which is more than it takes.
    """
    wall_ms = facts.ms("worker.batch_ms")
    paced_ms = (FULL - 1) * pace.interval_ms(round(rate)) if batch_at(rate) == FULL else 0
    return paced_ms + wall_ms


def per_notice(facts: Facts, rate: float) -> Iterator[Line]:
    """Bill one notice: a sign-in that is accepted, mailed and heard of, at this rate."""
    accept, batch, told = facts.accept, batch_at(rate), len(TOLD)
    yield from entered(
        "API Gateway",
        ("HTTP API requests", 1, "http_api_request"),
        ("answers, GB", accept.answer_bytes / _GB, "data_out_gb"),
    )
    yield from _lambda(facts, rate, batch)
    yield from _dynamodb(facts, batch)
    # each batch is received once and deleted once
    requests = accept.calls["sqs.SendMessage"] + 2 * (1 + told) / batch
    yield from entered("SQS", ("requests", requests, "sqs_request"))
    mails = facts.deliver(batch).calls["sesv2.SendEmail"] / batch
    yield from entered("SES", ("mails", mails, "ses_mail"))
    yield from entered(
        "SNS",
        ("events of SES", told, "sns_publish"),
        ("deliveries to SQS", told, "sns_delivery_to_sqs"),
    )
    yield from entered("CloudWatch", ("logs, GB", _logged(facts, batch) / _GB, "log_gb"))
    yield from entered("X-Ray", ("traces", _traces(rate, batch), "trace"))


def per_month(facts: Facts) -> Iterator[Line]:
    """Bill a month, whether there are notices or not."""
    deployed, sweep, sweeps = facts.deployed, facts.step("sweep"), _MONTH_MINUTES
    yield from entered(
        "CloudWatch",
        ("metrics of our own", len(facts.counted["metrics"]), "metric_month"),
        ("alarms, by metric", deployed["alarm_metrics"], "alarm_metric_month"),
        ("dashboard", deployed["dashboards"], "dashboard_month"),
    )
    yield from entered("KMS", ("keys", deployed["keys"], "key_month"))
    secret_reads = sum(facts.counted["waking"].values()) * _MONTH_MINUTES / _SECRET_MINUTES
    yield from entered(
        "Secrets Manager",
        ("secrets", deployed["secrets"], "secret_month"),
        ("reads, by one environment of each function", secret_reads, "secret_read"),
    )
    polls = deployed["event_sources"] * _POLLS * MONTH_S / _POLL_S
    yield from entered("SQS", ("empty receives", polls, "sqs_request"))
    yield from entered("EventBridge", ("minutes", sweeps, "scheduled_event"))
    call_ms = facts.ms("api.p50_ms") / facts.accept.all_calls
    seconds = sweeps * sweep.all_calls * call_ms / 1_000
    yield from entered(
        "Sweeper",
        ("requests", sweeps, "lambda_request"),
        ("GB-seconds", seconds * _gb(facts, "sweeper"), "lambda_gb_second_arm64"),
        ("index reads", sweeps * sweep.reads, "dynamodb_read_unit"),
        ("receives", sweeps * sweep.calls["sqs.ReceiveMessage"], "sqs_request"),
        ("logs, GB", sweeps * sweep.log_bytes / _GB, "log_gb"),
        ("traces", sweeps, "trace"),
    )


def _lambda(facts: Facts, rate: float, batch: int) -> Iterator[Line]:
    for door, requests, ms in (
        ("api", 1.0, facts.ms("api.p50_ms")),
        ("worker", 1 / batch, _worker_ms(facts, rate)),
        ("feedback", len(TOLD) / batch, batch * pace.FEEDBACK_EVENT_MS),
    ):
        billed_s = ceil(ms) / 1_000  # by the whole millisecond
        yield from entered(
            f"Lambda {door}",
            ("requests", requests, "lambda_request"),
            ("GB-seconds", requests * billed_s * _gb(facts, door), "lambda_gb_second_arm64"),
        )


def _dynamodb(facts: Facts, batch: int) -> Iterator[Line]:
    accept, deliver = facts.accept, facts.deliver(batch)
    recorded = sum(one.table_writes for one in facts.tell(batch)) / batch
    moved = sum(accept.index_writes.values()) + sum(deliver.index_writes.values()) / batch
    stored_bytes = facts.counted["rows"]["job"] + _ROW_BYTES
    stored = stored_bytes / _GB * facts.deployed["retention_days"] / _MONTH_DAYS
    delivered, write = deliver.table_writes / batch, "dynamodb_write_unit"
    yield from entered(
        "DynamoDB",
        ("writes: accept, in a transaction (double)", accept.table_writes, write),
        ("writes: claim, complete and count", delivered, write),
        ("writes: record events", recorded, write),
        ("writes: sparse index", moved, write),
        ("storage, GB-months", stored, "dynamodb_gb_month"),
        ("point-in-time recovery, GB-months", stored, "dynamodb_recovery_gb_month"),
    )


def _traces(rate: float, batch: int) -> float:
    """Return how many of a notice's calls are traced."""
    calls = (rate, rate / batch, rate * len(TOLD) / batch)
    traced = sum(min(one, 1) + _TRACED * max(0, one - 1) for one in calls)
    return traced / rate


def _logged(facts: Facts, batch: int) -> float:
    steps = [facts.deliver(batch), *facts.tell(batch)]
    return facts.accept.log_bytes + sum(one.log_bytes for one in steps) / batch


def _gb(facts: Facts, door: str) -> float:
    return float(facts.deployed["memory_mb"][door]) / 1_024
