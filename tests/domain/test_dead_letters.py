"""What becomes of dead letters."""

import pytest

from functions.domain.errors import Unavailable
from functions.domain.model import ErrorClass, Message, Status
from functions.domain.reconcile import Delete, Keep, Listed, reconcile
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job
from tests.fakes import Outage, VirtualClock

NOW_MS = SIGNED_IN_AT_MS + 3_600_000
ENDED = {Status.COMPLETED, Status.DLQ, Status.DISCARDED}
JOB_ID = a_job().job_id
ORPHAN_ID = "signin-4c1c5a6b-7f0c-5e53-9a0e-0d1a2b3c4d5e"


@pytest.fixture
def clock():
    return VirtualClock(NOW_MS)


def stored(jobs):
    return jobs.read(JOB_ID, now_ms=NOW_MS)


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
def test_a_letter_of_an_older_run_is_deleted_whatever_the_job_does(decide, add, status):
    add(status=status, run=2, lease_until_ms=NOW_MS + 1, **ending(status))
    assert decide(a_letter(run=1)) == Delete()


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.DISCARDED])
def test_a_letter_of_a_job_that_has_ended_is_deleted(decide, add, status):
    add(status=status, run=2, **ending(status))
    assert decide(a_letter()) == Delete()


def test_a_dead_jobs_letter_is_kept(decide, add):
    add(status=Status.DLQ, run=2, **ending(Status.DLQ))
    assert decide(a_letter()) == Keep()


@pytest.mark.parametrize("status", [Status.ENQUEUED, Status.RETRYING, Status.PARKED])
def test_a_letter_of_a_waiting_job_is_deleted_because_its_due_time_brings_another(
    decide, add, jobs, status
):
    job = add(status=status, run=2)
    assert decide(a_letter()) == Delete()
    assert stored(jobs) == job


@pytest.mark.parametrize(
    ("lease_until_ms", "decision"), [(NOW_MS + 1, Keep()), (NOW_MS, Delete()), (None, Delete())]
)
def test_a_letter_of_a_job_in_work_is_kept_as_long_as_its_lease_is_valid(
    decide, add, jobs, lease_until_ms, decision
):
    job = add(status=Status.PROCESSING, run=2, fence="theirs", lease_until_ms=lease_until_ms)
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
