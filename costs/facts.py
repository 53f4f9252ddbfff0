"""What the figures are computed from: what was counted, and what was measured."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

from infra.config import ROOT

#: the batches that were counted: one message that is alone, and as many as fit
ALONE: Final = 1
FULL: Final = 10
#: what becomes of a mail that arrives
TOLD: Final = ("Send", "Delivery")

COUNTED: Final = ROOT / "costs" / "counted.json"
MEASURED: Final = ROOT / "bench" / "results.json"


class Missing(Exception):
    """A figure that nobody has measured."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one call of a function asks."""

    #: by service and operation
    calls: Mapping[str, int]
    #: write units of rows
    table_writes: float
    #: write units of the index, by the state whose partitions are written
    index_writes: Mapping[str, float]
    #: read units
    reads: float
    #: what is logged, by the function and by AWS
    log_bytes: int
    #: what goes back to who asked over HTTP
    answer_bytes: int = 0

    @property
    def all_calls(self) -> int:
        """How many calls it makes."""
        return sum(self.calls.values())

    @property
    def writes(self) -> float:
        """All write units."""
        return self.table_writes + sum(self.index_writes.values())


@dataclass(frozen=True)
class Facts:
    """All that is known."""

    counted: Mapping[str, Any]
    measured: Mapping[str, float]

    @classmethod
    def read(cls) -> Self:
        """Read both files."""
        results = json.loads(MEASURED.read_text(encoding="utf-8"))
        return cls(
            counted=json.loads(COUNTED.read_text(encoding="utf-8")),
            measured={figure["name"]: figure["median"] for figure in results["figures"]},
        )

    def ms(self, name: str) -> float:
        """Return a measured median.

        Raises:
            Missing: nobody has measured it.
        """
        if name not in self.measured:
            raise Missing(f"bench/results.json has no figure `{name}`: run `make bench`")
        return self.measured[name]

    @property
    def deployed(self) -> Mapping[str, Any]:
        """What the stack deploys."""
        deployed: Mapping[str, Any] = self.counted["deployed"]
        return deployed

    def step(self, name: str) -> Step:
        """Return what a step asks."""
        return Step(**self.counted["steps"][name])

    @cached_property
    def accept(self) -> Step:
        """One sign-in at the api function."""
        return self.step("accept")

    def deliver(self, batch: int) -> Step:
        """A batch at the worker function."""
        return self.step(f"deliver {batch}")

    def tell(self, batch: int) -> list[Step]:
        """Batches at the feedback function, one of each event of a mail."""
        return [self.step(f"tell {event} {batch}") for event in TOLD]

    def writes(self, batch: int) -> float:
        """Return the write units of one notice, rows and index."""
        batches = [self.deliver(batch), *self.tell(batch)]
        return self.accept.writes + sum(one.writes for one in batches) / batch
