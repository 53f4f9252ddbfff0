"""How doors write their counters: once per call, and never at the cost of the work itself."""

from collections.abc import Mapping

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.domain.failure import stack_of
from functions.domain.ports import Counters


def write_counters(
    by_hour: Mapping[int, Mapping[str, int]],
    *,
    counters: Counters,
    logger: Logger,
    metrics: Metrics,
) -> None:
    """Raise the counters; if that fails, log it and go on: a notice matters more than its count."""
    if not by_hour:
        return
    try:
        counters.add(by_hour)
    except Exception as error:  # noqa: BLE001 - whatever it is, the mails have left
        logger.error(
            "counters not written", error_type=type(error).__name__, frames=stack_of(error)
        )
        metrics.add_metric(name="CountersLost", unit=MetricUnit.Count, value=1)
