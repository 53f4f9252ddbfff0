"""What Lambda unpacks: the bundle for arm64 and Python 3.13, as it is deployed."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.figures import FEWEST_RUNS, Figure, Target
from infra.bundle import LAMBDA, Bundle

_MB: Final = 1_000_000
_MOST_MB: Final = 25


def measure() -> Sequence[Figure]:
    """Build the bundle and weigh it."""
    with TemporaryDirectory() as directory:
        Bundle(LAMBDA).try_bundle(directory)
        files = [path for path in Path(directory).rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / _MB
    return [
        Figure(
            name="bundle.size",
            what="bundle of all functions, unpacked",
            unit="MB",
            # it is the same each time: a test builds it twice and compares
            runs=[size] * FEWEST_RUNS,
            target=Target("<=", _MOST_MB),
        )
    ]
