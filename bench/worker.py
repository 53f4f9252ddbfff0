"""The queue's door, alone: CPU per job, time of a batch of ten, calls of AWS."""

import statistics
from collections.abc import Sequence
from typing import Final

from bench import alone, aws
from bench.figures import Figure, Target

RUNS: Final = 5
BATCHES: Final = 20
#: DynamoDB, SES and DynamoDB, one after the other
WAIT_MS: Final = 5 + 60 + 5


def measure() -> Sequence[Figure]:
    """Mail batches at no delay for the CPU, and at AWS's delays for the time."""
    cpu = alone.told("worker", "cpu", RUNS, BATCHES, delay_s=aws.AT_ONCE_S)
    wall = alone.told("worker", "wall", RUNS, BATCHES, delay_s=aws.AS_ON_AWS_S)
    return [
        *alone.cpu(
            "worker", cpu, label="worker", per="job, rendering included", calls="three", most=1.3
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
