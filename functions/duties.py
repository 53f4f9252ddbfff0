"""What the sweeper's duties share, and the duty of reports that stayed pending."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from aws_lambda_powertools import Logger

from functions.bootstrap.sweeper import SweeperParts
from functions.domain.errors import Unavailable
from functions.domain.failure import stack_of
from functions.domain.report import NothingToRepeat, NotRepeated, Repeated, repeat

#: what one sweep repeats at most; the rest waits a minute, and is told as a metric
REPORT_BUDGET: Final = 100

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Failed:
    """Nobody foresaw the error; the row stays as it is, and the others have their turn."""


def apart(step: Callable[[], Outcome], job_id: str, logger: Logger) -> Outcome | Failed:
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
        return Failed()


def count(outcomes: Iterable[object], kind: type) -> int:
    """Return how many of the outcomes are of a kind."""
    return sum(isinstance(outcome, kind) for outcome in outcomes)


def repeat_reports(parts: SweeperParts, is_over: Callable[[], bool]) -> dict[str, int]:
    """Tell the application of reports that it may not know of."""
    now_ms = parts.clock()
    job_ids = parts.reports.due(now_ms=now_ms, limit=REPORT_BUDGET)
    outcomes: list[Repeated | NotRepeated | NothingToRepeat | Failed] = []
    for job_id in job_ids:
        if is_over():
            break
        step = partial(repeat, job_id, reports=parts.reports, bus=parts.bus, clock=parts.clock)
        outcome = apart(step, job_id, parts.logger)
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
        "ReportsResent": count(outcomes, Repeated),
        "ReportsNotResent": count(outcomes, NotRepeated),
        "ReportsLeftOver": left_over,
        "RepairFailed": count(outcomes, Failed),
    }
