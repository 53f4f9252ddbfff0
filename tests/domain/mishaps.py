"""What can go wrong around the service: each call of a process, and each answer of the provider."""

from collections import deque
from collections.abc import Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from functions.domain.deliver import EARLY_GRACE_MS
from functions.domain.errors import (
    AccountDeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    Unavailable,
    UnknownDeliveryError,
)
from functions.domain.model import Delivery, Job, Mail

if TYPE_CHECKING:
    from tests.domain.world import World

#: longer than a lease
SLEEP_MS = 45_000
#: what the clocks of two functions differ by at most
MAX_SKEW_MS = 2_000


class Crash(BaseException):
    """The process is gone; nothing of it runs on, not even an `except Exception`."""


class Fault(Enum):
    """What befalls one call to the world outside."""

    NONE = auto()
    REFUSED = auto()
    ANSWER_LOST = auto()
    CRASH_BEFORE = auto()
    CRASH_AFTER = auto()
    #: the process stops for longer than a lease, while all others go on
    SLEEP = auto()


class Answer(Enum):
    """How the mail provider ends a call."""

    TAKEN = auto()
    THROTTLED = auto()
    REFUSED = auto()
    PAUSED = auto()
    LOST_BEFORE = auto()
    LOST_AFTER = auto()
    UNFORESEEN = auto()
    CRASH_BEFORE = auto()
    CRASH_AFTER = auto()
    #: it takes the mail, but answers only when the lease is over
    LATE = auto()


#: made anew for each call: an exception keeps the frames of every raise
_ERRORS = {
    Answer.THROTTLED: lambda: TransientDeliveryError(error_type="Throttled", sentence="Later."),
    Answer.REFUSED: lambda: PermanentDeliveryError(error_type="Rejected", sentence="Never."),
    Answer.PAUSED: lambda: AccountDeliveryError(error_type="Paused", sentence="Not us."),
    Answer.LOST_BEFORE: lambda: UnknownDeliveryError(error_type="Timeout", sentence="Who knows."),
    Answer.LOST_AFTER: lambda: UnknownDeliveryError(error_type="Timeout", sentence="Who knows."),
    Answer.UNFORESEEN: lambda: KeyError("unforeseen"),
}


class Process:
    """One function's run: its clock goes wrong, and its calls meet the faults given."""

    def __init__(self, world: "World", *, skew_ms: int, faults: Sequence[Fault]) -> None:
        self._world = world
        self._skew_ms = skew_ms
        self._faults = deque(faults)
        self._met: list[Fault] = []

    def clock(self) -> int:
        return self._world.now_ms + self._skew_ms

    @property
    def knew_what_it_did(self) -> bool:
        """Whether all went well but for one call at most that failed and returned."""
        return not self._met or (
            len(self._met) == 1 and self._met[0] in {Fault.REFUSED, Fault.ANSWER_LOST}
        )

    def calling(self, port: Any) -> Any:
        """Return `port`, with a fault in front of or behind each call."""
        process = self

        class Faulty:
            def __getattr__(self, name: str) -> Any:
                return lambda *args, **options: process._call(getattr(port, name), *args, **options)

        return Faulty()

    def _call(self, operation: Any, *args: Any, **options: Any) -> Any:
        fault = self._faults.popleft() if self._faults else Fault.NONE
        if fault is not Fault.NONE:
            self._met.append(fault)
        if fault is Fault.CRASH_BEFORE:
            raise Crash
        if fault is Fault.REFUSED:
            raise Unavailable
        if fault is Fault.SLEEP:
            self._world.others_go_on(SLEEP_MS)
        result = operation(*args, **options)
        if fault is Fault.CRASH_AFTER:
            raise Crash
        if fault is Fault.ANSWER_LOST:
            raise Unavailable
        return result


class Provider:
    """The mail provider, ending one call as told."""

    def __init__(self, world: "World", answer: Answer, meanwhile: Delivery | None) -> None:
        """Take what an event tells of the job's mails before the call ends."""
        self._world = world
        self._answer = answer
        self._meanwhile = meanwhile
        self.was_called = False
        self._known_gone = frozenset(world.known_gone)

    def send(self, mail: Mail, *, job: Job) -> None:
        del mail
        self.was_called = True
        world, answer = self._world, self._answer
        if (job.job_id, job.created_at_ms) in self._known_gone:
            world.violations.append("sent although a mail was known to have left")
        if job.not_before_ms > world.now_ms + EARLY_GRACE_MS + MAX_SKEW_MS:
            world.violations.append("sent before the wait was over")
        if answer is Answer.CRASH_BEFORE:
            raise Crash
        if answer in {Answer.TAKEN, Answer.LOST_AFTER, Answer.CRASH_AFTER, Answer.LATE}:
            world.leave(job)
        if answer is Answer.CRASH_AFTER:
            raise Crash
        if answer is Answer.LATE:
            world.others_go_on(SLEEP_MS)
        if self._meanwhile and world.has_mailed(job.job_id):
            world.hear(job.job_id, self._meanwhile)
        make_error = _ERRORS.get(answer)
        if make_error:
            raise make_error()
