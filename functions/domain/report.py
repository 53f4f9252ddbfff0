"""Remember that somebody said "this wasn't me", and tell the application once or more."""

from dataclasses import dataclass, replace

from functions.domain.errors import AlreadyReported, Superseded, Unavailable
from functions.domain.life import PICK_UP_MS, RESEND_MS
from functions.domain.model import Job, Report
from functions.domain.ports import Clock, EventBus, Reports


@dataclass(frozen=True, slots=True)
class Reported:
    """The report is durable, and the application was told."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The report is durable; the sweeper tells the application."""

    cause: Unavailable


@dataclass(frozen=True, slots=True)
class ReportedBefore:
    """There is a report of this sign-in already."""


def report(
    job: Job, *, reports: Reports, bus: EventBus, clock: Clock
) -> Reported | Pending | ReportedBefore:
    """Report the job's sign-in; whoever does so first tells the application.

    The job itself stays as it is: a report changes nothing about its mail.

    Raises:
        Unavailable: whether the report is durable is unknown.
    """
    now_ms = clock()
    new = Report(
        job_id=job.job_id,
        user_id=job.sign_in.user_id,
        reported_at_ms=now_ms,
        due_ms=now_ms + PICK_UP_MS,
    )
    try:
        reports.add(new)
    except AlreadyReported:
        return ReportedBefore()
    try:
        _tell(new, reports=reports, bus=bus)
    except Unavailable as cause:
        return Pending(cause)
    return Reported()


@dataclass(frozen=True, slots=True)
class Repeated:
    """The application was told."""


@dataclass(frozen=True, slots=True)
class NotRepeated:
    """The application could not be told; the report's next due time brings another try."""

    cause: Unavailable


@dataclass(frozen=True, slots=True)
class NothingToRepeat:
    """The application knows, or somebody else tells it, or the report is gone."""


def repeat(
    job_id: str, *, reports: Reports, bus: EventBus, clock: Clock
) -> Repeated | NotRepeated | NothingToRepeat:
    """Tell the application of a report that stayed pending.

    Its due time is advanced before, so that a repeat that dies halfway does not multiply events.

    Raises:
        Unavailable: the table did not answer.
    """
    now_ms = clock()
    before = reports.read(job_id, now_ms=now_ms)
    if before is None or before.due_ms is None or before.due_ms > now_ms:
        return NothingToRepeat()
    wait_ms = RESEND_MS[min(before.times_repeated, len(RESEND_MS) - 1)]
    after = replace(before, due_ms=now_ms + wait_ms, times_repeated=before.times_repeated + 1)
    try:
        reports.put_off(before, after)
    except Superseded:
        return NothingToRepeat()
    try:
        _tell(after, reports=reports, bus=bus)
    except Unavailable as cause:
        return NotRepeated(cause)
    return Repeated()


def _tell(pending: Report, *, reports: Reports, bus: EventBus) -> None:
    bus.publish(pending)
    reports.mark_sent(pending)
