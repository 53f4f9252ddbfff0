"""Move a job on, unless an event has told meanwhile that its mail left."""

from functions.domain.errors import WentOut
from functions.domain.life import after_success
from functions.domain.model import Job
from functions.domain.ports import JobMoves


def settle(before: Job, after: Job, *, jobs: JobMoves, now_ms: int) -> Job:
    """Write `after`, or complete the job if its mail is known by now to have left.

    Returns what was written. What happened is kept either way: a failed attempt stays on the job.

    Raises:
        Superseded: somebody else has moved the job; nothing was written.
        Unavailable: whether it was written is unknown.
    """
    try:
        jobs.move(before, after)
    except WentOut:
        after = after_success(after, now_ms=now_ms)
        jobs.move(before, after)
    return after
