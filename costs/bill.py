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


def worker_ms(facts: Facts, rate: float) -> float:
    """Return for how long a batch keeps its worker busy, waits for the pace included.

    One message alone is charged as long as ten side by side, which is more than it takes.
    """
    wall_ms = facts.ms("worker.batch_ms")
    paced_ms = (FULL - 1) * pace.interval_ms(round(rate)) if batch_at(rate) == FULL else 0
    return paced_ms + wall_ms


def per_notice(facts: Facts, rate: float) -> Iterator[Line]:
    """Bill one notice: a sign-in that is accepted, mailed and heard of, at this rate."""
    batch = batch_at(rate)
    yield Line(
        component="API Gateway", what="HTTP API requests", quantity=1, price="http_api_request"
    )
    answered = facts.accept.answer_bytes / _GB
    yield Line(component="API Gateway", what="answers, GB", quantity=answered, price="data_out_gb")
    yield from _lambda(facts, rate, batch)
    yield from _dynamodb(facts, batch)
    sends = facts.accept.calls("sqs.SendMessage")
    # each batch is received once and deleted once
    requests = sends + 2 * (1 + len(TOLD)) / batch
    yield Line(component="SQS", what="requests", quantity=requests, price="sqs_request")
    mails = facts.deliver(batch).calls("sesv2.SendEmail") / batch
    yield Line(component="SES", what="mails", quantity=mails, price="ses_mail")
    yield Line(component="SNS", what="events of SES", quantity=len(TOLD), price="sns_publish")
    yield Line(
        component="SNS",
        what="deliveries to SQS",
        quantity=len(TOLD),
        price="sns_delivery_to_sqs",
    )
    logged = _logged(facts, batch) / _GB
    yield Line(component="CloudWatch", what="logs, GB", quantity=logged, price="log_gb")
    if facts.deployed["traced"]:
        yield Line(component="X-Ray", what="traces", quantity=_traces(rate, batch), price="trace")


def per_month(facts: Facts) -> Iterator[Line]:
    """Bill a month, whether there are notices or not."""
    deployed, sweep = facts.deployed, facts.step("sweep")
    yield Line(
        component="CloudWatch",
        what="metrics of our own",
        quantity=len(facts.counted["metrics"]),
        price="metric_month",
    )
    yield Line(
        component="CloudWatch",
        what="alarms, by metric",
        quantity=deployed["alarm_metrics"],
        price="alarm_metric_month",
    )
    yield Line(
        component="CloudWatch",
        what="dashboard",
        quantity=deployed["dashboards"],
        price="dashboard_month",
    )
    yield Line(component="KMS", what="keys", quantity=deployed["keys"], price="key_month")
    yield Line(
        component="Secrets Manager",
        what="secrets",
        quantity=deployed["secrets"],
        price="secret_month",
    )
    reads = sum(facts.counted["waking"].values()) * _MONTH_MINUTES / _SECRET_MINUTES
    yield Line(
        component="Secrets Manager",
        what="reads, by one environment of each function",
        quantity=reads,
        price="secret_read",
    )
    polls = deployed["event_sources"] * _POLLS * MONTH_S / _POLL_S
    yield Line(component="SQS", what="empty receives", quantity=polls, price="sqs_request")
    sweeps = _MONTH_MINUTES
    yield Line(component="EventBridge", what="minutes", quantity=sweeps, price="scheduled_event")
    yield Line(component="Sweeper", what="requests", quantity=sweeps, price="lambda_request")
    call_ms = facts.ms("api.p50_ms") / facts.accept.calls()
    seconds = sweeps * sweep.calls() * call_ms / 1_000
    yield Line(
        component="Sweeper",
        what="GB-seconds",
        quantity=seconds * _gb(facts, "sweeper"),
        price="lambda_gb_second_arm64",
    )
    yield Line(
        component="Sweeper",
        what="index reads",
        quantity=sweeps * sweep.reads,
        price="dynamodb_read_unit",
    )
    received = sweeps * sweep.calls("sqs.ReceiveMessage")
    yield Line(component="Sweeper", what="receives", quantity=received, price="sqs_request")
    logged = sweeps * sweep.log_bytes / _GB
    yield Line(component="Sweeper", what="logs, GB", quantity=logged, price="log_gb")
    yield Line(component="Sweeper", what="traces", quantity=sweeps, price="trace")


def _lambda(facts: Facts, rate: float, batch: int) -> Iterator[Line]:
    told = len(TOLD) / batch
    for door, requests, ms in (
        ("api", 1.0, facts.ms("api.p50_ms")),
        ("worker", 1 / batch, worker_ms(facts, rate)),
        ("feedback", told, batch * pace.FEEDBACK_EVENT_MS),
    ):
        component = f"Lambda {door}"
        yield Line(component=component, what="requests", quantity=requests, price="lambda_request")
        # billed by the whole millisecond
        yield Line(
            component=component,
            what="GB-seconds",
            quantity=requests * ceil(ms) / 1_000 * _gb(facts, door),
            price="lambda_gb_second_arm64",
        )


def _dynamodb(facts: Facts, batch: int) -> Iterator[Line]:
    for what, writes in (
        ("accept, in a transaction (double)", facts.accept.table_writes),
        ("claim, complete and count", facts.deliver(batch).table_writes / batch),
        ("record events", sum(one.table_writes for one in facts.tell(batch)) / batch),
        (
            "sparse index",
            sum(facts.accept.index_writes.values())
            + sum(facts.deliver(batch).index_writes.values()) / batch,
        ),
    ):
        yield Line(
            component="DynamoDB",
            what=f"writes: {what}",
            quantity=writes,
            price="dynamodb_write_unit",
        )
    stored_bytes = facts.counted["rows"]["job"] + _ROW_BYTES
    stored = stored_bytes / _GB * facts.deployed["retention_days"] / _MONTH_DAYS
    yield Line(
        component="DynamoDB", what="storage, GB-months", quantity=stored, price="dynamodb_gb_month"
    )
    yield Line(
        component="DynamoDB",
        what="point-in-time recovery, GB-months",
        quantity=stored,
        price="dynamodb_recovery_gb_month",
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
