"""The whole service in memory, on a virtual clock, with faults wherever a process is left."""

from collections import Counter, deque
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from functions.adapters.dynamodb.dead_letters import DeadLetterFilter
from functions.adapters.dynamodb.deliveries import Recorded
from functions.domain.accept import LIMIT, WINDOW_MS, accept
from functions.domain.deliver import EARLY_GRACE_MS, comes_back_after_s, deliver
from functions.domain.errors import (
    AccountDeliveryError,
    AlreadyAccepted,
    IdempotencyKeyReused,
    LimitReached,
    PermanentDeliveryError,
    TransientDeliveryError,
    Unavailable,
    UnknownDeliveryError,
)
from functions.domain.feedback import DeliveryEvent
from functions.domain.model import Delivery, Job, Mail, Message, Status
from functions.domain.ports import Added, Exists, WindowFull
from functions.domain.reconcile import Delete, reconcile, repair
from functions.domain.request import parse_request
from tests.builders import SIGNED_IN_AT_MS
from tests.fakes import InMemoryJobs

SECOND_MS = 1_000
MINUTE_MS = 60_000
DAY_MS = 86_400_000
LEASE_MS = 35_000
VISIBILITY_MS = 180_000
MAX_RECEIVES = 10
#: what the clocks of two functions differ by at most
MAX_SKEW_MS = 2_000
RETENTION_DAYS = 30
OPEN = {Status.ENQUEUED, Status.PROCESSING, Status.RETRYING, Status.PARKED}


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


@dataclass
class Letter:
    """A message of the queue, as SQS keeps it."""

    message: Message
    visible_at_ms: int
    receives: int = 0


class Process:
    """One function's run: its clock goes wrong, and its calls meet the faults given."""

    def __init__(self, world: "World", *, skew_ms: int, faults: list[Fault]) -> None:
        self._world = world
        self._skew_ms = skew_ms
        self._faults = deque(faults)

    def clock(self) -> int:
        return self._world.now_ms + self._skew_ms

    def calling(self, port: Any) -> Any:
        """Return `port`, with a fault in front of or behind each call."""
        process = self

        class Faulty:
            def __getattr__(self, name: str) -> Any:
                return lambda *args, **options: process._call(getattr(port, name), *args, **options)

        return Faulty()

    def _call(self, operation: Any, *args: Any, **options: Any) -> Any:
        fault = self._faults.popleft() if self._faults else Fault.NONE
        if fault is Fault.CRASH_BEFORE:
            raise Crash
        if fault is Fault.REFUSED:
            raise Unavailable
        if fault is Fault.SLEEP:
            self._world.others_go_on(LEASE_MS + 10 * SECOND_MS)
        result = operation(*args, **options)
        if fault is Fault.CRASH_AFTER:
            raise Crash
        if fault is Fault.ANSWER_LOST:
            raise Unavailable
        return result


