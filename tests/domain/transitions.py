"""Every change of a job's state that there is: found by trying each use case in each situation."""

from collections.abc import Iterator
from functools import partial
from itertools import product

from functions.domain.accept import accept
from functions.domain.deliver import deliver
from functions.domain.errors import DeliveryError, Unavailable
from functions.domain.feedback import DeliveryEvent
from functions.domain.intervene import Command, intervene
from functions.domain.life import MAX_ATTEMPTS, MAX_UNKNOWN_OUTCOMES
from functions.domain.model import Action, Delivery, Message, Status
from functions.domain.reconcile import reconcile, repair
from functions.domain.request import parse_request
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job, a_mail
from tests.fake_jobs import InMemoryJobs
from tests.fakes import InMemoryQueue, RecordingMailer, VirtualClock

NOW_MS = SIGNED_IN_AT_MS
JOB_ID = a_job().job_id
MESSAGE = Message(job_id=JOB_ID, run=1)


class WatchedJobs(InMemoryJobs):
    """Remembers from which state to which a job went; None stands for no job."""

    def __init__(self):
        super().__init__()
        self.changes = set()

    def _write(self, job, *, expires_at_ms=None):
        row = self._rows.get(job.job_id)
        super()._write(job, expires_at_ms=expires_at_ms)
        before = row.job.status if row else None
        if before is not job.status:
            self.changes.add((before, job.status))


def transitions():
    """Return all pairs of a state, or None for no job, and the one that may follow."""
    found = set()
    for situation, use_case in product([WatchedJobs, *situations()], use_cases()):
        jobs = situation()
        use_case(jobs)
        found |= jobs.changes
    return found


def situations() -> Iterator:
    """Give every way that a job may stand, as far as it matters to what follows."""
    for status, attempts, unknown, went_out, due_ms in product(
        Status,
        (1, MAX_ATTEMPTS),
        range(MAX_UNKNOWN_OUTCOMES),
        (False, True),
        (NOW_MS, NOW_MS + 1),
    ):
        ended = status in {Status.COMPLETED, Status.DLQ, Status.DISCARDED}
        held = status is Status.PROCESSING
        job = a_job(
            status=status,
            attempt_count=attempts,
            unknown_outcomes=unknown,
            due_ms=None if ended else due_ms,
            processed_at_ms=NOW_MS if ended else None,
            fence="theirs" if held else None,
            lease_until_ms=due_ms if held else None,
            last_failure=a_failure(),
        )
        yield partial(stand, job, went_out=went_out)


def stand(job, *, went_out):
    jobs = WatchedJobs()
    jobs.add(job, window_start_ms=0)
    if went_out:
        jobs.record(DeliveryEvent(job_id=job.job_id, delivery=Delivery.SENT))
    jobs.changes.clear()
    return jobs


def use_cases() -> Iterator:
    """Give every use case that writes jobs, with every way that a send may end."""
    errors = [kind(error_type="E", sentence="S.") for kind in DeliveryError.__subclasses__()]
    for error in (None, *errors, RuntimeError()):
        yield partial(try_to_send, error=error)
    yield partial(try_to_send, unrenderable=True)
    yield sweep
    for action in (Action.REPLAYED, Action.DISCARDED):
        yield partial(command, action)
    yield post


class Renderer:
    def __init__(self, *, fails):
        self._fails = fails

    def render(self, _):
        if self._fails:
            raise Unavailable
        return a_mail()


def try_to_send(jobs, *, error=None, unrenderable=False):
    mailer = RecordingMailer()
    if error:
        mailer.fail_next(error)
    deliver(
        MESSAGE,
        jobs=jobs,
        renderer=Renderer(fails=unrenderable),
        mailer=mailer,
        clock=VirtualClock(NOW_MS),
        fence="ours",
        lease_ms=35_000,
    )


def sweep(jobs):
    clock = VirtualClock(NOW_MS)
    repair(JOB_ID, reader=jobs, jobs=jobs, queue=InMemoryQueue(), clock=clock)
    reconcile(MESSAGE, orphan_id="", reader=jobs, orphans=jobs, clock=clock)


def command(action, jobs):
    intervene(
        [JOB_ID],
        Command(action=action, by=None, reason=None),
        reader=jobs,
        jobs=jobs,
        queue=InMemoryQueue(),
        now_ms=NOW_MS,
    )


def post(jobs):
    body = b'{"userId": "u", "email": "u@example.com", "provider": "github"}'
    accept(
        parse_request(body, now_ms=NOW_MS, trusted_proxies=0),
        idempotency_key=None,
        jobs=jobs,
        queue=InMemoryQueue(),
        now_ms=NOW_MS,
        random_bits=1,
    )
