"""The service's surroundings in memory: no clock but the test's, no chance, no network.

What the fakes promise is what the adapters promise; `tests/contracts` holds both to it.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from threading import Lock

from functions.domain.errors import Unavailable
from functions.domain.model import Job, Mail, Message
from tests.builders import SIGNED_IN_AT_MS


class VirtualClock:
    """Stands still until the test moves it."""

    def __init__(self, now_ms: int = SIGNED_IN_AT_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms

    def advance(self, ms: int = 0, *, seconds: int = 0) -> None:
        self.now_ms += ms + seconds * 1000


class Outage(Enum):
    """Which half of one call is lost; the caller can't tell one from the other."""

    BEFORE_IT_ACTED = auto()
    AFTER_IT_ACTED = auto()


class Service:
    """One call at a time; each takes the next of the `outages`, if there is one."""

    def __init__(self) -> None:
        self.outages: deque[Outage] = deque()
        self._lock = Lock()

    @contextmanager
    def _call(self) -> Iterator[None]:
        with self._lock:
            outage = self.outages.popleft() if self.outages else None
            if outage is Outage.BEFORE_IT_ACTED:
                raise Unavailable
            try:
                yield
            finally:
                # A refusal is an answer too, and lost like any other.
                if outage is Outage.AFTER_IT_ACTED:
                    raise Unavailable


class InMemoryQueue(Service):
    """A `Queue` that remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Message] = []
        #: receipt handle and wait in seconds of every message that was put off
        self.put_offs: list[tuple[str, int]] = []

    def send(self, message: Message) -> None:
        with self._call():
            self.sent.append(message)

    def send_all(self, messages: Sequence[Message]) -> None:
        with self._call():
            self.sent += messages

    def put_off(self, receipt_handle: str, *, wait_s: int) -> None:
        with self._call():
            self.put_offs.append((receipt_handle, wait_s))


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that left, and the job as it was then."""

    mail: Mail
    job: Job


class RecordingMailer:
    """A `Mailer` that remembers, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self._failures: deque[tuple[Exception, bool]] = deque()

    def fail_next(self, error: Exception, *, mail_leaves: bool = False) -> None:
        """Let one more of the next calls end in `error`, with the mail gone or not."""
        self._failures.append((error, mail_leaves))

    def send(self, mail: Mail, *, job: Job) -> None:
        error, leaves = self._failures.popleft() if self._failures else (None, True)
        if leaves:
            self.sent.append(Sent(mail, job))
        if error:
            raise error
