"""`JobMoves.release`: a claim that was not used is as if it had not been."""

from dataclasses import replace

import pytest

from functions.domain.feedback import DeliveryEvent
from functions.domain.life import after_due, after_success
from functions.domain.model import Delivery, Message, Status
from functions.domain.ports import Claimed
from tests.builders import a_failure, a_job
from tests.contracts.test_claiming import LEASE_MS, NOW_MS, accepted, claim

DUE_MS = NOW_MS + 120_000


def release(jobs, job, *, fence="ours"):
    jobs.release(Message(job_id=job.job_id, run=job.run), fence=fence, due_ms=DUE_MS)


def stored(jobs, job):
    return jobs.read(job.job_id, now_ms=NOW_MS)


@pytest.mark.parametrize("status", [Status.ENQUEUED, Status.RETRYING])
def test_a_released_job_waits_again_and_no_attempt_is_counted(jobs, status):
    job = accepted(jobs, status=status, attempt_count=2, tries=3, unknown_outcomes=1)
    claim(jobs, job)

    release(jobs, job)

    assert stored(jobs, job) == replace(job, status=Status.RETRYING, due_ms=DUE_MS, tries=4)


def test_a_released_job_is_due_when_it_was_said(jobs):
    job = accepted(jobs)
    claim(jobs, job)
    release(jobs, job)
    waiting = [Status.RETRYING]
    assert jobs.due(waiting, now_ms=DUE_MS - 1, limit=10) == []
    assert jobs.due(waiting, now_ms=DUE_MS, limit=10) == [job.job_id]


def test_a_released_job_can_be_claimed_at_once(jobs):
    job = accepted(jobs)
    claim(jobs, job)
    release(jobs, job)
    assert isinstance(claim(jobs, job, fence="another's"), Claimed)


def test_a_job_that_was_not_claimed_after_all_is_left_as_it_is(jobs):
    job = accepted(jobs)
    release(jobs, job)
    assert stored(jobs, job) == job


def test_another_workers_job_is_left_to_it(jobs):
    job = accepted(jobs)
    held = claim(jobs, job, fence="another's").job
    release(jobs, job)
    assert stored(jobs, job) == held


def test_a_job_that_has_moved_on_is_left_as_it_is(jobs):
    job = accepted(jobs)
    held = claim(jobs, job).job
    for after in (
        after_due(held, now_ms=NOW_MS + LEASE_MS),
        after_success(held, now_ms=NOW_MS),
    ):
        jobs.move(stored(jobs, job), after)
        release(jobs, job)
        assert stored(jobs, job) == after


def test_releasing_again_changes_nothing(jobs):
    job = accepted(jobs, attempt_count=1)
    claim(jobs, job)
    release(jobs, job)
    once = stored(jobs, job)
    release(jobs, job)
    assert stored(jobs, job) == once


def test_there_is_nothing_to_release_without_a_job(jobs):
    release(jobs, a_job())
    assert stored(jobs, a_job()) is None


def test_what_an_event_told_outlives_the_release(jobs):
    job = accepted(jobs, last_failure=a_failure())
    claim(jobs, job)
    jobs.record(DeliveryEvent(job_id=job.job_id, delivery=Delivery.SENT))
    release(jobs, job)
    released = stored(jobs, job)
    assert (released.went_out, released.delivery) == (True, Delivery.SENT)
    assert released.last_failure == a_failure()
