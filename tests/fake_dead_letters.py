"""The operators' list of dead jobs, over jobs in memory."""

from functions.adapters.dynamodb import dead_letters
from functions.adapters.dynamodb.dead_letters import DeadLetterFilter, DeadLetterPage
from functions.domain.errors import Invalid
from functions.domain.model import DeadLetter, Job, Status, masked_address
from tests.fake_jobs import InMemoryJobs


class InMemoryDeadLetters:
    """`DeadLetters`, which examines no expired job."""

    def __init__(self, jobs: InMemoryJobs) -> None:
        self._jobs = jobs
        self._cursors: dict[str, tuple[int, str]] = {}

    def page(
        self, wanted: DeadLetterFilter, *, limit: int, cursor: str | None, now_ms: int
    ) -> DeadLetterPage:
        if cursor is not None and cursor not in self._cursors:
            raise Invalid("The cursor is damaged; start again without one.")
        alive = self._jobs.all(now_ms=now_ms)
        dead = [_letter(job) for job in alive if job.status is Status.DLQ]
        rest = [
            letter
            for letter in sorted(dead, key=_position, reverse=True)
            if (cursor is None or _position(letter) < self._cursors[cursor])
            and (wanted.until_ms is None or letter.processed_at_ms < wanted.until_ms)
            and letter.processed_at_ms >= (wanted.since_ms or 0)
        ]
        letters: list[DeadLetter] = []
        for examined, letter in enumerate(rest):
            if len(letters) == limit or examined == dead_letters.MAX_ROWS_EXAMINED:
                next_cursor = self._cursor_at(rest[examined - 1])
                return DeadLetterPage(letters=tuple(letters), next_cursor=next_cursor)
            if wanted.admits(letter):
                letters.append(letter)
        return DeadLetterPage(letters=tuple(letters), next_cursor=None)

    def _cursor_at(self, letter: DeadLetter) -> str:
        cursor = f"behind-{letter.processed_at_ms}-{letter.job_id}"
        self._cursors[cursor] = _position(letter)
        return cursor


def _position(letter: DeadLetter) -> tuple[int, str]:
    return letter.processed_at_ms, letter.job_id


def _letter(job: Job) -> DeadLetter:
    if job.last_failure is None or job.processed_at_ms is None:
        raise AssertionError("a dead job says when and of what it died")
    return DeadLetter(
        job_id=job.job_id,
        error=job.last_failure.error,
        error_class=job.last_failure.error_class,
        error_type=job.last_failure.error_type,
        attempt_count=job.attempt_count,
        created_at_ms=job.created_at_ms,
        processed_at_ms=job.processed_at_ms,
        recipient_masked=masked_address(job.sign_in.email),
        may_have_left=job.unknown_outcomes > 0,
    )
