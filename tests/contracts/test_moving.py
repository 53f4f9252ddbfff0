"""`JobMoves.move`: the next state, on condition that nobody else has moved the job."""

from dataclasses import replace

import pytest

from functions.domain.accept import WINDOW_MS
from functions.domain.errors import Superseded, WentOut
from functions.domain.feedback import DeliveryEvent
from functions.domain.life import after_due, after_failure, after_success
from functions.domain.model import Delivery, ErrorClass, Message, Status
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job, a_sign_in

NOW_MS = SIGNED_IN_AT_MS
ENDED_MS = NOW_MS + 250
FENCE = "ours"


@pytest.fixture
def held(jobs):
    """A job in our hands."""
    job = a_job()
    jobs.add(job, window_start_ms=NOW_MS - WINDOW_MS)
    return jobs.claim(
        Message(job_id=job.job_id, run=1), fence=FENCE, now_ms=NOW_MS, lease_until_ms=NOW_MS + 1
    ).job


def failed(job, error_class):
    failure = a_failure(error_class=error_class)
    return after_failure(job, failure, started_at_ms=NOW_MS, now_ms=ENDED_MS)


@pytest.mark.parametrize(
    ("error_class", "status"),
    [
        (None, Status.COMPLETED),
        (ErrorClass.TRANSIENT, Status.RETRYING),
        (ErrorClass.UNKNOWN, Status.RETRYING),
        (ErrorClass.ACCOUNT, Status.PARKED),
        (ErrorClass.PERMANENT, Status.DLQ),
    ],
)
def test_what_follows_an_attempt_is_what_is_read_afterwards(jobs, held, error_class, status):
    after = failed(held, error_class) if error_class else after_success(held, now_ms=ENDED_MS)
    assert after.status is status

    jobs.move(held, after)

    assert jobs.read(held.job_id, now_ms=ENDED_MS) == after


def test_a_success_clears_the_failure_of_an_earlier_attempt(jobs, held):
    jobs.move(held, failed(held, ErrorClass.TRANSIENT))
    again = jobs.claim(
        Message(job_id=held.job_id, run=1),
        fence="ours again",
        now_ms=NOW_MS + 60_000,
        lease_until_ms=NOW_MS + 90_000,
    ).job
    jobs.move(again, after_success(again, now_ms=NOW_MS + 60_001))

    settled = jobs.read(held.job_id, now_ms=NOW_MS + 60_001)
    assert settled.last_failure is None
    assert [attempt.failure for attempt in settled.attempts] == [a_failure()]


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.RETRYING},
        {"run": 2},
        {"fence": "another's"},
        {"fence": None},
        {"due_ms": NOW_MS + 2},
    ],
)
def test_a_job_that_somebody_else_has_moved_is_left_as_it_is(jobs, held, change):
    moved = replace(held, **change)
    jobs.move(held, moved)

    with pytest.raises(Superseded):
        jobs.move(held, after_success(held, now_ms=ENDED_MS))
    assert jobs.read(held.job_id, now_ms=ENDED_MS) == moved


def test_a_job_that_was_claimed_since_it_was_read_is_left_as_it_is(jobs, held):
    as_read = a_job()

    with pytest.raises(Superseded):
        jobs.move(as_read, after_due(as_read, now_ms=as_read.due_ms))
    assert jobs.read(held.job_id, now_ms=ENDED_MS) == held


def test_of_two_that_repair_the_same_job_one_moves_it(jobs):
    job = a_job()
    jobs.add(job, window_start_ms=NOW_MS - WINDOW_MS)
    later = job.due_ms + 1
    first = after_due(job, now_ms=job.due_ms)
    jobs.move(job, first)

    with pytest.raises(Superseded):
        jobs.move(job, after_due(job, now_ms=later))
    assert jobs.read(job.job_id, now_ms=later) == first


def test_a_job_that_another_attempt_has_ended_is_not_settled_again(jobs, held):
    dead = failed(held, ErrorClass.PERMANENT)
    jobs.move(held, dead)
    with pytest.raises(Superseded):
        jobs.move(held, after_success(held, now_ms=ENDED_MS))
    assert jobs.read(held.job_id, now_ms=ENDED_MS) == dead


def test_settling_again_after_a_lost_answer_is_no_lost_lease(jobs, held):
    after = failed(held, ErrorClass.TRANSIENT)
    jobs.move(held, after)
    jobs.move(held, after)
    assert jobs.read(held.job_id, now_ms=ENDED_MS) == after


def test_a_job_without_a_row_is_not_settled(jobs):
    with pytest.raises(Superseded):
        jobs.move(a_job(fence=FENCE), after_success(a_job(fence=FENCE), now_ms=ENDED_MS))
    assert jobs.read(a_job().job_id, now_ms=ENDED_MS) is None


def test_an_attempt_does_not_change_what_was_accepted(jobs, held):
    after = after_success(held, now_ms=ENDED_MS)
    rewritten = replace(
        after, sign_in=a_sign_in(user_id="another"), payload_hash="f" * 64, created_at_ms=1
    )
    jobs.move(held, rewritten)
    assert jobs.read(held.job_id, now_ms=ENDED_MS) == after


@pytest.fixture
def tell(jobs, held):
    return lambda: jobs.record(DeliveryEvent(job_id=held.job_id, delivery=Delivery.DELIVERED))


def told(job):
    return replace(job, went_out=True, delivery=Delivery.DELIVERED)


def test_what_an_event_told_meanwhile_outlives_the_attempt(jobs, held, tell):
    tell()
    after = after_success(held, now_ms=ENDED_MS)
    jobs.move(held, after)
    assert jobs.read(held.job_id, now_ms=ENDED_MS) == told(after)


@pytest.mark.parametrize("error_class", list(ErrorClass))
def test_a_job_whose_mail_is_told_meanwhile_to_have_left_does_not_go_on(
    jobs, held, tell, error_class
):
    tell()
    with pytest.raises(WentOut):
        jobs.move(held, failed(held, error_class))
    assert jobs.read(held.job_id, now_ms=ENDED_MS) == told(held)


def test_a_job_that_somebody_else_has_moved_is_lost_whatever_events_told(jobs, held, tell):
    moved = failed(held, ErrorClass.TRANSIENT)
    jobs.move(held, moved)
    tell()
    with pytest.raises(Superseded) as caught:
        jobs.move(held, failed(held, ErrorClass.PERMANENT))
    assert caught.type is Superseded
    assert jobs.read(held.job_id, now_ms=ENDED_MS) == told(moved)


@pytest.mark.parametrize("error_class", [None, *ErrorClass])
def test_an_event_between_a_lost_answer_and_settling_again_changes_nothing(
    jobs, held, tell, error_class
):
    after = failed(held, error_class) if error_class else after_success(held, now_ms=ENDED_MS)
    jobs.move(held, after)
    tell()
    jobs.move(held, after)
    assert jobs.read(held.job_id, now_ms=ENDED_MS) == told(after)


def test_a_job_that_was_read_as_gone_out_may_be_moved(jobs, held, tell):
    dead = failed(held, ErrorClass.PERMANENT)
    jobs.move(held, dead)
    tell()
    discarded = replace(dead, status=Status.DISCARDED)
    jobs.move(told(dead), discarded)
    assert jobs.read(held.job_id, now_ms=ENDED_MS) == told(discarded)
