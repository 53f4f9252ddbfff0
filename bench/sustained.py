"""Both doors on one core, from sign-in to mail: jobs a second, CPU, and memory that stays flat."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Final

from bench import aws
from bench.figures import Figure, Target
from bench.process import away_from, on_core, started
from bench.stand_in import stand_in

#: one long run: 5,000 jobs to warm up, then as many slices as a figure needs runs
WARM_UP: Final = 5_000
SLICE: Final = 3_000
SLICES: Final = 5
JOBS: Final = WARM_UP + SLICES * SLICE


def measure() -> Sequence[Figure]:
    """Post sign-ins and mail them; a figure's runs are slices of this one run."""
    accepted, mailed = _run()
    return [
        Figure(
            name="sustained.rate",
            what=f"API + worker on one core, {JOBS:,} jobs: rate",
            unit="jobs/s",
            runs=[SLICE / (end["at_s"] - begin["at_s"]) for begin, end in pairwise(mailed)],
            target=Target(">=", 200),
        ),
        Figure(
            name="total.cpu_ms",
            what="API + worker: CPU per job",
            unit="ms",
            runs=[
                sum((end["cpu_s"] - begin["cpu_s"]) / SLICE * 1000 for begin, end in door)
                for door in zip(pairwise(accepted), pairwise(mailed), strict=True)
            ],
            target=Target("<=", 1.3),
        ),
        *_memory("api", "API", accepted),
        *_memory("worker", "worker", mailed),
    ]


def _memory(name: str, door: str, marks: Sequence[dict[str, float]]) -> Iterator[Figure]:
    yield Figure(
        name=f"sustained.{name}_rss_mb",
        what=f"{door}: memory in use",
        unit="MB",
        runs=[mark["rss_mb"] for mark in marks[1:]],
    )
    yield Figure(
        name=f"sustained.{name}_growth_mb",
        what=f"{door}: growth of memory over the last {JOBS - WARM_UP:,} jobs",
        unit="MB",
        runs=[mark["rss_mb"] - marks[0]["rss_mb"] for mark in marks[1:]],
        target=Target("<=", 2),
        counts="highest",
    )


def _run() -> tuple[list[Any], list[Any]]:
    """Return what each door told after its warm-up and after each slice."""
    with (
        away_from(0),
        stand_in(aws.answers(), delay_s=aws.AT_ONCE_S) as endpoint,
        on_core(0),
        _piped(endpoint) as (accepting, mailing),
    ):
        mailed = []
        for mark in mailing:
            print(f"  {mark['jobs']:,} of {JOBS:,} jobs", file=sys.stderr, flush=True)
            mailed.append(mark)
        return list(accepting), mailed


@contextmanager
def _piped(endpoint: str) -> Iterator[tuple[Iterator[Any], Iterator[Any]]]:
    """Start both doors, the second one told by a pipe of what the first one accepted."""
    reads, writes = os.pipe()
    arguments = (JOBS, WARM_UP, SLICE)
    with (
        started(
            "bench.doors.mailing", reads, *arguments, endpoint=endpoint, inherited=[reads]
        ) as mailing,
        started(
            "bench.doors.accepting", writes, *arguments, endpoint=endpoint, inherited=[writes]
        ) as accepting,
    ):
        os.close(reads)
        os.close(writes)  # ours: the pipe ends with the one that accepts
        yield accepting, mailing
