"""The clock's door: every minute, repair what a crash left behind."""

import os
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.sqs import Received, parse_message
from functions.bootstrap.shared import Handler
from functions.bootstrap.sweeper import SweeperParts, sweeper_parts
from functions.domain.accept import keyed_job_id
from functions.domain.errors import Unavailable
from functions.domain.failure import stack_of
from functions.domain.model import Message, Status
from functions.domain.reconcile import (
    Delete,
    Keep,
    Listed,
    MovedOn,
    NothingToRepair,
    NotResent,
    Repair,
    Resent,
    reconcile,
    repair,
)
from functions.duties import Failed, apart, count, repeat_reports
from functions.settings import Settings
from functions.tallying import write_counters

#: what one sweep repairs at most; the rest waits a minute, and is told as a metric
DUE_BUDGET: Final = 1_000
PARKED_BUDGET: Final = 200
DEAD_LETTER_BATCHES: Final = 20
#: calls under way at once
THREADS: Final = 10

#: parked jobs have a budget of their own, so that they never starve other repairs
_WORKING: Final = (Status.ENQUEUED, Status.PROCESSING, Status.RETRYING)
_PARKED: Final = (Status.PARKED,)


class DutyFailed(Exception):
    """A duty met an error that nobody foresaw; it is in the log."""


def build(parts: SweeperParts) -> Handler:
    """Return the door's Lambda handler over these parts."""

    @parts.logger.inject_lambda_context
    @parts.metrics.log_metrics
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        del event

        def until(left_ms: int) -> Callable[[], bool]:
            return lambda: context.get_remaining_time_in_millis() < left_ms

        # Each leaves time to those behind it, should every call take long.
        duties = {
            "due": partial(_repair_due, parts, _WORKING, "Due", DUE_BUDGET, until(30_000)),
            "parked": partial(_repair_due, parts, _PARKED, "Parked", PARKED_BUDGET, until(20_000)),
            "reports": partial(repeat_reports, parts, until(15_000)),
            "dead letters": partial(_reconcile_dead_letters, parts, until(10_000)),
            "gauges": partial(_gauge, parts),
        }
        # Alarms watch these two: the one that it comes, the other that it is 0.
        counts = Counter(Swept=1, RepairFailed=0)
        for name, duty in duties.items():
            counts.update(_perform(name, duty, parts))
        write_counters(
            parts.jobs.take(), counters=parts.counters, logger=parts.logger, metrics=parts.metrics
        )
        for metric, value in counts.items():
            parts.metrics.add_metric(name=metric, unit=MetricUnit.Count, value=value)
        if counts["DutyFailed"]:
            # Nothing repeats this sweep, the next is due; but the alarm on errors is to see it.
            raise DutyFailed
        return {}

    return handler


def _perform(name: str, duty: Callable[[], dict[str, int]], parts: SweeperParts) -> dict[str, int]:
    """Perform a duty; the other duties may fare better, and the next sweep comes in a minute."""
    try:
        return duty()
    except Unavailable:
        parts.logger.warning("duty interrupted", duty=name)
        return {"DutyInterrupted": 1}
    except Exception as error:  # noqa: BLE001 - one duty's fault is not the others'
        # Never the message: it may name an address.
        parts.logger.error(
            "duty failed unforeseen",
            duty=name,
            error_type=type(error).__name__,
            frames=stack_of(error),
        )
        return {"DutyFailed": 1}


def _repair_due(
    parts: SweeperParts,
    statuses: Collection[Status],
    kind: str,
    budget: int,
    is_over: Callable[[], bool],
) -> dict[str, int]:
    now_ms = parts.clock()
    job_ids = parts.repairs.due(statuses, now_ms=now_ms, limit=budget)
    enough = Event()
    with ThreadPoolExecutor(max_workers=THREADS) as threads:
        repairs = list(threads.map(partial(_repair_apart, parts, enough, is_over), job_ids))
    left_over = 0
    if enough.is_set() or len(job_ids) == budget:
        left_over = parts.repairs.count_due(statuses, now_ms=now_ms)
    ended = Counter(outcome.job.status for outcome in repairs if isinstance(outcome, MovedOn))
    return {
        # as the worker tells of those that end in its hands
        "Completed": ended[Status.COMPLETED],
        "Dead": ended[Status.DLQ],
        f"{kind}Resent": count(repairs, Resent),
        f"{kind}NotResent": count(repairs, NotResent),
        f"{kind}MovedOn": count(repairs, MovedOn),
        f"{kind}LeftOver": left_over,
        "RepairFailed": count(repairs, Failed),
    }


def _repair_apart(
    parts: SweeperParts, enough: Event, is_over: Callable[[], bool], job_id: str
) -> Repair | Failed:
    if is_over():
        enough.set()
    return apart(partial(_repair, parts, enough, job_id), job_id, parts.logger)


def _repair(parts: SweeperParts, enough: Event, job_id: str) -> Repair:
    if enough.is_set():
        # The time is up, or the queue is down: to advance more due times than messages can follow
        # would only put jobs off.
        return NothingToRepair()
    outcome = repair(
        job_id, reader=parts.reader, jobs=parts.jobs, queue=parts.queue, clock=parts.clock
    )
    match outcome:
        case NotResent():
            enough.set()
            parts.logger.warning("job not resent", job_id=job_id)
        case Resent(job=job) | MovedOn(job=job):
            parts.logger.info(
                "job repaired",
                job_id=job_id,
                repair=type(outcome).__name__,
                status=job.status,
                times_resent=job.times_resent,
                error_type=job.last_failure and job.last_failure.error_type,
            )
    return outcome


def _gauge(parts: SweeperParts) -> dict[str, int]:
    """Count what waits for somebody: alarms on these stay red as long as it is so."""
    counts = parts.counters.count_states((Status.PARKED, Status.DLQ)).counts
    return {"ParkedNow": counts[Status.PARKED], "DeadNow": counts[Status.DLQ]}


def _reconcile_dead_letters(parts: SweeperParts, is_over: Callable[[], bool]) -> dict[str, int]:
    outcomes: list[Delete | Keep | Listed | Failed] = []
    left_over = 0
    for _ in range(DEAD_LETTER_BATCHES):
        letters = parts.dead_letters.receive()
        outcomes += [_reconcile_apart(letter, parts) for letter in letters]
        if not letters:
            break
        if is_over():
            left_over = parts.dead_letters.count()
            break
    else:
        left_over = parts.dead_letters.count()
    return {
        "DeadLettersDeleted": count(outcomes, Delete),
        "DeadLettersListed": count(outcomes, Listed),
        "DeadLettersLeftOver": left_over,
        "RepairFailed": count(outcomes, Failed),
    }


def _reconcile_apart(letter: Received, parts: SweeperParts) -> Delete | Keep | Listed | Failed:
    message = parse_message(letter.body)
    orphan_id = keyed_job_id("", letter.body)
    job_id = message.job_id if message else orphan_id
    return apart(partial(_reconcile, letter, message, orphan_id, parts), job_id, parts.logger)


def _reconcile(
    letter: Received, message: Message | None, orphan_id: str, parts: SweeperParts
) -> Delete | Keep | Listed:
    outcome = reconcile(
        message,
        orphan_id=orphan_id,
        reader=parts.reader,
        orphans=parts.repairs,
        clock=parts.clock,
    )
    match outcome:
        case Delete():
            parts.dead_letters.delete(letter)
        case Listed(job=job):
            parts.logger.error("dead letter without a job", job_id=job.job_id)
    return outcome


handler = build(sweeper_parts(Settings.from_environment(os.environ)))
