"""Repairs of what a crash left behind, and what becomes of dead letters."""

import pytest

from functions.domain.accept import WINDOW_MS
from functions.domain.errors import Unavailable
from functions.domain.feedback import DeliveryEvent
from functions.domain.life import after_due
from functions.domain.model import Delivery, ErrorClass, Message, Status
from functions.domain.reconcile import (
    Delete,
    Keep,
    Listed,
    MovedOn,
    NothingToRepair,
    NotResent,
    Resent,
    reconcile,
    repair,
)
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job
from tests.fake_jobs import InMemoryJobs
from tests.fakes import InMemoryQueue, Outage, VirtualClock

NOW_MS = SIGNED_IN_AT_MS + 3_600_000
ENDED = {Status.COMPLETED, Status.DLQ, Status.DISCARDED}
JOB_ID = a_job().job_id
ORPHAN_ID = "signin-4c1c5a6b-7f0c-5e53-9a0e-0d1a2b3c4d5e"
MINUTE_MS = 60_000


@pytest.fixture
def jobs():
    return InMemoryJobs()


@pytest.fixture
def queue():
    return InMemoryQueue()


@pytest.fixture
def clock():
    return VirtualClock(NOW_MS)


def add(jobs, **changes):
    job = a_job(**changes)
    jobs.add(job, window_start_ms=SIGNED_IN_AT_MS - WINDOW_MS)
    return job


def stored(jobs):
    return jobs.read(JOB_ID, now_ms=NOW_MS)


@pytest.fixture
def mend(jobs, queue, clock):
    return lambda: repair(JOB_ID, reader=jobs, jobs=jobs, queue=queue, clock=clock)


@pytest.mark.parametrize("status", [Status.ENQUEUED, Status.RETRYING, Status.PARKED])
def test_a_job_that_waits_too_long_gets_another_message(mend, jobs, queue, status):
    job = add(jobs, status=status, run=3)

    outcome = mend()

    assert outcome == Resent(after_due(job, now_ms=NOW_MS))
    assert stored(jobs) == outcome.job
    assert queue.sent == [Message(job_id=JOB_ID, run=3)]


def test_a_jobs_due_time_is_put_off_before_its_message_is_sent(jobs, clock):
    class Watched:
        due_at_send_ms = None

        def send(self, message):
            self.due_at_send_ms = stored(jobs).due_ms

    add(jobs)
    queue = Watched()

    repair(JOB_ID, reader=jobs, jobs=jobs, queue=queue, clock=clock)

    assert queue.due_at_send_ms == NOW_MS + MINUTE_MS


def test_a_crash_between_the_two_leaves_no_second_message(jobs, clock, queue, mend):
    class Crash(BaseException):
        pass

    class Dying:
        def send(self, message):
            raise Crash

    add(jobs)
    with pytest.raises(Crash):
        repair(JOB_ID, reader=jobs, jobs=jobs, queue=Dying(), clock=clock)

    assert mend() == NothingToRepair()
    assert queue.sent == []
    clock.advance(MINUTE_MS)
    assert isinstance(mend(), Resent)
    assert len(queue.sent) == 1


def test_a_message_that_the_queue_did_not_take_is_left_to_the_next_due_time(mend, jobs, queue):
    job = add(jobs)
    queue.outages.append(Outage.BEFORE_IT_ACTED)

    assert mend() == NotResent(after_due(job, now_ms=NOW_MS))
    assert stored(jobs).due_ms == NOW_MS + MINUTE_MS


@pytest.mark.parametrize(
    "status", [Status.ENQUEUED, Status.RETRYING, Status.PARKED, Status.PROCESSING]
)
def test_a_job_whose_mail_is_told_meanwhile_to_have_left_is_completed(jobs, queue, clock, status):
    add(jobs, status=status, unknown_outcomes=1, fence="theirs" if status == "processing" else None)

    class Told:
        def read(self, job_id, *, now_ms):
            job = jobs.read(job_id, now_ms=now_ms)
            jobs.record(DeliveryEvent(job_id=job_id, delivery=Delivery.SENT))
            return job

    outcome = repair(JOB_ID, reader=Told(), jobs=jobs, queue=queue, clock=clock)

    assert isinstance(outcome, MovedOn)
    assert outcome.job.status is stored(jobs).status is Status.COMPLETED
    assert queue.sent == []


def test_a_job_whose_worker_died_waits_again_without_a_message_for_now(mend, jobs, queue):
    job = add(jobs, status=Status.PROCESSING, fence="theirs", lease_until_ms=1, attempt_count=1)

    assert mend() == MovedOn(after_due(job, now_ms=NOW_MS))
    assert stored(jobs).status is Status.RETRYING
    assert queue.sent == []


def test_a_job_whose_second_worker_died_is_dead(mend, jobs, queue):
    add(
        jobs,
        status=Status.PROCESSING,
        fence="theirs",
        lease_until_ms=1,
        attempt_count=2,
        unknown_outcomes=1,
    )

    assert mend().job.status is Status.DLQ
    assert queue.sent == []


