"""What a failed attempt means for its job: the retry policy, as data."""

import traceback
from dataclasses import replace
from typing import Final

from functions.domain.errors import DeliveryError
from functions.domain.model import Attempt, ErrorClass, Failure, Job, Status

MAX_ATTEMPTS: Final = 5
#: a second outcome that nobody knows ends the job, so that at most two mails leave
MAX_UNKNOWN_OUTCOMES: Final = 2
#: the wait after the 1st, 2nd... failure
BACKOFF_MS: Final = (2_000, 4_000, 8_000, 16_000)
#: the wait after an unknown outcome, in which an event may tell that the mail left
UNKNOWN_WAIT_MS: Final = 120_000
#: a retry whose message has not come back this long after its time is sent again
RETRY_SLACK_MS: Final = 60_000
#: how long a job stays parked, the 1st, 2nd... time
PARKED_MS: Final = (600_000, 1_200_000, 2_400_000, 3_600_000)
#: of a job's attempts, the newest are kept
KEPT_ATTEMPTS: Final = 20


def failure_of(error: DeliveryError) -> Failure:
    """Describe a delivery error as its transport classed it."""
    return Failure(
        error_class=error.error_class,
        error_type=error.error_type,
        error=error.sentence,
        stack_trace=stack_of(error),
    )


def unforeseen_failure(error: Exception, *, error_class: ErrorClass, sentence: str) -> Failure:
    """Describe an error that no transport classed, without its message: it may name addresses."""
    return Failure(
        error_class=error_class,
        error_type=type(error).__name__,
        error=sentence,
        stack_trace=stack_of(error),
    )


def lease_expired() -> Failure:
    """Describe the end of a worker that died, or slept, with a job in its hands."""
    return Failure(
        error_class=ErrorClass.UNKNOWN,
        error_type="LeaseExpired",
        error="The worker did not report back; the mail may or may not have left.",
        stack_trace="",
    )


def stack_of(error: BaseException) -> str:
    """Return the frames of an error and of its causes, with types and without messages."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        frames = "".join(traceback.format_tb(seen.__traceback__))
        parts.append(f"{frames}{type(seen).__qualname__}")
        seen = seen.__cause__
    return "\ncaused by:\n".join(parts)


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
        due_ms=now_ms + wait_ms + RETRY_SLACK_MS,
    )


def _released(job: Job) -> Job:
    return replace(job, fence=None, lease_until_ms=None)


def _dead(job: Job, *, now_ms: int) -> Job:
    return replace(job, status=Status.DLQ, processed_at_ms=now_ms, due_ms=None)
