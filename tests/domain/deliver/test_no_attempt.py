"""Messages that are too early, too late or of no job bring no attempt."""

import pytest

from functions.domain.deliver import Dead, NotDue, NothingToDo, comes_back_after_s
from functions.domain.model import Message, Status
from tests.builders import a_failure
from tests.domain.deliver.delivery import HELD, JOB_ID, NOW_MS


def test_a_message_that_comes_too_early_waits_the_rest(world):
    job = world.add(status=Status.RETRYING, not_before_ms=NOW_MS + 1_001)
    outcome = world.deliver()
    assert outcome == NotDue(wait_s=2)
    assert comes_back_after_s(outcome) == 2
    assert world.stored == job


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.DISCARDED, Status.PARKED])
def test_a_job_that_has_ended_or_is_parked_ends_its_message(world, status):
    job = world.add(status=status)
    outcome = world.deliver()
    assert outcome == NothingToDo()
    assert comes_back_after_s(outcome) is None
    assert (world.stored, world.mails) == (job, [])


def test_a_message_whose_job_is_gone_is_done(world):
    assert world.deliver() == NothingToDo()


@pytest.mark.parametrize("status", list(Status))
def test_a_message_of_another_run_is_done(world, status):
    job = world.add(status=status, run=2, fence="theirs" if status == "processing" else None)
    for run in (1, 3):
        assert world.deliver(Message(job_id=JOB_ID, run=run)) == NothingToDo()
    assert (world.stored, world.mails) == (job, [])


def test_a_dead_jobs_message_is_left_to_the_redrive_policy_and_not_told_again(world):
    job = world.add(status=Status.DLQ, processed_at_ms=NOW_MS, last_failure=a_failure())
    outcome = world.deliver()
    assert outcome == Dead(job=job, now=False)
    assert comes_back_after_s(outcome) == 0


def test_a_job_in_another_workers_hands_ends_the_message(world):
    job = world.add(**HELD, lease_until_ms=NOW_MS + 1, due_ms=NOW_MS + 1)
    assert world.deliver() == NothingToDo()
    assert (world.stored, world.mails) == (job, [])