@pytest.mark.parametrize("status", [Status.ENQUEUED, Status.RETRYING, Status.PARKED])
def test_a_job_whose_mail_went_out_is_completed_without_a_message(mend, jobs, queue, status):
    add(jobs, status=status)
    jobs.record(DeliveryEvent(job_id=JOB_ID, delivery=Delivery.SENT))

    assert isinstance(mend(), MovedOn)
    assert stored(jobs).status is Status.COMPLETED
    assert queue.sent == []


def test_a_job_that_is_not_overdue_is_left_alone(mend, jobs, queue):
    job = add(jobs, due_ms=NOW_MS + 1)
    assert mend() == NothingToRepair()
    assert stored(jobs) == job
    assert queue.sent == []


def test_there_is_nothing_to_repair_where_there_is_no_job(mend, queue):
    assert mend() == NothingToRepair()
    assert queue.sent == []


def test_a_job_that_another_sweep_repairs_at_the_same_time_gets_one_message(jobs, queue, clock):
    class Raced:
        """Lets the other sweep run between our read and our write."""

        def read(self, job_id, *, now_ms):
            found = jobs.read(job_id, now_ms=now_ms)
            repair(JOB_ID, reader=jobs, jobs=jobs, queue=queue, clock=lambda: NOW_MS + 1)
            return found

    add(jobs)

    assert repair(JOB_ID, reader=Raced(), jobs=jobs, queue=queue, clock=clock) == NothingToRepair()
    assert len(queue.sent) == 1


@pytest.mark.parametrize("calls", [0, 1])
def test_no_message_is_sent_while_the_table_is_out_of_reach(mend, jobs, queue, calls):
    add(jobs)
    # The read answers first, or not even the read.
    jobs.outages.extend([None] * calls + [Outage.BEFORE_IT_ACTED])
    with pytest.raises(Unavailable):
        mend()
    assert queue.sent == []


@pytest.fixture
def decide(jobs, clock):
    return lambda letter: reconcile(
        letter, orphan_id=ORPHAN_ID, reader=jobs, orphans=jobs, clock=clock
    )


def a_letter(run=2):
    return Message(job_id=JOB_ID, run=run)


def ending(status):
    return {
        "processed_at_ms": SIGNED_IN_AT_MS if status in ENDED else None,
        "last_failure": a_failure(),
    }


@pytest.mark.parametrize("status", list(Status))
def test_a_letter_of_an_older_run_is_deleted_whatever_the_job_does(decide, jobs, status):
    add(jobs, status=status, run=2, lease_until_ms=NOW_MS + 1, **ending(status))
    assert decide(a_letter(run=1)) == Delete()


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.DISCARDED])
def test_a_letter_of_a_job_that_has_ended_is_deleted(decide, jobs, status):
    add(jobs, status=status, run=2, **ending(status))
    assert decide(a_letter()) == Delete()


def test_a_dead_jobs_letter_is_kept(decide, jobs):
    add(jobs, status=Status.DLQ, run=2, **ending(Status.DLQ))
    assert decide(a_letter()) == Keep()


@pytest.mark.parametrize("status", [Status.ENQUEUED, Status.RETRYING, Status.PARKED])
def test_a_letter_of_a_waiting_job_is_deleted_because_its_due_time_brings_another(
    decide, jobs, status
):
    job = add(jobs, status=status, run=2)
    assert decide(a_letter()) == Delete()
    assert stored(jobs) == job


@pytest.mark.parametrize(
    ("lease_until_ms", "decision"), [(NOW_MS + 1, Keep()), (NOW_MS, Delete()), (None, Delete())]
)
def test_a_letter_of_a_job_in_work_is_kept_as_long_as_its_lease_is_valid(
    decide, jobs, lease_until_ms, decision
):
    job = add(jobs, status=Status.PROCESSING, run=2, fence="theirs", lease_until_ms=lease_until_ms)
    assert decide(a_letter()) == decision
    assert stored(jobs) == job


def test_a_letter_without_a_job_gets_a_row_among_the_dead(decide, jobs):
    outcome = decide(a_letter())

    assert isinstance(outcome, Listed)
    row = stored(jobs)
    assert row == outcome.job
    assert (row.status, row.run, row.processed_at_ms) == (Status.DLQ, 2, NOW_MS)
    assert row.last_failure.error_class is ErrorClass.PERMANENT
    assert row.last_failure.error_type == "NoSuchJob"


def test_a_letter_that_is_no_message_gets_a_row_of_its_own(decide, jobs):
    outcome = decide(None)

    assert outcome.job.job_id == ORPHAN_ID
    assert jobs.read(ORPHAN_ID, now_ms=NOW_MS) == outcome.job


@pytest.mark.parametrize("letter", [None, a_letter()])
def test_a_letter_without_a_job_is_listed_once_and_kept_from_then_on(decide, jobs, clock, letter):
    decide(letter)
    clock.advance(seconds=300)
    assert decide(letter) == Keep()
    assert len(jobs.all(now_ms=clock())) == 1


def test_nothing_is_decided_while_the_table_is_out_of_reach(decide, jobs):
    jobs.outages.append(Outage.BEFORE_IT_ACTED)
    with pytest.raises(Unavailable):
        decide(a_letter())
