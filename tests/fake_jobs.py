"""The table of jobs in memory; `tests/contracts` holds it to what the adapters promise."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from functions.adapters.dynamodb.deliveries import Recorded
from functions.domain.accept import LIMIT
from functions.domain.deliver import EARLY_GRACE_MS
from functions.domain.errors import Superseded, WentOut
from functions.domain.feedback import RANK, DeliveryEvent
from functions.domain.model import Job, Message, Status
from functions.domain.ports import Added, Claimed, Exists, NotClaimed, WindowFull
from tests.fakes import Service

_ENDED = {Status.COMPLETED, Status.DLQ, Status.DISCARDED}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    job: Job
    expires_at_ms: int


class InMemoryJobs(Service):
    """`Acceptance`, `JobReader` and `JobMoves`, and what the sweeper asks, over one dictionary."""

    def __init__(self, *, retention_days: int = 30) -> None:
        super().__init__()
        self._retention_s = retention_days * 86_400
        self._rows: dict[str, _Row] = {}
        #: the times and the ids of each user's last jobs
        self._windows: dict[str, tuple[tuple[int, str], ...]] = {}

    def add(self, job: Job, *, window_start_ms: int) -> Added | Exists | WindowFull:
        with self._call():
            found = self._live(job.job_id, now_ms=job.created_at_ms)
            if found:
                return Exists(payload_hash=found.payload_hash, status=found.status)
            places = self._windows.get(job.sign_in.user_id, ((0, ""),) * LIMIT)
            oldest_ms, _ = places[0]
            if not self._has_place(oldest_ms, window_start_ms):
                return WindowFull(oldest_ms=oldest_ms)
            self._windows[job.sign_in.user_id] = (*places[1:], (job.created_at_ms, job.job_id))
            self._write(
                replace(job, went_out=False, delivery=None), expires_at_ms=self._expiry_ms(job)
            )
            return Added()

    def read(self, job_id: str, *, now_ms: int) -> Job | None:
        with self._call():
            return self._live(job_id, now_ms=now_ms)

    def read_many(self, job_ids: Sequence[str], *, now_ms: int) -> dict[str, Job]:
        with self._call():
            found = {job_id: self._live(job_id, now_ms=now_ms) for job_id in job_ids}
            return {job_id: job for job_id, job in found.items() if job}

    def job_ids_of(self, user_id: str) -> list[str]:
        with self._call():
            places = self._windows.get(user_id, ())
            return [job_id for _, job_id in reversed(places) if job_id]

    def claim(
        self, message: Message, *, fence: str, now_ms: int, lease_until_ms: int
    ) -> Claimed | NotClaimed:
        with self._call():
            found = self._live(message.job_id, now_ms=now_ms)
            if found and found.fence == fence:
                return Claimed(found)
            if found is None or not self._claimable(found, message, now_ms=now_ms):
                return NotClaimed(found)
            claimed = replace(
                found,
                status=Status.PROCESSING,
                fence=fence,
                lease_until_ms=lease_until_ms,
                due_ms=lease_until_ms,
                attempt_count=found.attempt_count + 1,
                tries=found.tries + 1,
                times_resent=0,
            )
            self._write(claimed)
            return Claimed(claimed)

    def release(self, message: Message, *, fence: str, due_ms: int) -> None:
        with self._call():
            row = self._rows.get(message.job_id)
            if row and row.job.fence == fence:
                self._write(
                    replace(
                        row.job,
                        status=Status.RETRYING,
                        fence=None,
                        lease_until_ms=None,
                        due_ms=due_ms,
                        attempt_count=row.job.attempt_count - 1,
                    )
                )

    def move(self, before: Job, after: Job) -> None:
        with self._call():
            row = self._rows.get(before.job_id)
            if row is None:
                raise Superseded
            moved = replace(
                after,
                sign_in=row.job.sign_in,
                payload_hash=row.job.payload_hash,
                created_at_ms=row.job.created_at_ms,
                went_out=row.job.went_out,
                delivery=row.job.delivery,
            )
            if row.job == moved:
                return
            if not self._stands(row.job, before):
                raise Superseded
            if after.status is not Status.COMPLETED and self._went_out_since(row.job, before):
                raise WentOut
            self._write(moved)

    def due(self, statuses: Collection[Status], *, now_ms: int, limit: int) -> list[str]:
        with self._call():
            return self._due(statuses, now_ms=now_ms)[:limit]

    def count_due(self, statuses: Collection[Status], *, now_ms: int) -> int:
        with self._call():
            return len(self._due(statuses, now_ms=now_ms))

    def add_orphan(self, job: Job) -> None:
        with self._call():
            if self._live(job.job_id, now_ms=job.created_at_ms) is None:
                self._write(job, expires_at_ms=self._expiry_ms(job))

    def record(self, event: DeliveryEvent) -> Recorded:
        with self._call():
            row = self._rows.get(event.job_id)
            if row is None:
                return Recorded.NO_SUCH_JOB
            rank = RANK[row.job.delivery] if row.job.delivery else 0
            if RANK[event.delivery] <= rank:
                return Recorded.OUTRANKED
            told = replace(row.job, delivery=event.delivery, went_out=True)
            self._rows[event.job_id] = replace(row, job=told)
            return Recorded.WRITTEN

    def all(self, *, now_ms: int) -> list[Job]:
        """Return every job whose row has not expired."""
        return [row.job for row in self._rows.values() if row.expires_at_ms > now_ms]

    def _claimable(self, found: Job, message: Message, *, now_ms: int) -> bool:
        return (
            found.run == message.run
            and found.status in {Status.ENQUEUED, Status.RETRYING}
            and found.not_before_ms <= now_ms + EARLY_GRACE_MS
            and not found.went_out
        )

    def _stands(self, found: Job, before: Job) -> bool:
        """Tell whether nobody has moved the job since it was read."""
        return (found.status, found.run, found.fence, found.due_ms) == (
            before.status,
            before.run,
            before.fence,
            before.due_ms,
        )

    def _went_out_since(self, found: Job, before: Job) -> bool:
        return found.went_out and not before.went_out

    def _has_place(self, oldest_ms: int, window_start_ms: int) -> bool:
        return oldest_ms <= window_start_ms

    def _due(self, statuses: Collection[Status], *, now_ms: int) -> list[str]:
        overdue = sorted(
            (row.job.due_ms, row.job.job_id)
            for row in self._rows.values()
            if row.job.status in statuses
            and row.job.due_ms is not None
            and row.job.due_ms <= now_ms < row.expires_at_ms
        )
        return [job_id for _, job_id in overdue]

    def _expiry_ms(self, job: Job) -> int:
        # The table's times to live are in whole seconds.
        return (job.created_at_ms // 1000 + self._retention_s) * 1000

    def _live(self, job_id: str, *, now_ms: int) -> Job | None:
        row = self._rows.get(job_id)
        return row.job if row and row.expires_at_ms > now_ms else None

    def _write(self, job: Job, *, expires_at_ms: int | None = None) -> None:
        if (job.due_ms is None) != (job.status in _ENDED):
            raise AssertionError("a job has a due time as long as it is open")
        row = self._rows.get(job.job_id)
        if row and row.job.status is Status.COMPLETED and expires_at_ms is None:
            raise AssertionError("a completed job never changes again")
        if expires_at_ms is not None or row is None:
            row = _Row(job=job, expires_at_ms=expires_at_ms or self._expiry_ms(job))
        self._rows[job.job_id] = replace(row, job=job)
