"""What the domain asks of the world outside, one small protocol each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from functions.domain.model import Job, Mail, Message, Report, Status

#: UTC epoch milliseconds
Clock = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Added:
    """The job and its place in the user's window are written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exists:
    """A job with this id was accepted before."""

    payload_hash: str
    status: Status


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowFull:
    """The user's window has no place left until its oldest entry leaves it."""

    oldest_ms: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """The job is ours until its lease runs out."""

    job: Job


@dataclass(frozen=True, slots=True)
class NotClaimed:
    """The job was not to be had; `job` is what was found, None if there is none."""

    job: Job | None


class Acceptance(Protocol):
    """Remembers accepted sign-ins and each user's window of them."""

    def add(self, job: Job, *, window_start_ms: int) -> Added | Exists | WindowFull:
        """Write `job` and take a place in the user's window, both or neither.

        A place taken at or before `window_start_ms` is free again. `Exists` outranks `WindowFull`.

        Raises:
            Unavailable: whether it was written is unknown.
        """


class JobReader(Protocol):
    """Looks jobs up."""

    def read(self, job_id: str, *, now_ms: int) -> Job | None:
        """Return the job as last written; an expired one counts as gone.

        Raises:
            Unavailable: no answer in time.
        """


class BulkReader(Protocol):
    """Looks many jobs up at once."""

    def read_many(self, job_ids: Sequence[str], *, now_ms: int) -> dict[str, Job]:
        """Return those of at most 100 jobs that there are, by their ids; expired ones are gone.

        Raises:
            Unavailable: no answer in time.
        """


class JobMoves(Protocol):
    """Moves a job from state to state."""

    def claim(
        self, message: Message, *, fence: str, now_ms: int, lease_until_ms: int
    ) -> Claimed | NotClaimed:
        """Take a job that waits and may be tried now, of the message's run.

        Claiming again with the same fence gives the same answer.

        Raises:
            Unavailable: whether it was claimed is unknown.
        """

    def release(self, message: Message, *, fence: str, due_ms: int) -> None:
        """Give back a claim that was not used: the job waits again, and no attempt is counted.

        Without effect unless the job is held under this fence.

        Raises:
            Unavailable: whether it was given back is unknown; to do it again is harmless.
        """

    def move(self, before: Job, after: Job) -> None:
        """Write `after` if the job still stands as in `before`: state, run, fence and due time.

        Events change none of these, so what completes the job is always written. All else is
        written only as long as `went_out` is what it was.

        Raises:
            Superseded: it does not; nothing was written.
            WentOut: it does, but its mail is known by now to have left; nothing was written.
            Unavailable: whether it was written is unknown.
        """


class Orphans(Protocol):
    """Remembers messages that belong to no job."""

    def add_orphan(self, job: Job) -> None:
        """Write a row for such a message, unless there is one.

        Raises:
            Unavailable: whether it was written is unknown; to write it again is harmless.
        """


class Queue(Protocol):
    """Carries messages to the worker."""

    def send(self, message: Message) -> None:
        """Enqueue `message`.

        Raises:
            Unavailable: whether it was enqueued is unknown.
        """


class BulkQueue(Protocol):
    """Carries many messages to the worker at once."""

    def send_all(self, messages: Sequence[Message]) -> None:
        """Enqueue every message.

        Raises:
            Unavailable: some were not enqueued, and which is unknown.
        """


class Counters(Protocol):
    """Keeps the counters of each hour."""

    def add(self, by_hour: Mapping[int, Mapping[str, int]]) -> None:
        """Raise the counters of hours, given by their starts in epoch milliseconds.

        Raises:
            Unavailable: which were raised is unknown; to raise them again may count twice.
        """


class Reports(Protocol):
    """Remembers which sign-ins were reported, and whether the application knows."""

    def add(self, report: Report) -> None:
        """Write a pending report; of several at once, one is written.

        Raises:
            AlreadyReported: there is one of this job; nothing was written.
            Unavailable: whether it was written is unknown.
        """

    def read(self, job_id: str, *, now_ms: int) -> Report | None:
        """Return a job's report as last written; an expired one counts as gone.

        Raises:
            Unavailable: no answer in time.
        """

    def put_off(self, before: Report, after: Report) -> None:
        """Write `after` if the report is still pending as in `before`.

        Raises:
            Superseded: it is not; nothing was written.
            Unavailable: whether it was written is unknown.
        """

    def mark_sent(self, report: Report) -> None:
        """Write that the application was told; without effect if the report is gone.

        Raises:
            Unavailable: whether it was written is unknown; to write it again is harmless.
        """


class EventBus(Protocol):
    """Tells the application."""

    def publish(self, report: Report) -> None:
        """Tell of a report.

        Raises:
            Unavailable: whether it was told is unknown.
        """


class Renderer(Protocol):
    """Turns a job into the mail its reader gets."""

    def render(self, job: Job) -> Mail:
        """Return the mail; whatever else it raises is permanent for this job.

        Raises:
            Unavailable: it can't be rendered now.
        """


class Mailer(Protocol):
    """Hands a mail over to a transport."""

    def send(self, mail: Mail, *, job: Job) -> None:
        """Return once the transport took the mail; raise a `DeliveryError` otherwise."""
