"""Repairs of jobs that a crash left behind."""

import pytest

from functions.domain.errors import Unavailable
from functions.domain.feedback import DeliveryEvent
from functions.domain.life import after_due
from functions.domain.model import Delivery, Message, Status
from functions.domain.reconcile import MovedOn, NothingToRepair, NotResent, Resent, repair
from tests.builders import SIGNED_IN_AT_MS, a_job
from tests.fakes import Outage, VirtualClock

NOW_MS = SIGNED_IN_AT_MS + 3_600_000
JOB_ID = a_job().job_id
MINUTE_MS = 60_000


@pytest.fixture
def clock():
    return VirtualClock(NOW_MS)


def stored(jobs):
    return jobs.read(JOB_ID, now_ms=NOW_MS)


@pytest.fixture
def mend(jobs, queue, clock):
    return lambda: repair(JOB_ID, reader=jobs, jobs=jobs, queue=queue, clock=clock)


@pytest.mark.parametrize("status", [Status.ENQUEUED, Status.RETRYING, Status.PARKED])
def test_a_job_that_waits_too_long_gets_another_message(mend, add, jobs, queue, status):
    job = add(status=status, run=3)

    outcome = mend()

    assert outcome == Resent(after_due(job, now_ms=NOW_MS))
    assert stored(jobs) == outcome.job
    assert queue.sent == [Message(job_id=JOB_ID, run=3)]


def test_a_jobs_due_time_is_put_off_before_its_message_is_sent(add, jobs, clock):
    class Watched:
        due_at_send_ms = None

        def send(self, message):
            self.due_at_send_ms = stored(jobs).due_ms

    add()
    queue = Watched()

    repair(JOB_ID, reader=jobs, jobs=jobs, queue=queue, clock=clock)

    assert queue.due_at_send_ms == NOW_MS + MINUTE_MS


def test_a_crash_between_the_two_leaves_no_second_message(add, jobs, clock, queue, mend):
    class Crash(BaseException):
        pass

    class Dying:
        def send(self, message):
            raise Crash

    add()
    with pytest.raises(Crash):
        repair(JOB_ID, reader=jobs, jobs=jobs, queue=Dying(), clock=clock)

    assert mend() == NothingToRepair()
    assert queue.sent == []
    clock.advance(MINUTE_MS)
    assert isinstance(mend(), Resent)
    assert len(queue.sent) == 1


def test_a_message_that_the_queue_did_not_take_is_left_to_the_next_due_time(mend, add, jobs, queue):
    job = add()
    queue.outages.append(Outage.BEFORE_IT_ACTED)

    assert mend() == NotResent(after_due(job, now_ms=NOW_MS))
    assert stored(jobs).due_ms == NOW_MS + MINUTE_MS


@pytest.mark.parametrize(
    "status", [Status.ENQUEUED, Status.RETRYING, Status.PARKED, Status.PROCESSING]
)
def test_a_job_whose_mail_is_told_meanwhile_to_have_left_is_completed(
    add, jobs, queue, clock, status
):
    add(status=status, unknown_outcomes=1, fence="theirs" if status == "processing" else None)

    class Told:
        def read(self, job_id, *, now_ms):
            job = jobs.read(job_id, now_ms=now_ms)
            jobs.record(DeliveryEvent(job_id=job_id, delivery=Delivery.SENT))
            return job

    outcome = repair(JOB_ID, reader=Told(), jobs=jobs, queue=queue, clock=clock)

    assert isinstance(outcome, MovedOn)
    assert outcome.job.status is stored(jobs).status is Status.COMPLETED
    assert queue.sent == []


def test_a_job_whose_worker_died_waits_again_without_a_message_for_now(mend, add, jobs, queue):
    job = add(status=Status.PROCESSING, fence="theirs", lease_until_ms=1, attempt_count=1)

    assert mend() == MovedOn(after_due(job, now_ms=NOW_MS))
    assert stored(jobs).status is Status.RETRYING
    assert queue.sent == []


def test_a_job_whose_second_worker_died_is_dead(mend, add, queue):
    add(
        status=Status.PROCESSING,
        fence="theirs",
        lease_until_ms=1,
        attempt_count=2,
        unknown_outcomes=1,
    )

    assert mend().job.status is Status.DLQ
    assert queue.sent == []


@pytest.mark.parametrize("status", [Status.ENQUEUED, Status.RETRYING, Status.PARKED])
def test_a_job_whose_mail_went_out_is_completed_without_a_message(mend, add, jobs, queue, status):
    add(status=status)
    jobs.record(DeliveryEvent(job_id=JOB_ID, delivery=Delivery.SENT))

    assert isinstance(mend(), MovedOn)
    assert stored(jobs).status is Status.COMPLETED
    assert queue.sent == []


def test_a_job_that_is_not_overdue_is_left_alone(mend, add, jobs, queue):
    job = add(due_ms=NOW_MS + 1)
    assert mend() == NothingToRepair()
    assert stored(jobs) == job
    assert queue.sent == []


def test_there_is_nothing_to_repair_where_there_is_no_job(mend, queue):
    assert mend() == NothingToRepair()
    assert queue.sent == []


def test_a_job_that_another_sweep_repairs_at_the_same_time_gets_one_message(
    add, jobs, queue, clock
):
    class Raced:
        """Lets the other sweep run between our read and our write."""

        def read(self, job_id, *, now_ms):
            found = jobs.read(job_id, now_ms=now_ms)
            repair(JOB_ID, reader=jobs, jobs=jobs, queue=queue, clock=lambda: NOW_MS + 1)
            return found

    add()

    assert repair(JOB_ID, reader=Raced(), jobs=jobs, queue=queue, clock=clock) == NothingToRepair()
    assert len(queue.sent) == 1


@pytest.mark.parametrize("calls", [0, 1])
def test_no_message_is_sent_while_the_table_is_out_of_reach(mend, add, jobs, queue, calls):
    add()
    # The read answers first, or not even the read.
    jobs.outages.extend([None] * calls + [Outage.BEFORE_IT_ACTED])
    with pytest.raises(Unavailable):
        mend()
    assert queue.sent == []
