"""The API's door, alone: CPU per accepted request, time to the answer, calls of AWS."""

import statistics
from collections.abc import Sequence
from typing import Final

from bench import alone, aws
from bench.figures import Figure, Target

RUNS: Final = 5
REQUESTS: Final = 200
#: DynamoDB and SQS, one after the other
WAIT_MS: Final = 5 + 8


def measure() -> Sequence[Figure]:
    """Post sign-ins at no delay for the CPU, and at AWS's delays for the time."""
    cpu = alone.told("api", "cpu", RUNS, REQUESTS, delay_s=aws.AT_ONCE_S)
    wall = alone.told("api", "wall", RUNS, REQUESTS, delay_s=aws.AS_ON_AWS_S)
    return [
        *alone.cpu("api", cpu, label="API", per="accepted sign-in", calls="two", most=1.25),
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
