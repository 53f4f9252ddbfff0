"""What the tests of a delivery share."""

from functions.domain.accept import WINDOW_MS
from functions.domain.deliver import deliver
from functions.domain.model import Message, Status
from tests.builders import SIGNED_IN_AT_MS, a_job, a_mail
from tests.fake_jobs import InMemoryJobs
from tests.fakes import RecordingMailer, VirtualClock

NOW_MS = SIGNED_IN_AT_MS
LEASE_MS = 35_000
JOB_ID = a_job().job_id
MESSAGE = Message(job_id=JOB_ID, run=1)
SECRET = "batbold@example.com"
HELD = {"status": Status.PROCESSING, "fence": "theirs", "attempt_count": 1}


class World:
    """One job, one worker, and what they have around them."""

    def __init__(self):
        self.clock = VirtualClock(NOW_MS)
        self.jobs = InMemoryJobs()
        self.mailer = RecordingMailer()
        self.render = lambda _: a_mail()

    def add(self, **changes):
        job = a_job(**changes)
        self.jobs.add(job, window_start_ms=NOW_MS - WINDOW_MS)
        return job

    def deliver(self, message=MESSAGE):
        return deliver(
            message,
            jobs=self.jobs,
            renderer=self,
            mailer=self.mailer,
            clock=self.clock,
            fence="ours",
            lease_ms=LEASE_MS,
        )

    @property
    def stored(self):
        return self.jobs.read(JOB_ID, now_ms=self.clock())

    @property
    def mails(self):
        return [sent.mail for sent in self.mailer.sent]


def error_of(kind):
    return kind(error_type="TheirName", sentence="Our sentence.")
