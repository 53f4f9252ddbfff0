"""The sweeper's duties: each does so much at most, and returns its metrics."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Final, TypeVar

from aws_lambda_powertools import Logger

from functions.adapters.sqs import Received, parse_message
from functions.bootstrap.sweeper import SweeperParts
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
from functions.domain.report import NothingToRepeat, NotRepeated, Repeated, repeat

#: what one sweep repairs at most; the rest waits a minute, and is told as a metric
DUE_BUDGET: Final = 1_000
#: parked jobs have a budget of their own, so that they never starve other repairs
PARKED_BUDGET: Final = 200
REPORT_BUDGET: Final = 100
DEAD_LETTER_BATCHES: Final = 20

#: calls under way at once
_THREADS: Final = 10
_WORKING: Final = (Status.ENQUEUED, Status.PROCESSING, Status.RETRYING)

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class _Failed:
    """Nobody foresaw the error; the row stays as it is, and the others have their turn."""


def repair_due(parts: SweeperParts, is_over: Callable[[], bool]) -> dict[str, int]:
    """Move jobs on that should have moved on by themselves."""
    return _repair_all(parts, _WORKING, "Due", DUE_BUDGET, is_over)


def repair_parked(parts: SweeperParts, is_over: Callable[[], bool]) -> dict[str, int]:
    """Let parked jobs go whose stay is over."""
    return _repair_all(parts, (Status.PARKED,), "Parked", PARKED_BUDGET, is_over)


def _repair_all(
    parts: SweeperParts,
    statuses: Collection[Status],
    kind: str,
    budget: int,
    is_over: Callable[[], bool],
) -> dict[str, int]:
    now_ms = parts.clock()
    job_ids = parts.repairs.due(statuses, now_ms=now_ms, limit=budget)
    enough = Event()
    with ThreadPoolExecutor(max_workers=_THREADS) as threads:
        repairs = list(threads.map(partial(_repair_apart, parts, enough, is_over), job_ids))
    left_over = 0
    if enough.is_set() or len(job_ids) == budget:
        left_over = parts.repairs.count_due(statuses, now_ms=now_ms)
    ended = Counter(outcome.job.status for outcome in repairs if isinstance(outcome, MovedOn))
    return {
        # as the worker tells of those that end in its hands
        "Completed": ended[Status.COMPLETED],
        "Dead": ended[Status.DLQ],
        f"{kind}Resent": _count(repairs, Resent),
        f"{kind}NotResent": _count(repairs, NotResent),
        f"{kind}MovedOn": _count(repairs, MovedOn),
        f"{kind}LeftOver": left_over,
        "RepairFailed": _count(repairs, _Failed),
    }


def _repair_apart(
    parts: SweeperParts, enough: Event, is_over: Callable[[], bool], job_id: str
) -> Repair | _Failed:
    if is_over():
        enough.set()
    return _apart(partial(_repair, parts, enough, job_id), job_id, parts.logger)


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


def repeat_reports(parts: SweeperParts, is_over: Callable[[], bool]) -> dict[str, int]:
    """Tell the application of reports that it may not know of."""
    now_ms = parts.clock()
    job_ids = parts.reports.due(now_ms=now_ms, limit=REPORT_BUDGET)
    outcomes: list[Repeated | NotRepeated | NothingToRepeat | _Failed] = []
    for job_id in job_ids:
        if is_over():
            break
        step = partial(repeat, job_id, reports=parts.reports, bus=parts.bus, clock=parts.clock)
        outcome = _apart(step, job_id, parts.logger)
        outcomes.append(outcome)
        if isinstance(outcome, NotRepeated):
            # To advance more due times than events can follow would only put reports off.
            parts.logger.warning(
                "report not repeated", job_id=job_id, frames=stack_of(outcome.cause)
            )
            break
        if isinstance(outcome, Repeated):
            parts.logger.info("report repeated", job_id=job_id)
    left_over = 0
    if len(outcomes) < len(job_ids) or len(job_ids) == REPORT_BUDGET:
        left_over = parts.reports.count_due(now_ms=now_ms)
    return {
        "ReportsResent": _count(outcomes, Repeated),
        "ReportsNotResent": _count(outcomes, NotRepeated),
        "ReportsLeftOver": left_over,
        "RepairFailed": _count(outcomes, _Failed),
    }


def reconcile_dead_letters(parts: SweeperParts, is_over: Callable[[], bool]) -> dict[str, int]:
    """Delete dead letters that say nothing new, and list those that belong to no job."""
    outcomes: list[Delete | Keep | Listed | _Failed] = []
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
        "DeadLettersDeleted": _count(outcomes, Delete),
        "DeadLettersListed": _count(outcomes, Listed),
        "DeadLettersLeftOver": left_over,
        "RepairFailed": _count(outcomes, _Failed),
    }


def _reconcile_apart(letter: Received, parts: SweeperParts) -> Delete | Keep | Listed | _Failed:
    message = parse_message(letter.body)
    orphan_id = keyed_job_id("", letter.body)
    job_id = message.job_id if message else orphan_id
    return _apart(partial(_reconcile, letter, message, orphan_id, parts), job_id, parts.logger)


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


def gauge(parts: SweeperParts) -> dict[str, int]:
    """Count what waits for somebody: alarms on these stay red as long as it is so."""
    counts = parts.states.count((Status.PARKED, Status.DLQ)).counts
    return {"ParkedNow": counts[Status.PARKED], "DeadNow": counts[Status.DLQ]}


def _apart(step: Callable[[], Outcome], job_id: str, logger: Logger) -> Outcome | _Failed:
    """Take a step whose unforeseen error is not the others'."""
    try:
        return step()
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one row's fault is not the others'
        # Never the message: it may name an address.
        logger.error(
            "repair failed unforeseen",
            job_id=job_id,
            error_type=type(error).__name__,
            frames=stack_of(error),
        )
        return _Failed()


def _count(outcomes: Iterable[object], kind: type) -> int:
    """Return how many of the outcomes are of a kind."""
    return sum(isinstance(outcome, kind) for outcome in outcomes)
