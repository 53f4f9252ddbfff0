"""How fast mails leave: no faster than SES allows the account, however long the queue is."""

from collections.abc import Callable
from math import inf
from threading import Lock


class Pace:
    """Spaces the starts of sends of one process, over all its threads."""

    def __init__(
        self, *, interval_s: float, clock_s: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        """Take the least time between two starts, and a clock that never goes back."""
        self._interval_s = interval_s
        self._clock_s = clock_s
        self._sleep = sleep
        self._lock = Lock()
        # The first send never waits.
        self._next_s = -inf

    def wait(self) -> None:
        """Return when it is the caller's turn."""
        with self._lock:
            now_s = self._clock_s()
            turn_s = max(now_s, self._next_s)
            self._next_s = turn_s + self._interval_s
        if turn_s > now_s:
            self._sleep(turn_s - now_s)
