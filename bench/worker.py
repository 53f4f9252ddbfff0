"""The queue's door, alone: CPU per job, time of a batch of ten, calls of AWS."""

import statistics
from collections.abc import Sequence
from typing import Any, Final

from bench import aws
from bench.figures import Figure, Target
from bench.process import away_from, on_core, started
from bench.stand_in import stand_in

RUNS: Final = 5
BATCHES: Final = 20
#: DynamoDB, SES and DynamoDB, one after the other
WAIT_MS: Final = 5 + 60 + 5


def measure() -> Sequence[Figure]:
    """Mail batches at no delay for the CPU, and at AWS's delays for the time."""
    cpu = _told("cpu", aws.AT_ONCE_S)
    wall = _told("wall", aws.AS_ON_AWS_S)
    return [
        Figure(
            name="worker.cpu_ms",
            what="worker: CPU per job, rendering included",
            unit="ms",
            runs=[run["cpu_ms"] for run in cpu],
        ),
        Figure(
            name="worker.cpu_ratio",
            what="worker: CPU beside its three boto3 calls alone",
            unit="x",
            runs=[run["cpu_ms"] / run["floor_ms"] for run in cpu],
            target=Target("<=", 1.3),
        ),
        Figure(
            name="worker.cpu_ratio_tuned",
            what="worker: CPU beside those calls with our settings of boto3",
            unit="x",
            runs=[run["cpu_ms"] / run["tuned_floor_ms"] for run in cpu],
        ),
        Figure(
            name="worker.batch_ms",
            what="worker: a batch of 10; DynamoDB 5 ms, SES 60 ms",
            unit="ms",
            runs=[statistics.median(run) for run in wall],
            target=Target("<=", 1.4 * WAIT_MS),
        ),
        Figure(
            name="worker.calls",
            what="worker: AWS calls per job, 0.1 of them for the hour's counters",
            unit="calls",
            runs=[run["calls"] for run in cpu],
        ),
    ]


def _told(what: str, delay_s: aws.Delays) -> list[Any]:
    with (
        away_from(0),
        stand_in(aws.answers(), delay_s=delay_s) as endpoint,
        on_core(0),
        started("bench.doors.worker", what, RUNS, BATCHES, endpoint=endpoint) as told,
    ):
        return list(told)
