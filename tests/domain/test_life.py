"""Which state follows which event, and after which wait."""

from dataclasses import replace

import pytest

from functions.domain.life import (
    KEPT_ATTEMPTS,
    KEPT_INTERVENTIONS,
    after_due,
    after_failure,
    after_intervention,
    after_success,
)
from functions.domain.model import Action, Attempt, ErrorClass, Intervention, Status
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job

STARTED_MS = SIGNED_IN_AT_MS
NOW_MS = SIGNED_IN_AT_MS + 250
MINUTE_MS = 60_000


def held(**changes):
    """A job in a worker's hands."""
    values = {
        "status": Status.PROCESSING,
        "attempt_count": 1,
        "tries": 1,
        "fence": "ours",
        "lease_until_ms": NOW_MS + 35_000,
        "due_ms": NOW_MS + 35_000,
    }
    return a_job(**values | changes)


def failed(job, error_class):
    failure = a_failure(error_class=error_class)
    return after_failure(job, failure, started_at_ms=STARTED_MS, now_ms=NOW_MS)


def overdue(status, **changes):
    """A job whose due time is right now."""
    values = {"fence": "theirs", "lease_until_ms": NOW_MS} if status is Status.PROCESSING else {}
    return a_job(**{"status": status, "due_ms": NOW_MS, "attempt_count": 1, **values, **changes})


def test_a_success_completes_a_job_for_good():
    job = held(last_failure=a_failure())
    assert after_success(job, now_ms=NOW_MS) == replace(
        job,
        status=Status.COMPLETED,
        processed_at_ms=NOW_MS,
        fence=None,
        lease_until_ms=None,
        due_ms=None,
        last_failure=None,
    )


@pytest.mark.parametrize(("attempt", "wait_ms"), [(1, 2_000), (2, 4_000), (3, 8_000), (4, 16_000)])
def test_a_transient_failure_is_tried_again_after_a_wait_that_doubles(attempt, wait_ms):
    job = held(attempt_count=attempt)
    failure = a_failure()
    assert failed(job, ErrorClass.TRANSIENT) == replace(
        job,
        status=Status.RETRYING,
        fence=None,
        lease_until_ms=None,
        not_before_ms=NOW_MS + wait_ms,
        due_ms=NOW_MS + wait_ms + MINUTE_MS,
        last_failure=failure,
        attempts=(Attempt(started_at_ms=STARTED_MS, ended_at_ms=NOW_MS, failure=failure),),
    )


def assert_dead(after, job, error_class):
    assert after.status is Status.DLQ
    assert after.processed_at_ms == NOW_MS
    assert (after.due_ms, after.fence, after.lease_until_ms) == (None, None, None)
    assert after.attempt_count == job.attempt_count
    assert after.last_failure == a_failure(error_class=error_class)
    assert len(after.attempts) == len(job.attempts) + 1


def test_the_fifth_transient_failure_is_the_last():
    job = held(attempt_count=5)
    assert_dead(failed(job, ErrorClass.TRANSIENT), job, ErrorClass.TRANSIENT)


@pytest.mark.parametrize("attempt", range(1, 6))
def test_a_permanent_failure_is_the_last(attempt):
    job = held(attempt_count=attempt)
    assert_dead(failed(job, ErrorClass.PERMANENT), job, ErrorClass.PERMANENT)


@pytest.mark.parametrize("attempt", range(1, 5))
def test_an_unknown_outcome_is_tried_again_after_two_minutes(attempt):
    after = failed(held(attempt_count=attempt), ErrorClass.UNKNOWN)
    assert after.status is Status.RETRYING
    assert after.not_before_ms == NOW_MS + 120_000
    assert after.due_ms == NOW_MS + 180_000
    assert after.unknown_outcomes == 1


@pytest.mark.parametrize("attempt", range(2, 6))
def test_a_second_unknown_outcome_is_the_last(attempt):
    job = held(attempt_count=attempt, unknown_outcomes=1)
    after = failed(job, ErrorClass.UNKNOWN)
    assert_dead(after, job, ErrorClass.UNKNOWN)
    assert after.unknown_outcomes == 2


def test_an_unknown_outcome_of_the_fifth_attempt_is_the_last():
    job = held(attempt_count=5)
    assert_dead(failed(job, ErrorClass.UNKNOWN), job, ErrorClass.UNKNOWN)


def test_a_failure_that_is_known_does_not_count_as_unknown():
    assert failed(held(unknown_outcomes=1), ErrorClass.TRANSIENT).unknown_outcomes == 1


@pytest.mark.parametrize(
    ("times_parked", "minutes"), [(0, 10), (1, 20), (2, 40), (3, 60), (4, 60), (100, 60)]
)
def test_our_accounts_failure_parks_a_job_longer_each_time(times_parked, minutes):
    after = failed(held(times_parked=times_parked), ErrorClass.ACCOUNT)
    assert after.status is Status.PARKED
    assert after.due_ms == NOW_MS + minutes * MINUTE_MS
    assert after.times_parked == times_parked + 1
    assert (after.fence, after.lease_until_ms, after.processed_at_ms) == (None, None, None)


