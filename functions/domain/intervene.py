"""What an operator does about dead jobs: send them again, or end them for good."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from functions.domain.errors import Superseded, Unavailable, WentOut
from functions.domain.life import after_intervention
from functions.domain.model import Action, Intervention, Job, Message, Status
from functions.domain.ports import BulkQueue, BulkReader, JobMoves


class Why(StrEnum):
    """Why a job was left as it is, or ended otherwise than asked."""

    NOT_FOUND = "not-found"
    NOT_DEAD = "not-dead"
    #: its mail is known to have left: it was completed instead
    WENT_OUT = "went-out"
    #: a message that belonged to no job: nobody knows whom to mail
    NO_RECIPIENT = "no-recipient"
    #: somebody else was faster
    MOVED_MEANWHILE = "moved-meanwhile"
    #: the table did not answer; whether it was changed is unknown
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """What shall be done, by whom and why."""

    action: Literal[Action.REPLAYED, Action.DISCARDED]
    by: str | None
    reason: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What was done: jobs changed as asked, and all others with the reason."""

    done: tuple[Job, ...]
    skipped: dict[str, Why]
    #: whether the queue took the messages; if not, due times bring others
    queued: bool


def intervene(
    job_ids: Sequence[str],
    command: Command,
    *,
    reader: BulkReader,
    jobs: JobMoves,
    queue: BulkQueue,
    now_ms: int,
) -> Result:
    """Replay or discard at most 100 jobs, each that is dead by itself.

    Doing it twice changes nothing more: a job that is not dead is skipped.

    Raises:
        Unavailable: the table could not be read; nothing was changed.
    """
    done: list[Job] = []
    skipped: dict[str, Why] = {}
    wanted = list(dict.fromkeys(job_ids))
    found = reader.read_many(wanted, now_ms=now_ms)
    for job_id in wanted:
        if Why.UNAVAILABLE in skipped.values():
            # A table that does not answer would cost a second for each of the rest.
            skipped[job_id] = Why.UNAVAILABLE
            continue
        outcome = _change(found.get(job_id), command, jobs=jobs, now_ms=now_ms)
        if isinstance(outcome, Job):
            done.append(outcome)
        else:
            skipped[job_id] = outcome
    queued = True
    if command.action is Action.REPLAYED and done:
        try:
            queue.send_all([Message(job_id=job.job_id, run=job.run) for job in done])
        except Unavailable:
            queued = False
    return Result(done=tuple(done), skipped=skipped, queued=queued)


def _change(job: Job | None, command: Command, *, jobs: JobMoves, now_ms: int) -> Job | Why:
    if job is None:
        return Why.NOT_FOUND
    if job.status is not Status.DLQ:
        return Why.NOT_DEAD
    replay = command.action is Action.REPLAYED
    if replay and not job.sign_in.email:
        return Why.NO_RECIPIENT
    action = Action.COMPLETED if replay and job.went_out else command.action
    note = Intervention(action=action, at_ms=now_ms, by=command.by, reason=command.reason)
    after = after_intervention(job, note, now_ms=now_ms)
    try:
        jobs.move(job, after)
    except WentOut:
        return _change(replace(job, went_out=True), command, jobs=jobs, now_ms=now_ms)
    except (Superseded, Unavailable) as error:
        return Why.MOVED_MEANWHILE if isinstance(error, Superseded) else Why.UNAVAILABLE
    return Why.WENT_OUT if action is Action.COMPLETED else after
