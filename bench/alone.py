"""A door alone on a core, and a stand-in for AWS on the others."""

from collections.abc import Sequence
from typing import Any

from bench import aws
from bench.figures import Figure, Target
from bench.process import away_from, on_core, started
from bench.stand_in import Delays, stand_in


def told(door: str, what: str, runs: int, events: int, *, delay_s: Delays) -> list[Any]:
    """Return what the door tells of each run; `what` is `cpu` or `wall`."""
    with (
        away_from(0),
        stand_in(aws.answers(), delay_s=delay_s) as endpoint,
        on_core(0),
        started(f"bench.doors.{door}", what, runs, events, endpoint=endpoint) as marks,
    ):
        return list(marks)


def cpu(
    door: str, runs: Sequence[Any], *, label: str, per: str, calls: str, most: float
) -> list[Figure]:
    """Return the figures of a door's CPU; beside its calls of AWS alone it has a target."""
    return [
        Figure(
            name=f"{door}.cpu_ms",
            what=f"{label}: CPU per {per}",
            unit="ms",
            runs=[run["cpu_ms"] for run in runs],
        ),
        Figure(
            name=f"{door}.cpu_ratio",
            what=f"{label}: CPU beside its {calls} boto3 calls alone",
            unit="x",
            runs=[run["cpu_ms"] / run["floor_ms"] for run in runs],
            target=Target("<=", most),
        ),
        Figure(
            name=f"{door}.cpu_ratio_tuned",
            what=f"{label}: CPU beside those calls with our settings of boto3",
            unit="x",
            runs=[run["cpu_ms"] / run["tuned_floor_ms"] for run in runs],
        ),
    ]
