"""A door's CPU beside that of its calls of AWS alone, in turns: noise meets all alike."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from bench.stand_in import seen

_WARM_UP: Final = 20
_ENDPOINT: Final = os.environ["AWS_ENDPOINT_URL"]


def side_by_side(
    runs: int,
    rounds: int,
    *,
    events: Callable[[], Any],
    door: Callable[[Any], object],
    floor: Callable[[], None],
    tuned_floor: Callable[[], None],
) -> Iterator[dict[str, float]]:
    """Yield of each run the CPU in milliseconds, and the door's calls of AWS, for one event.

    Args:
        floor: the same calls with arguments made before, by boto3 as it comes.
        tuned_floor: the same by boto3 with the door's own settings.
    """
    for _ in range(_WARM_UP):
        floor()
        tuned_floor()
    for _ in range(runs):
        asked_before = seen(_ENDPOINT).calls.total()
        door(events())
        calls = seen(_ENDPOINT).calls.total() - asked_before
        door_s = floor_s = tuned_floor_s = 0.0
        for event in [events() for _ in range(rounds)]:
            marks_s = [time.process_time()]
            door(event)
            marks_s.append(time.process_time())
            floor()
            marks_s.append(time.process_time())
            tuned_floor()
            marks_s.append(time.process_time())
            door_s += marks_s[1] - marks_s[0]
            floor_s += marks_s[2] - marks_s[1]
            tuned_floor_s += marks_s[3] - marks_s[2]
        yield {
            "calls": calls,
            "cpu_ms": door_s / rounds * 1000,
            "floor_ms": floor_s / rounds * 1000,
            "tuned_floor_ms": tuned_floor_s / rounds * 1000,
        }
