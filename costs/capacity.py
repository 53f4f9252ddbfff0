"""What DynamoDB charges a row for.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Item = Mapping[str, Any]

#: what one unit of a write and of a read covers
_WRITE_BYTES: Final = 1_024
_READ_BYTES: Final = 4_096


def size(item: Item) -> int:
    """Return an item's size in bytes, names included."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def write_units(before: Item, after: Item) -> int:
    """Return what writing one row costs: by the larger of what was and what is there."""
    return _units(max(size(before), size(after)), _WRITE_BYTES)


def read_units(size_bytes: int, *, consistent: bool) -> float:
    """Return what reading so many bytes costs; at least what the smallest read does."""
    return _units(size_bytes, _READ_BYTES) * (1 if consistent else 0.5)


@dataclass(frozen=True, kw_only=True)
class Index:
    """A global secondary index."""

    partition: str
    sort: str
    #: every attribute that it holds, keys included
    projected: frozenset[str]

    def write_units(self, before: Item, after: Item) -> Counter[str]:
        """Return what following a row's change costs, by the index partition that is written.

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
        """
        old, new = self._project(before), self._project(after)
        units: Counter[str] = Counter()
        if old == new:
            return units
        stays = self._key(old) == self._key(new)
        if old and not stays:
            units[self._partition(old)] += write_units(old, {})
        if new:
            units[self._partition(new)] += write_units(old if stays else {}, new)
        return units

    def _project(self, item: Item) -> Item:
        if self.partition not in item or self.sort not in item:
            return {}
        return {name: value for name, value in item.items() if name in self.projected}

    def _key(self, item: Item) -> Sequence[Any]:
        return [item.get(self.partition), item.get(self.sort)]

    def _partition(self, item: Item) -> str:
        return str(item[self.partition]["S"])


def _units(size_bytes: int, unit_bytes: int) -> int:
    return max(1, -(-size_bytes // unit_bytes))


def _value(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    match kind:
        case "S":
            return len(str(content).encode())
        case "N":
            digits = str(content).lstrip("-").replace(".", "").strip("0")
            return -(-len(digits) // 2) + 1 + str(content).startswith("-")
        case "BOOL" | "NULL":
            return 1
        case "M":
            return 3 + len(content) + size(content)
        case "L":
            return 3 + len(content) + sum(map(_value, content))
    raise ValueError(f"an attribute of type {kind}, whose size nobody has looked up")