class World:
    """Queue, dead-letter queue, table, mail provider and clock; every effect is recorded."""

    sweeps = True

    def __init__(self, jobs: InMemoryJobs) -> None:
        self.now_ms = SIGNED_IN_AT_MS
        self.jobs = jobs
        self.letters: list[Letter] = []
        self.dead_letters: list[Letter] = []
        self.acknowledged: dict[str, int] = {}
        self.accepted_at_ms: dict[str, list[int]] = {}
        #: mails that left, per life of a job id and run
        self.mails: Counter[tuple[str, int, int]] = Counter()
        self.known_gone: set[tuple[str, int]] = set()
        #: what must never happen; collected, because a worker survives any error of its provider
        self.violations: list[str] = []
        self._fences = 0
        self._depth = 0
        self._bits = 0

    # --- the doors -------------------------------------------------------------------------

    def post(
        self, user: str, key: str | None, variant: int, *, skew_ms: int, faults: list[Fault]
    ) -> None:
        process = Process(self, skew_ms=skew_ms, faults=faults)
        now_ms = process.clock()
        body = f'{{"userId":"{user}","email":"{user}{variant}@example.com","provider":"github"}}'
        request = parse_request(body.encode(), now_ms=now_ms, trusted_proxies=0)
        self._bits += 1
        try:
            receipt = accept(
                request,
                idempotency_key=key,
                jobs=process.calling(self),
                queue=process.calling(self),
                now_ms=now_ms,
                random_bits=self._bits,
            )
        except (AlreadyAccepted, IdempotencyKeyReused, LimitReached, Unavailable, Crash):
            return
        self.acknowledged[receipt.job_id] = now_ms

    def work(self, letter: Letter, answer: Answer, *, skew_ms: int, faults: list[Fault]) -> None:
        """Let a worker take one visible message, and the queue hear how that ended."""
        letter.receives += 1
        letter.visible_at_ms = self.now_ms + VISIBILITY_MS
        if letter.receives > MAX_RECEIVES:
            self._forget(letter)
            self.dead_letters.append(letter)
            return
        process = Process(self, skew_ms=skew_ms, faults=faults)
        self._fences += 1
        try:
            outcome = deliver(
                self.as_seen(letter.message),
                jobs=process.calling(self.jobs),
                renderer=self,
                mailer=_Provider(self, answer),
                clock=process.clock,
                fence=f"fence-{self._fences}",
                lease_ms=LEASE_MS,
            )
            wait_s = comes_back_after_s(outcome)
            if wait_s is None:
                self._forget(letter)
            else:
                process.calling(self).put_off(letter, wait_s)
        except (Crash, Unavailable):
            pass

    def sweep(self, *, skew_ms: int = 0, faults: list[Fault] | None = None) -> None:
        """Let the sweeper repair what is due, and reconcile the dead letters."""
        if not self.sweeps:
            return
        process = Process(self, skew_ms=skew_ms, faults=faults or [])
        table, queue = process.calling(self.jobs), process.calling(self)
        try:
            for job_id in self.jobs.due(OPEN, now_ms=process.clock(), limit=100):
                repair(job_id, reader=table, jobs=table, queue=queue, clock=process.clock)
            for letter in list(self.dead_letters):
                decision = reconcile(
                    self.as_seen(letter.message),
                    orphan_id="",
                    reader=table,
                    orphans=table,
                    clock=process.clock,
                )
                if isinstance(decision, Delete) and letter in self.dead_letters:
                    self.dead_letters.remove(letter)
        except (Crash, Unavailable):
            pass

    def hear(self, job_id: str, delivery: Delivery) -> None:
        """Let the provider tell what became of a mail."""
        event = DeliveryEvent(job_id=job_id, delivery=delivery)
        if self.jobs.record(event) is Recorded.WRITTEN and event.went_out:
            for job in self.jobs.all(now_ms=self.now_ms):
                if job.job_id == job_id:
                    self.known_gone.add((job_id, job.created_at_ms))

    def replay(self, job: Job) -> None:
        """Let an operator send a dead job again, in a new run."""
        again = replace(
            job,
            status=Status.ENQUEUED,
            run=job.run + 1,
            attempt_count=0,
            unknown_outcomes=0,
            processed_at_ms=None,
            not_before_ms=0,
            due_ms=self.now_ms + MINUTE_MS,
        )
        self.jobs.move(job, again)
        self.send(Message(job_id=job.job_id, run=again.run))

    def redrive(self) -> None:
        """Let an operator move all dead letters back, as the AWS console offers it."""
        for letter in self.dead_letters:
            self.letters.append(Letter(letter.message, visible_at_ms=self.now_ms))
        self.dead_letters.clear()

    def a_month_passes(self) -> None:
        """Let rows and messages outlive what they are kept for."""
        self.now_ms += (RETENTION_DAYS + 1) * DAY_MS
        self.letters.clear()
        self.dead_letters.clear()

    # --- ports -----------------------------------------------------------------------------

    def add(self, job: Job, *, window_start_ms: int) -> Added | Exists | WindowFull:
        outcome = self.jobs.add(job, window_start_ms=window_start_ms)
        if isinstance(outcome, Added):
            self.accepted_at_ms.setdefault(job.sign_in.user_id, []).append(job.created_at_ms)
            self._check_window(job.sign_in.user_id)
        return outcome

    def send(self, message: Message) -> None:
        self.letters.append(Letter(message, visible_at_ms=self.now_ms))

    def put_off(self, letter: Letter, wait_s: int) -> None:
        letter.visible_at_ms = self.now_ms + wait_s * SECOND_MS

    def as_seen(self, message: Message) -> Message:
        return message

    def render(self, job: Job) -> Mail:
        return Mail(recipient=job.sign_in.email, subject="s", text="t", html="h")

    def leave(self, job: Job) -> None:
        """Let one mail of the job leave for good."""
        life = (job.job_id, job.created_at_ms, job.run)
        self.mails[life] += 1
        if self.mails[life] > 2:
            self.violations.append("a third mail left")

    # --- time ------------------------------------------------------------------------------

    def visible(self) -> list[Letter]:
        return [letter for letter in self.letters if letter.visible_at_ms <= self.now_ms]

    def others_go_on(self, ms: int) -> None:
        """Let time pass for somebody who sleeps, while the sweeper and other workers run."""
        if self._depth:
            self.now_ms += ms
            return
        self._depth += 1
        for _ in range(4):
            self.now_ms += ms // 4
            self.sweep()
            for letter in self.visible():
                if letter in self.letters:
                    self.work(letter, Answer.TAKEN, skew_ms=0, faults=[])
        self._depth -= 1

    def settle(self) -> None:
        """Let the faults be over and time pass, until nothing is left to do."""
        for _ in range(60 * 8):
            if not any(job.status in OPEN for job in self.jobs.all(now_ms=self.now_ms)):
                break
            self.now_ms += MINUTE_MS // 2
            self.sweep()
            self._work_all()
        for _ in range(MAX_RECEIVES + 2):
            self.now_ms += VISIBILITY_MS
            self.sweep()
            self._work_all()

    def _work_all(self) -> None:
        for _ in range(MAX_RECEIVES + 2):
            for letter in self.visible():
                self.work(letter, Answer.TAKEN, skew_ms=0, faults=[])

    def _forget(self, letter: Letter) -> None:
        if letter in self.letters:
            self.letters.remove(letter)

    # --- what must hold --------------------------------------------------------------------

    def _check_window(self, user: str) -> None:
        times = sorted(self.accepted_at_ms[user])
        for first, last in zip(times, times[LIMIT:], strict=False):
            assert last - first >= WINDOW_MS, "more than the limit within one window"

    def check_at_rest(self) -> None:
        """Check what holds once all faults are over and time has passed."""
        assert self.violations == []
        alive = {job.job_id: job for job in self.jobs.all(now_ms=self.now_ms)}
        page = self.jobs.page(DeadLetterFilter(), limit=1_000, cursor=None, now_ms=self.now_ms)
        listed = {letter.job_id for letter in page.letters}
        for job_id, accepted_at_ms in self.acknowledged.items():
            if accepted_at_ms + RETENTION_DAYS * DAY_MS > self.now_ms + MINUTE_MS:
                assert job_id in alive, "an accepted job has vanished"
        for job in alive.values():
            assert job.status not in OPEN, f"a job is stuck: {job.status}"
            assert (job.status is Status.DLQ) == (job.job_id in listed), "a dead job is not listed"
            if job.status is Status.COMPLETED:
                runs = range(1, job.run + 1)
                gone = any(self.mails[job.job_id, job.created_at_ms, run] for run in runs)
                assert gone or job.went_out, "a job is completed, and no mail left"
            extra = self.mails[job.job_id, job.created_at_ms, job.run] - 1
            assert extra <= job.unknown_outcomes, "an extra mail is unexplained"
        for letter in [*self.letters, *self.dead_letters]:
            job = alive.get(letter.message.job_id)
            assert job is None or letter.message.run == job.run, "a message of an older run is left"


class _Provider:
    """The mail provider, ending one call as told."""

    def __init__(self, world: World, answer: Answer) -> None:
        self._world = world
        self._answer = answer
        self._known_gone = frozenset(world.known_gone)

    def send(self, mail: Mail, *, job: Job) -> None:
        del mail
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
            world.others_go_on(LEASE_MS + 10 * SECOND_MS)
        make_error = _ERRORS.get(answer)
        if make_error:
            raise make_error()
