"""The API's door, alone: CPU per accepted request, time to the answer, calls of AWS."""

import statistics
from collections.abc import Sequence
from typing import Any, Final

from bench import aws
from bench.figures import Figure, Target
from bench.process import away_from, on_core, started
from bench.stand_in import stand_in

RUNS: Final = 5
REQUESTS: Final = 200
#: DynamoDB and SQS, one after the other
WAIT_MS: Final = 5 + 8


def measure() -> Sequence[Figure]:
    """Post sign-ins at no delay for the CPU, and at AWS's delays for the time."""
    cpu = _told("cpu", aws.AT_ONCE_S)
    wall = _told("wall", aws.AS_ON_AWS_S)
    return [
        Figure(
            name="api.cpu_ms",
            what="API: CPU per accepted sign-in",
            unit="ms",
            runs=[run["cpu_ms"] for run in cpu],
        ),
        Figure(
            name="api.cpu_ratio",
            what="API: CPU beside its two boto3 calls alone",
            unit="x",
            runs=[run["cpu_ms"] / run["floor_ms"] for run in cpu],
            target=Target("<=", 1.25),
        ),
        Figure(
            name="api.cpu_ratio_tuned",
            what="API: CPU beside those calls with our settings of boto3",
            unit="x",
            runs=[run["cpu_ms"] / run["tuned_floor_ms"] for run in cpu],
        ),
        Figure(
            name="api.p50_ms",
            what="API: time to the 202, p50; DynamoDB 5 ms, SQS 8 ms",
            unit="ms",
            runs=[statistics.median(run) for run in wall],
            target=Target("<=", WAIT_MS + 4),
        ),
        Figure(
            name="api.p99_ms",
            what="API: time to the 202, p99",
            unit="ms",
            runs=[statistics.quantiles(run, n=100)[98] for run in wall],
            target=Target("<=", WAIT_MS + 12),
        ),
        Figure(
            name="api.calls",
            what="API: AWS calls per accepted sign-in",
            unit="calls",
            runs=[run["calls"] for run in cpu],
            target=Target("=", 2),
        ),
    ]


def _told(what: str, delay_s: aws.Delays) -> list[Any]:
    with (
        away_from(0),
        stand_in(aws.answers(), delay_s=delay_s) as endpoint,
        on_core(0),
        started("bench.doors.api", what, RUNS, REQUESTS, endpoint=endpoint) as told,
    ):
        return list(told)
