"""The whole service in memory, on a virtual clock; every effect is recorded."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from functions.adapters.dynamodb.deliveries import Recorded
from functions.domain.accept import LIMIT, WINDOW_MS, accept
from functions.domain.deliver import comes_back_after_s, deliver
from functions.domain.errors import (
    AlreadyAccepted,
    IdempotencyKeyReused,
    LimitReached,
    Unavailable,
)
from functions.domain.feedback import DeliveryEvent
from functions.domain.intervene import Command, intervene
from functions.domain.model import Action, Delivery, Job, Mail, Message, Status
from functions.domain.ports import Added, Exists, WindowFull
from functions.domain.reconcile import Delete, reconcile, repair
from functions.domain.request import parse_request
from tests.builders import SIGNED_IN_AT_MS
from tests.domain.letters import MAX_RECEIVES, VISIBILITY_MS, Letter, Letters
from tests.domain.mishaps import Answer, Crash, Fault, Process, Provider
from tests.fake_jobs import InMemoryJobs

SECOND_MS = 1_000
MINUTE_MS = 60_000
DAY_MS = 86_400_000
LEASE_MS = 35_000
RETENTION_DAYS = 30
OPEN = {Status.ENQUEUED, Status.PROCESSING, Status.RETRYING, Status.PARKED}


class World:
    """Queues, table, mail provider and clock; every effect is recorded."""

    sweeps = True

    def __init__(self, jobs: InMemoryJobs) -> None:
        self.now_ms = SIGNED_IN_AT_MS
        self.jobs = jobs
        self.letters = Letters(lambda: self.now_ms)
        self.acknowledged: dict[str, int] = {}
        self.accepted_at_ms: dict[str, list[int]] = {}
        #: mails that left, per life of a job id and run
        self.mails: Counter[tuple[str, int, int]] = Counter()
        #: attempts that ended so that nobody can tell whether a mail left, per life of a job id
        self.unknowable: Counter[tuple[str, int]] = Counter()
        self.known_gone: set[tuple[str, int]] = set()
        #: of these, those that were told while the job was still open
        self.gone_while_open: set[tuple[str, int]] = set()
        #: what must never happen; collected, because a worker survives any error of its provider
        self.violations: list[str] = []
        self._fences = 0
        self._depth = 0
        self._bits = 0

    # --- the doors -------------------------------------------------------------------------

    def post(
        self, user: str, key: str | None, variant: int, *, skew_ms: int, faults: Sequence[Fault]
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
                queue=process.calling(self.letters),
                now_ms=now_ms,
                random_bits=self._bits,
            )
        except (AlreadyAccepted, IdempotencyKeyReused, LimitReached, Unavailable, Crash):
            return
        self.acknowledged[receipt.job_id] = now_ms

    def work(
        self,
        letter: Letter,
        answer: Answer,
        *,
        meanwhile: Delivery | None = None,
        skew_ms: int = 0,
        faults: Sequence[Fault] = (),
    ) -> None:
        """Let a worker take one visible message, and the queue hear how that ended."""
        if not self.letters.receive(letter):
            return
        process = Process(self, skew_ms=skew_ms, faults=faults)
        provider = Provider(self, answer, meanwhile)
        self._fences += 1
        try:
            outcome = deliver(
                self.as_seen(letter.message),
                jobs=process.calling(self.jobs),
                renderer=self,
                mailer=provider,
                clock=process.clock,
                fence=f"fence-{self._fences}",
                lease_ms=LEASE_MS,
            )
            wait_s = comes_back_after_s(outcome)
            if wait_s is None:
                self.letters.delete(letter)
            else:
                process.calling(self.letters).put_off(letter, wait_s)
        except (Crash, Unavailable):
            pass
        if provider.was_called or not process.knew_what_it_did:
            for job in self.jobs.all(now_ms=self.now_ms):
                if job.job_id == letter.message.job_id:
                    self.unknowable[job.job_id, job.created_at_ms] += 1

    def sweep(self, *, skew_ms: int = 0, faults: Sequence[Fault] = ()) -> None:
        """Let the sweeper repair what is due, and reconcile the dead letters."""
        if not self.sweeps:
            return
        process = Process(self, skew_ms=skew_ms, faults=faults)
        table, queue = process.calling(self.jobs), process.calling(self.letters)
        try:
            for job_id in self.jobs.due(OPEN, now_ms=process.clock(), limit=100):
                repair(job_id, reader=table, jobs=table, queue=queue, clock=process.clock)
            for letter in list(self.letters.dead):
                decision = reconcile(
                    self.as_seen(letter.message),
                    orphan_id="",
                    reader=table,
                    orphans=table,
                    clock=process.clock,
                )
                if isinstance(decision, Delete):
                    self.letters.delete_dead(letter)
        except (Crash, Unavailable):
            pass

    def hear(self, job_id: str, delivery: Delivery) -> None:
        """Let the provider tell what became of a mail."""
        event = DeliveryEvent(job_id=job_id, delivery=delivery)
        if self.jobs.record(event) is not Recorded.NO_SUCH_JOB:
            for job in self.jobs.all(now_ms=self.now_ms):
                if job.job_id == job_id:
                    self.known_gone.add((job_id, job.created_at_ms))
                    if job.status in OPEN:
                        self.gone_while_open.add((job_id, job.created_at_ms))

    def intervene(
        self,
        job_ids: Sequence[str],
        action: Action,
        *,
        skew_ms: int = 0,
        faults: Sequence[Fault] = (),
    ) -> None:
        """Let an operator replay or discard dead jobs."""
        process = Process(self, skew_ms=skew_ms, faults=faults)
        table = process.calling(self.jobs)
        with suppress(Crash, Unavailable):
            intervene(
                job_ids,
                Command(action=action, by=None, reason=None),
                reader=table,
                jobs=table,
                queue=process.calling(self.letters),
                now_ms=process.clock(),
            )

    def a_month_passes(self) -> None:
        """Let rows and messages outlive what they are kept for."""
        self.now_ms += (RETENTION_DAYS + 1) * DAY_MS
        self.letters.expire()

    # --- ports -----------------------------------------------------------------------------

    def add(self, job: Job, *, window_start_ms: int) -> Added | Exists | WindowFull:
        outcome = self.jobs.add(job, window_start_ms=window_start_ms)
        if isinstance(outcome, Added):
            self.accepted_at_ms.setdefault(job.sign_in.user_id, []).append(job.created_at_ms)
            times = sorted(self.accepted_at_ms[job.sign_in.user_id])
            if any(b - a < WINDOW_MS for a, b in zip(times, times[LIMIT:], strict=False)):
                self.violations.append("more than the limit within one window")
        return outcome

    def as_seen(self, message: Message) -> Message:
        return message

    def render(self, job: Job) -> Mail:
        return Mail(recipient=job.sign_in.email, subject="s", text="t", html="h")

    def has_mailed(self, job_id: str) -> bool:
        return any(mailed_id == job_id for mailed_id, *_ in self.mails)

    def leave(self, job: Job) -> None:
        """Let one mail of the job leave for good."""
        life = (job.job_id, job.created_at_ms, job.run)
        self.mails[life] += 1
        if self.mails[life] > 2:
            self.violations.append("a third mail left")

    # --- time ------------------------------------------------------------------------------

    def others_go_on(self, ms: int) -> None:
        """Let time pass for somebody who sleeps, while the sweeper and other workers run."""
        if self._depth:
            self.now_ms += ms
            return
        self._depth += 1
        for _ in range(4):
            self.now_ms += ms // 4
            self.sweep()
            for letter in self.letters.visible():
                if letter in self.letters.waiting:
                    self.work(letter, Answer.TAKEN)
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
            for letter in self.letters.visible():
                self.work(letter, Answer.TAKEN)
