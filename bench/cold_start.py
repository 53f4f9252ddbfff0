"""How long a fresh process takes from nothing to a handler, beside the least that it has to load.

As on Lambda: from the bundle alone, without bytecode, for a bundle has none and its folder can't be
written to. CPU time, so that other processes of this machine count little; a door and its floor
take turns, and a ratio is of one turn.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.figures import Figure, Target
from bench.process import FUNCTION
from infra.bundle import THIS_MACHINE, Bundle

RUNS: Final = 11
_MOST: Final = Target("<=", 1.15)
_FLOORS: Final = Path(__file__).parent / "floors"

_START: Final = """
import sys, time
sys.path.insert(0, sys.argv[1])
began = time.process_time()
__import__(sys.argv[2])
print((time.process_time() - began) * 1000)
"""
_ENVIRONMENT: Final = FUNCTION | {
    "QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/jobs",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/dead",
}


def measure() -> Sequence[Figure]:
    """Start each door, several times."""
    with TemporaryDirectory() as directory:
        Bundle(THIS_MACHINE).try_bundle(directory)
        shutil.copytree(_FLOORS, Path(directory) / "floors")
        return [
            *_beside_floor(directory, "api", "the API's cold start"),
            *_beside_floor(directory, "worker", "the worker's cold start"),
            *(
                Figure(
                    name=f"cold_start.{door}",
                    what=f"cold start of the {door} door, CPU",
                    unit="ms",
                    runs=[_start_ms(directory, f"functions.{door}") for _ in range(RUNS)],
                )
                for door in ("admin", "report", "feedback", "sweeper")
            ),
        ]


def _beside_floor(bundle: str, door: str, what: str) -> Sequence[Figure]:
    turns = [
        (_start_ms(bundle, f"functions.{door}"), _start_ms(bundle, f"floors.{door}"))
        for _ in range(RUNS)
    ]
    return [
        Figure(
            name=f"cold_start.{door}",
            what=f"{what}, CPU",
            unit="ms",
            runs=[ours for ours, _ in turns],
        ),
        Figure(
            name=f"cold_start.{door}_ratio",
            what=f"{what} to the least that it has to load",
            unit="x",
            runs=[ours / floor for ours, floor in turns],
            target=_MOST,
        ),
    ]


def _start_ms(bundle: str, module: str) -> float:
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own program
        # isolated, without site-packages, and without a place for bytecode
        [sys.executable, "-I", "-S", "-B", "-c", _START, bundle, module],
        env=_ENVIRONMENT,
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)
