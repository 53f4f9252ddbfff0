"""The clock's door: every minute, repair what a crash left behind."""

import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.bootstrap.shared import Handler
from functions.bootstrap.sweeper import SweeperParts, sweeper_parts
from functions.domain.errors import Unavailable
from functions.domain.failure import stack_of
from functions.duties import (
    gauge,
    reconcile_dead_letters,
    repair_due,
    repair_parked,
    repeat_reports,
)
from functions.settings import Settings
from functions.tallying import write_counters


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
            "due": partial(repair_due, parts, until(30_000)),
            "parked": partial(repair_parked, parts, until(20_000)),
            "reports": partial(repeat_reports, parts, until(15_000)),
            "dead letters": partial(reconcile_dead_letters, parts, until(10_000)),
            "gauges": partial(gauge, parts),
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


handler = build(sweeper_parts(Settings.from_environment(os.environ)))
