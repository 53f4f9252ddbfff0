"""What happened in each hour, as counters that only grow."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from functions.domain.model import Job, Message, Status
from functions.domain.ports import Claimed, JobMoves, NotClaimed

HOUR_MS: Final = 3_600_000
#: enqueue-to-sent: the upper ends of the histogram's buckets; a last one holds all that took longer
BUCKET_ENDS_MS: Final = (
    *(100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 20_000),
    *(30_000, 45_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 14_400_000),
)
_QUANTILE: Final = 0.95
_TOOK: Final = "took#"
_DIED: Final = "died#"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counters of one hour, or of several in sum."""

    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        """Jobs accepted, counted when their first attempt has ended."""
        return self.counts.get("accepted", 0)

    @property
    def refused(self) -> int:
        """Sign-ins refused because the user's window was full."""
        return self.counts.get("refused", 0)

    @property
    def completed(self) -> int:
        """Jobs whose mail was taken."""
        return self.counts.get("completed", 0)

    @property
    def retried(self) -> int:
        """Attempts that failed and are followed by another."""
        return self.counts.get("retried", 0)

    @property
    def dead(self) -> int:
        """Jobs that died."""
        return self.counts.get("dead", 0)

    @property
    def success_rate(self) -> float | None:
        """Completed jobs among those that ended; None if none did."""
        ended = self.completed + self.dead
        return self.completed / ended if ended else None

    @property
    def mean_ms(self) -> int | None:
        """Mean time from enqueue to sent; None if none was sent."""
        return self.counts.get("tookMs", 0) // self.completed if self.completed else None

    @property
    def p95_ms(self) -> int | None:
        """The end of the bucket in which the 95th percentile of enqueue to sent lies."""
        buckets = [self.counts.get(f"{_TOOK}{i}", 0) for i in range(len(BUCKET_ENDS_MS) + 1)]
        rank, seen = sum(buckets) * _QUANTILE, 0
        for number, end_ms in enumerate(BUCKET_ENDS_MS):
            seen += buckets[number]
            if seen and seen >= rank:
                return end_ms
        return BUCKET_ENDS_MS[-1] if any(buckets) else None

    @property
    def dead_by_error_type(self) -> dict[str, int]:
        """How many jobs died of what, the most frequent first."""
        died = Counter(
            {
                name.removeprefix(_DIED): count
                for name, count in self.counts.items()
                if name.startswith(_DIED)
            }
        )
        return dict(died.most_common())


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    counts: Counter[str] = Counter()
    for tally in tallies:
        counts.update(tally.counts)
    return Tally(counts)


def hour_of(ms: int) -> int:
    """Return the start of the hour in which a time lies."""
    return ms - ms % HOUR_MS


def refusal(now_ms: int) -> dict[int, Counter[str]]:
    """Return what one refused sign-in adds."""
    return {hour_of(now_ms): Counter(refused=1)}


class CountedMoves:
    """Moves that are counted once they are written (see `functions.domain.ports.JobMoves`)."""

    def __init__(self, moves: JobMoves) -> None:
        self._moves = moves
        self._lock = Lock()
        self._hours: defaultdict[int, Counter[str]] = defaultdict(Counter)

    def claim(
        self, message: Message, *, fence: str, now_ms: int, lease_until_ms: int
    ) -> Claimed | NotClaimed:
        """Claim; nothing is counted before the attempt has ended."""
        return self._moves.claim(message, fence=fence, now_ms=now_ms, lease_until_ms=lease_until_ms)

    def release(self, message: Message, *, fence: str, due_ms: int) -> None:
        """Give a claim back; it counts for nothing."""
        self._moves.release(message, fence=fence, due_ms=due_ms)

    def move(self, before: Job, after: Job) -> None:
        """Move, and count what that means."""
        self._moves.move(before, after)
        with self._lock:
            if before.status is Status.PROCESSING and before.run == 1 and not before.attempts:
                self._hours[hour_of(before.created_at_ms)]["accepted"] += 1
            match after.status:
                case Status.COMPLETED:
                    self._completed(after)
                case Status.DLQ:
                    self._dead(after)
                case Status.RETRYING if before.status is Status.PROCESSING:
                    self._hours[hour_of(after.attempts[-1].ended_at_ms)]["retried"] += 1

    def take(self) -> dict[int, Counter[str]]:
        """Return what was counted since the last time, by the hours' starts."""
        with self._lock:
            taken, self._hours = dict(self._hours), defaultdict(Counter)
        return taken

    def _completed(self, job: Job) -> None:
        ended_at_ms = job.processed_at_ms or 0
        took_ms = max(0, ended_at_ms - job.run_began_at_ms)
        bucket = bisect_left(BUCKET_ENDS_MS, took_ms)
        self._hours[hour_of(ended_at_ms)].update(
            {"completed": 1, "tookMs": took_ms, f"{_TOOK}{bucket}": 1}
        )

    def _dead(self, job: Job) -> None:
        counts = {"dead": 1}
        if job.last_failure:
            counts[f"{_DIED}{job.last_failure.error_type}"] = 1
        self._hours[hour_of(job.processed_at_ms or 0)].update(counts)
