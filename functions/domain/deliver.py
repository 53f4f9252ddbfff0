"""Deliver one message of the queue: claim its job, send its mail, write how that ended."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from functions.domain.errors import DeliveryError, Superseded, Unavailable
from functions.domain.failure import failure_of, unforeseen_failure
from functions.domain.life import PICK_UP_MS, after_due, after_failure, after_success
from functions.domain.model import ErrorClass, Failure, Job, Mail, Message, Status
from functions.domain.ports import Claimed, Clock, JobMoves, Mailer, Renderer
from functions.domain.settle import settle

#: the wait when the table, or what a mail needs, did not answer
UNAVAILABLE_WAIT_S: Final = 60
#: clocks of functions differ, and a queue's delay is in whole seconds
EARLY_GRACE_MS: Final = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Completed:
    """The mail was taken; the message is done."""

    job: Job


@dataclass(frozen=True, kw_only=True, slots=True)
class Retrying:
    """The attempt failed; the message comes back after the wait."""

    job: Job
    wait_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Parked:
    """Our account can't send; the message is done, the job's due time brings another."""

    job: Job


@dataclass(frozen=True, kw_only=True, slots=True)
class Dead:
    """The job is dead; its message stays, so that the redrive policy itself moves it."""

    job: Job
    #: whether it died just now
    now: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NotDue:
    """It is too early; the message waits the rest."""

    wait_s: int


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """The job has ended, is gone, parked, with another worker or in a later run."""


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """The table did not answer; the message comes back.

    If it fell silent before the claim, no attempt was counted. If after the mail was handed over,
    the attempt counts, and the job stays claimed until its lease runs out.
    """


@dataclass(frozen=True, slots=True)
class NotRendered:
    """What a mail needs could not be read; the message comes back, and no attempt was counted."""


Outcome = Completed | Retrying | Parked | Dead | NotDue | NothingToDo | OutOfReach | NotRendered


class _NothingSent(Exception):
    """The attempt ended before it began."""


def deliver(
    message: Message,
    *,
    jobs: JobMoves,
    renderer: Renderer,
    mailer: Mailer,
    clock: Clock,
    fence: str,
    lease_ms: int,
) -> Outcome:
    """Make one attempt at the message's job, if there is one to make.

    Args:
        fence: unique to this attempt; whatever it writes later is void once the job has another.
        lease_ms: longer than the attempt can last.
    """
    started_at_ms = clock()
    lease_until_ms = started_at_ms + lease_ms
    try:
        claim = jobs.claim(
            message, fence=fence, now_ms=started_at_ms, lease_until_ms=lease_until_ms
        )
    except Unavailable:
        _give_back(message, jobs=jobs, fence=fence, now_ms=clock())
        return OutOfReach()
    try:
        if not isinstance(claim, Claimed):
            return _without_claim(claim.job, message, jobs=jobs, now_ms=started_at_ms)
        job = claim.job
        failure = _attempt(
            job, renderer=renderer, mailer=mailer, clock=clock, lease_until_ms=lease_until_ms
        )
        ended_at_ms = clock()
        after = (
            after_failure(job, failure, started_at_ms=started_at_ms, now_ms=ended_at_ms)
            if failure
            else after_success(job, now_ms=ended_at_ms)
        )
        after = settle(job, after, jobs=jobs, now_ms=ended_at_ms)
    except _NothingSent:
        _give_back(message, jobs=jobs, fence=fence, now_ms=clock())
        return NotRendered()
    except Superseded:
        return NothingToDo()
    except Unavailable:
        return OutOfReach()
    return _outcome(after, now_ms=ended_at_ms)


def comes_back_after_s(outcome: Outcome) -> int | None:
    """Return in how many seconds the queue shall show the message again; None if it is done."""
    match outcome:
        case Retrying() | NotDue():
            return outcome.wait_s
        case OutOfReach() | NotRendered():
            return UNAVAILABLE_WAIT_S
        case Dead():
            # At once, until the redrive policy itself moves it.
            return 0
        case _:
            return None


def _give_back(message: Message, *, jobs: JobMoves, fence: str, now_ms: int) -> None:
    """Undo a claim that came to nothing: nothing was sent, so no outcome is unknown.

    Only this attempt knows that, and only under its own fence. If the table stays silent, or the
    lost request arrives later than this one, the claim stands until its lease runs out, and then
    nobody can tell it from a worker that died in the middle of sending.
    """
    with suppress(Unavailable):
        jobs.release(message, fence=fence, due_ms=now_ms + UNAVAILABLE_WAIT_S * 1000 + PICK_UP_MS)


def _attempt(
    job: Job, *, renderer: Renderer, mailer: Mailer, clock: Clock, lease_until_ms: int
) -> Failure | None:
    try:
        mail: Mail = renderer.render(job)
    except Unavailable as error:
        raise _NothingSent from error
    except Exception as error:  # noqa: BLE001 - whatever a template raises, it will raise again
        return unforeseen_failure(
            error,
            error_class=ErrorClass.PERMANENT,
            sentence="The mail could not be rendered.",
        )
    if clock() >= lease_until_ms:
        raise Superseded
    try:
        mailer.send(mail, job=job)
    except DeliveryError as error:
        return failure_of(error)
    except Exception as error:  # noqa: BLE001 - the mail may have left: only this class is safe
        return unforeseen_failure(
            error,
            error_class=ErrorClass.UNKNOWN,
            sentence="The transport failed unforeseen; the mail may or may not have left.",
        )
    return None


def _without_claim(job: Job | None, message: Message, *, jobs: JobMoves, now_ms: int) -> Outcome:
    if job is None or job.run != message.run:
        return NothingToDo()
    if job.status is Status.DLQ:
        return Dead(job=job, now=False)
    waits = job.status in {Status.ENQUEUED, Status.RETRYING}
    if waits and not job.went_out:
        return NotDue(wait_s=_seconds(job.not_before_ms - now_ms))
    after = after_success(job, now_ms=now_ms) if waits else None
    if job.status is Status.PROCESSING:
        after = after_due(job, now_ms=now_ms)
    if after is None:
        return NothingToDo()
    after = settle(job, after, jobs=jobs, now_ms=now_ms)
    return _outcome(after, now_ms=now_ms)


def _outcome(job: Job, *, now_ms: int) -> Outcome:
    match job.status:
        case Status.COMPLETED:
            return Completed(job=job)
        case Status.PARKED:
            return Parked(job=job)
        case Status.DLQ:
            return Dead(job=job, now=True)
        case _:
            return Retrying(job=job, wait_s=_seconds(job.not_before_ms - now_ms))


def _seconds(milliseconds: int) -> int:
    return max(0, -(-milliseconds // 1000))
