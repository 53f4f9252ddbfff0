"""What a measurement says: medians, and the target that they are held against."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

#: fewer say nothing on a machine that others use too
FEWEST_RUNS: Final = 5

Bound = Literal["<=", ">=", "="]


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure may be at most, or has to be at least, in the figure's unit."""

    bound: Bound
    value: float

    def holds(self, value: float) -> bool:
        """Tell whether a figure keeps to it."""
        match self.bound:
            case "<=":
                return value <= self.value
            case ">=":
                return value >= self.value
            case "=":
                return value == self.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One row of the table."""

    #: how `missed.toml` and docs/COST.md name it: `api.cpu_ms`
    name: str
    #: how people read it
    what: str
    #: `ms`, `jobs/s`, `x` for a ratio, `MB`...
    unit: str
    #: one value of each run, at least five
    runs: Sequence[float]
    target: Target | None = None
    #: what the target is held against: memory that grew once has grown
    counts: Literal["median", "highest"] = "median"

    def __post_init__(self) -> None:
        if len(self.runs) < FEWEST_RUNS:
            raise ValueError(f"{self.name}: {len(self.runs)} runs, at least {FEWEST_RUNS}")

    @property
    def median(self) -> float:
        """Of the runs."""
        return statistics.median(self.runs)

    @property
    def value(self) -> float:
        """What the table shows."""
        return max(self.runs) if self.counts == "highest" else self.median

    @property
    def missed(self) -> bool:
        """Tell whether it has a target that it does not meet."""
        return self.target is not None and not self.target.holds(self.value)


#: one subject's figures, measured now
Measurement = Callable[[], Sequence[Figure]]
