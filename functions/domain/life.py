"""A job's life, as data: which state follows which event, and after which wait."""

from dataclasses import replace
from typing import Final

from functions.domain.failure import lease_expired
from functions.domain.model import (
    Action,
    Attempt,
    ErrorClass,
    Failure,
    Intervention,
    Job,
    Status,
)

MAX_ATTEMPTS: Final = 5
#: a second outcome that nobody knows ends the job, so that at most two mails leave
MAX_UNKNOWN_OUTCOMES: Final = 2
#: the wait after the 1st, 2nd... failure
BACKOFF_MS: Final = (2_000, 4_000, 8_000, 16_000)
#: the wait after an unknown outcome, in which an event may tell that the mail left
UNKNOWN_WAIT_MS: Final = 120_000
#: how long a job stays parked, the 1st, 2nd... time
PARKED_MS: Final = (600_000, 1_200_000, 2_400_000, 3_600_000)
#: of a job's attempts, the newest are kept
KEPT_ATTEMPTS: Final = 20
#: and so of what operators did
KEPT_INTERVENTIONS: Final = 20
#: an open job whose message nobody has taken by then is sent again...
PICK_UP_MS: Final = 60_000
#: ...and again after these waits, so that a backlog is not multiplied
RESEND_MS: Final = (60_000, 120_000, 240_000, 480_000, 960_000, 1_800_000)


def after_success(job: Job, *, now_ms: int) -> Job:
    """Return the job whose mail was taken."""
    return replace(
        _released(job),
        status=Status.COMPLETED,
        processed_at_ms=now_ms,
        due_ms=None,
        last_failure=None,
    )


def after_failure(job: Job, failure: Failure, *, started_at_ms: int, now_ms: int) -> Job:
    """Return the job whose attempt failed: retrying, parked or dead."""
    attempt = Attempt(started_at_ms=started_at_ms, ended_at_ms=now_ms, failure=failure)
    failed = replace(
        _released(job),
        last_failure=failure,
        attempts=(*job.attempts, attempt)[-KEPT_ATTEMPTS:],
    )
    match failure.error_class:
        case ErrorClass.ACCOUNT:
            stay_ms = PARKED_MS[min(job.times_parked, len(PARKED_MS) - 1)]
            return replace(
                failed,
                status=Status.PARKED,
                attempt_count=job.attempt_count - 1,
                times_parked=job.times_parked + 1,
                due_ms=now_ms + stay_ms,
            )
        case ErrorClass.PERMANENT:
            return _dead(failed, now_ms=now_ms)
        case ErrorClass.UNKNOWN:
            failed = replace(failed, unknown_outcomes=job.unknown_outcomes + 1)
            if failed.unknown_outcomes >= MAX_UNKNOWN_OUTCOMES:
                return _dead(failed, now_ms=now_ms)
            wait_ms = UNKNOWN_WAIT_MS
        case ErrorClass.TRANSIENT:
            wait_ms = BACKOFF_MS[min(job.attempt_count, len(BACKOFF_MS)) - 1]
    if job.attempt_count >= MAX_ATTEMPTS:
        return _dead(failed, now_ms=now_ms)
    return replace(
        failed,
        status=Status.RETRYING,
        not_before_ms=now_ms + wait_ms,
        due_ms=now_ms + wait_ms + PICK_UP_MS,
    )


def after_due(job: Job, *, now_ms: int) -> Job | None:
    """Return what follows for a job that should have moved on by now; None if it need not.

    A waiting job waits on with a later due time, and its message is to be sent again.
    """
    if job.due_ms is None or job.due_ms > now_ms:
        return None
    if job.went_out:
        return after_success(job, now_ms=now_ms)
    match job.status:
        case Status.PROCESSING:
            return after_failure(job, lease_expired(), started_at_ms=job.due_ms, now_ms=now_ms)
        case Status.PARKED:
            return replace(
                job,
                status=Status.ENQUEUED,
                not_before_ms=now_ms,
                due_ms=now_ms + PICK_UP_MS,
                times_resent=0,
            )
        case _:
            wait_ms = RESEND_MS[min(job.times_resent, len(RESEND_MS) - 1)]
            return replace(job, due_ms=now_ms + wait_ms, times_resent=job.times_resent + 1)


def after_intervention(job: Job, intervention: Intervention, *, now_ms: int) -> Job:
    """Return the dead job that an operator sends again, ends for good, or finds to be done."""
    noted = replace(
        job,
        interventions=(*job.interventions, intervention)[-KEPT_INTERVENTIONS:],
        last_failure=None,
    )
    match intervention.action:
        case Action.COMPLETED:
            return after_success(noted, now_ms=now_ms)
        case Action.DISCARDED:
            # What it died of stays on record.
            return replace(noted, status=Status.DISCARDED, last_failure=job.last_failure)
        case Action.REPLAYED:
            return replace(
                noted,
                status=Status.ENQUEUED,
                processed_at_ms=None,
                run=job.run + 1,
                attempt_count=0,
                unknown_outcomes=0,
                times_parked=0,
                times_resent=0,
                not_before_ms=now_ms,
                due_ms=now_ms + PICK_UP_MS,
            )


def _released(job: Job) -> Job:
    return replace(job, fence=None, lease_until_ms=None)


def _dead(job: Job, *, now_ms: int) -> Job:
    return replace(job, status=Status.DLQ, processed_at_ms=now_ms, due_ms=None)
