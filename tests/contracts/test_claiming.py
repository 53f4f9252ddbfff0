"""`JobMoves.claim`: one worker at a time, and only a job that waits for an attempt."""

from dataclasses import replace

import pytest

from functions.domain.accept import WINDOW_MS
from functions.domain.deliver import EARLY_GRACE_MS
from functions.domain.feedback import DeliveryEvent
from functions.domain.model import Delivery, Message, Status
from functions.domain.ports import Claimed, NotClaimed
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job, a_job_with_everything
from tests.contracts.conftest import RETENTION_DAYS

NOW_MS = SIGNED_IN_AT_MS
LEASE_MS = 35_000


def accepted(jobs, **changes):
    job = a_job(**changes)
    jobs.add(job, window_start_ms=job.created_at_ms - WINDOW_MS)
    return job


def claim(jobs, job, *, fence="ours", now_ms=NOW_MS, run=None):
    return jobs.claim(
        Message(job_id=job.job_id, run=run or job.run),
        fence=fence,
        now_ms=now_ms,
        lease_until_ms=now_ms + LEASE_MS,
    )


@pytest.mark.parametrize("status", [Status.ENQUEUED, Status.RETRYING])
def test_a_job_that_waits_is_claimed_under_a_lease_and_its_attempt_is_counted(jobs, status):
    job = accepted(jobs, status=status, attempt_count=2, tries=3)

    claimed = replace(
        job,
        status=Status.PROCESSING,
        fence="ours",
        lease_until_ms=NOW_MS + LEASE_MS,
        due_ms=NOW_MS + LEASE_MS,
        attempt_count=3,
        tries=4,
    )
    assert claim(jobs, job) == Claimed(claimed)
    assert jobs.read(job.job_id, now_ms=NOW_MS) == claimed


def test_a_claim_keeps_everything_that_it_does_not_change(jobs):
    job = replace(
        a_job_with_everything(),
        status=Status.RETRYING,
        fence=None,
        lease_until_ms=None,
        processed_at_ms=None,
        not_before_ms=0,
        went_out=False,
        delivery=None,
    )
    jobs.add(job, window_start_ms=0)

    assert claim(jobs, job) == Claimed(
        replace(
            job,
            status=Status.PROCESSING,
            fence="ours",
            lease_until_ms=NOW_MS + LEASE_MS,
            due_ms=NOW_MS + LEASE_MS,
            attempt_count=job.attempt_count + 1,
            tries=job.tries + 1,
            times_resent=0,
        )
    )


def test_a_job_is_not_claimed_before_its_time(jobs):
    job = accepted(jobs, status=Status.RETRYING, not_before_ms=NOW_MS + EARLY_GRACE_MS + 1)
    assert claim(jobs, job) == NotClaimed(job)


def test_a_job_is_claimed_within_the_grace_before_its_time(jobs):
    job = accepted(jobs, status=Status.RETRYING, not_before_ms=NOW_MS + EARLY_GRACE_MS)
    assert isinstance(claim(jobs, job), Claimed)


@pytest.mark.parametrize(("job_run", "message_run"), [(2, 1), (1, 2)])
def test_a_message_of_another_run_claims_nothing(jobs, job_run, message_run):
    job = accepted(jobs, run=job_run)
    assert claim(jobs, job, run=message_run) == NotClaimed(job)


@pytest.mark.parametrize(
    "now_ms", [NOW_MS, NOW_MS + 2 * LEASE_MS], ids=["under its lease", "past its lease"]
)
def test_a_job_that_another_worker_holds_is_shown_but_not_claimed(jobs, now_ms):
    job = accepted(jobs)
    held = claim(jobs, job, fence="another's").job
    assert claim(jobs, job, now_ms=now_ms) == NotClaimed(held)


@pytest.mark.parametrize("status", [Status.PARKED, Status.COMPLETED, Status.DLQ, Status.DISCARDED])
def test_a_job_that_does_not_wait_is_shown_but_not_claimed(jobs, status):
    job = accepted(jobs, status=status, processed_at_ms=NOW_MS, last_failure=a_failure())
    assert claim(jobs, job) == NotClaimed(job)
    assert jobs.read(job.job_id, now_ms=NOW_MS) == job


def test_there_is_nothing_to_claim_without_a_job(jobs):
    assert claim(jobs, a_job()) == NotClaimed(None)
    assert jobs.read(a_job().job_id, now_ms=NOW_MS) is None


def test_an_expired_job_is_not_claimed(jobs):
    job = accepted(jobs)
    expiry_ms = NOW_MS + RETENTION_DAYS * 86_400_000
    assert claim(jobs, job, now_ms=expiry_ms) == NotClaimed(None)
    assert jobs.read(job.job_id, now_ms=expiry_ms - 1) == job


def test_claiming_again_with_the_same_fence_gives_the_same_answer(jobs):
    job = accepted(jobs)
    first = claim(jobs, job)
    assert claim(jobs, job) == first
    assert jobs.read(job.job_id, now_ms=NOW_MS) == first.job


def test_a_job_whose_mail_went_out_is_shown_but_not_claimed(jobs):
    job = accepted(jobs, status=Status.RETRYING)
    jobs.record(DeliveryEvent(job_id=job.job_id, delivery=Delivery.SENT))
    assert claim(jobs, job) == NotClaimed(replace(job, went_out=True, delivery=Delivery.SENT))
