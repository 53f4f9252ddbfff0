"""Repair what a crash left behind: jobs that stand still, and dead letters."""

from dataclasses import dataclass

from functions.domain.errors import Superseded, Unavailable
from functions.domain.life import after_due
from functions.domain.model import (
    ErrorClass,
    Failure,
    Job,
    Message,
    SignIn,
    Status,
)
from functions.domain.ports import Clock, JobMoves, JobReader, Orphans, Queue
from functions.domain.settle import settle


@dataclass(frozen=True, slots=True)
class Resent:
    """The job waits; its message was sent again."""

    job: Job


@dataclass(frozen=True, slots=True)
class NotResent:
    """The job waits; the queue did not take its message, its next due time brings another."""

    job: Job


@dataclass(frozen=True, slots=True)
class MovedOn:
    """The job has a new state that needs no message now."""

    job: Job


@dataclass(frozen=True, slots=True)
class NothingToRepair:
    """The job has moved on by itself, or is gone."""


Repair = Resent | NotResent | MovedOn | NothingToRepair


def repair(job_id: str, *, reader: JobReader, jobs: JobMoves, queue: Queue, clock: Clock) -> Repair:
    """Move a job on that should have moved on by itself.

    Its due time is advanced before its message is sent, so that a repair that is repeated, or dies
    halfway, does not multiply messages.

    Raises:
        Unavailable: the table did not answer.
    """
    now_ms = clock()
    before = reader.read(job_id, now_ms=now_ms)
    after = after_due(before, now_ms=now_ms) if before else None
    if before is None or after is None:
        return NothingToRepair()
    try:
        after = settle(before, after, jobs=jobs, now_ms=now_ms)
    except Superseded:
        return NothingToRepair()
    if before.status is Status.PROCESSING or after.status is Status.COMPLETED:
        return MovedOn(after)
    try:
        queue.send(Message(job_id=job_id, run=after.run))
    except Unavailable:
        return NotResent(after)
    return Resent(after)


@dataclass(frozen=True, slots=True)
class Delete:
    """The dead letter says nothing that the table does not know."""


@dataclass(frozen=True, slots=True)
class Keep:
    """The dead letter belongs where it is."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The dead letter had no job; now it has one, so that operators see it."""

    job: Job


def reconcile(
    letter: Message | None,
    *,
    orphan_id: str,
    reader: JobReader,
    orphans: Orphans,
    clock: Clock,
) -> Delete | Keep | Listed:
    """Decide about a message in the dead-letter queue.

    Args:
        letter: None if it is no message of ours.
        orphan_id: the id that such a letter's own row gets; the same for the same text.

    Raises:
        Unavailable: the table did not answer.
    """
    now_ms = clock()
    job_id = letter.job_id if letter else orphan_id
    job = reader.read(job_id, now_ms=now_ms)
    if job is None:
        orphan = _orphan(job_id, run=letter.run if letter else 1, now_ms=now_ms)
        orphans.add_orphan(orphan)
        return Listed(orphan)
    if letter and letter.run < job.run:
        return Delete()
    match job.status:
        case Status.COMPLETED | Status.DISCARDED:
            return Delete()
        case Status.DLQ:
            return Keep()
        case Status.PROCESSING if (job.lease_until_ms or 0) > now_ms:
            return Keep()
        case _:
            # An open job: its due time brings it a message of its own.
            return Delete()


def _orphan(job_id: str, *, run: int, now_ms: int) -> Job:
    return Job(
        job_id=job_id,
        # Whose sign-in it was, nobody knows.
        sign_in=SignIn(user_id="", email="", provider="", signed_in_at_ms=now_ms),
        payload_hash="",
        status=Status.DLQ,
        run=run,
        created_at_ms=now_ms,
        processed_at_ms=now_ms,
        last_failure=Failure(
            error_class=ErrorClass.PERMANENT,
            error_type="NoSuchJob",
            error="A message in the dead-letter queue belongs to no job.",
            stack_trace="",
        ),
    )