@pytest.mark.parametrize("attempt", range(1, 6))
def test_our_accounts_failure_uses_no_attempt(attempt):
    job = held(attempt_count=attempt, tries=attempt)
    after = failed(job, ErrorClass.ACCOUNT)
    assert (after.attempt_count, after.tries) == (attempt - 1, attempt)


def test_the_newest_attempts_are_kept():
    attempts = tuple(
        Attempt(started_at_ms=n, ended_at_ms=n, failure=a_failure()) for n in range(KEPT_ATTEMPTS)
    )
    after = failed(held(attempts=attempts), ErrorClass.ACCOUNT)
    assert after.attempts[:-1] == attempts[1:]
    assert after.attempts[-1].ended_at_ms == NOW_MS


OPEN = [Status.ENQUEUED, Status.PROCESSING, Status.RETRYING, Status.PARKED]


@pytest.mark.parametrize("status", OPEN)
def test_a_job_that_is_not_due_stays_as_it_is(status):
    assert after_due(overdue(status, due_ms=NOW_MS + 1), now_ms=NOW_MS) is None


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.DLQ, Status.DISCARDED])
@pytest.mark.parametrize("went_out", [False, True])
def test_a_job_that_has_ended_is_never_due(status, went_out):
    job = a_job(status=status, processed_at_ms=1, went_out=went_out)
    assert after_due(job, now_ms=NOW_MS) is None


@pytest.mark.parametrize("status", OPEN)
def test_an_overdue_job_whose_mail_went_out_is_completed(status):
    job = overdue(status, went_out=True)
    assert after_due(job, now_ms=NOW_MS) == after_success(job, now_ms=NOW_MS)


@pytest.mark.parametrize("status", [Status.ENQUEUED, Status.RETRYING])
@pytest.mark.parametrize(
    ("times_resent", "minutes"),
    [(0, 1), (1, 2), (2, 4), (3, 8), (4, 16), (5, 30), (6, 30), (100, 30)],
)
def test_a_waiting_job_is_put_off_longer_each_time_and_waits_on(status, times_resent, minutes):
    job = overdue(status, times_resent=times_resent)
    assert after_due(job, now_ms=NOW_MS) == replace(
        job, due_ms=NOW_MS + minutes * MINUTE_MS, times_resent=times_resent + 1
    )


def test_a_parked_job_is_released_at_once_with_its_attempts():
    job = overdue(Status.PARKED, attempt_count=3, times_parked=2, times_resent=4)
    assert after_due(job, now_ms=NOW_MS) == replace(
        job,
        status=Status.ENQUEUED,
        not_before_ms=NOW_MS,
        due_ms=NOW_MS + MINUTE_MS,
        times_resent=0,
    )


def test_a_lease_that_ran_out_is_an_unknown_outcome_since_then():
    job = overdue(Status.PROCESSING, due_ms=NOW_MS - 5, lease_until_ms=NOW_MS - 5)
    after = after_due(job, now_ms=NOW_MS)
    assert after.status is Status.RETRYING
    assert after.not_before_ms == NOW_MS + 120_000
    assert after.unknown_outcomes == 1
    assert (after.fence, after.lease_until_ms) == (None, None)
    (attempt,) = after.attempts
    assert (attempt.started_at_ms, attempt.ended_at_ms) == (NOW_MS - 5, NOW_MS)
    assert attempt.failure == after.last_failure
    assert (attempt.failure.error_class, attempt.failure.error_type) == (
        ErrorClass.UNKNOWN,
        "LeaseExpired",
    )


def test_a_second_lease_that_ran_out_is_the_last():
    after = after_due(overdue(Status.PROCESSING, unknown_outcomes=1), now_ms=NOW_MS)
    assert (after.status, after.processed_at_ms, after.due_ms) == (Status.DLQ, NOW_MS, None)


def test_of_the_interventions_the_newest_are_kept():
    job = a_job(status=Status.DLQ)
    for n in range(KEPT_INTERVENTIONS + 3):
        note = Intervention(action=Action.REPLAYED, at_ms=n)
        job = replace(after_intervention(job, note, now_ms=n), status=Status.DLQ)
    assert [done.at_ms for done in job.interventions] == list(range(3, KEPT_INTERVENTIONS + 3))


def test_a_run_begins_when_the_job_is_accepted_or_replayed_the_last_time():
    assert a_job().run_began_at_ms == SIGNED_IN_AT_MS
    replays = tuple(Intervention(action=Action.REPLAYED, at_ms=NOW_MS + n) for n in range(2))
    rest = Intervention(action=Action.DISCARDED, at_ms=NOW_MS + 9)
    assert a_job(interventions=(*replays, rest)).run_began_at_ms == NOW_MS + 1
