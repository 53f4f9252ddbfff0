"""What the sweeper asks of the table: who is overdue, and a row for whom nobody knows."""

from dataclasses import replace
from itertools import count

import pytest

from functions.adapters.dynamodb.dead_letters import DeadLetterFilter
from functions.adapters.dynamodb.items import SHARDS, shard
from functions.domain.accept import WINDOW_MS
from functions.domain.life import after_due, after_success
from functions.domain.model import ErrorClass, Failure, SignIn, Status
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job, a_sign_in, job_number
from tests.contracts.conftest import RETENTION_DAYS

NOW_MS = SIGNED_IN_AT_MS + 3_600_000
OPEN = (Status.ENQUEUED, Status.PROCESSING, Status.RETRYING, Status.PARKED)
ENDED = (Status.COMPLETED, Status.DLQ, Status.DISCARDED)


def accept(jobs, n, **changes):
    """Let job `n` be accepted, in whatever state; no two of these share a window."""
    values = {"sign_in": a_sign_in(user_id=f"user-{n}"), **changes}
    job = job_number(n, **values)
    jobs.add(job, window_start_ms=job.created_at_ms - WINDOW_MS)
    return job.job_id


def due(jobs, *statuses, limit=100):
    return jobs.due(statuses or OPEN, now_ms=NOW_MS, limit=limit)


def an_orphan(**changes):
    values = {
        "sign_in": SignIn(user_id="", email="", provider="", signed_in_at_ms=NOW_MS),
        "payload_hash": "",
        "status": Status.DLQ,
        "created_at_ms": NOW_MS,
        "processed_at_ms": NOW_MS,
        "last_failure": Failure(
            error_class=ErrorClass.PERMANENT,
            error_type="NoSuchJob",
            error="Nobody knows it.",
            stack_trace="",
        ),
    }
    return a_job(**values | changes)


def listed(jobs):
    page = jobs.page(DeadLetterFilter(), limit=10, cursor=None, now_ms=SIGNED_IN_AT_MS)
    return [(letter.job_id, letter.error_type, letter.recipient_masked) for letter in page.letters]


def test_only_jobs_whose_due_time_has_come_are_due(jobs):
    expected = [accept(jobs, 0, due_ms=NOW_MS - 1), accept(jobs, 1, due_ms=NOW_MS)]
    accept(jobs, 2, due_ms=NOW_MS + 1)
    assert due(jobs) == expected
    assert jobs.count_due(OPEN, now_ms=NOW_MS) == 2


def test_the_oldest_is_due_first_whatever_its_state_and_shard(jobs):
    states = dict(zip(range(8), OPEN * 2, strict=True))
    ids = [
        accept(jobs, n, status=status, due_ms=NOW_MS - 1_000 * (n * 3 % 8))
        for n, status in states.items()
    ]
    assert due(jobs) == sorted(ids, key=lambda job_id: -(ids.index(job_id) * 3 % 8))


def test_jobs_due_in_the_same_millisecond_are_all_due(jobs):
    ids = [accept(jobs, n, due_ms=NOW_MS) for n in range(5)]
    assert due(jobs) == ids


def test_no_more_are_returned_than_asked_for_and_these_are_the_oldest(jobs):
    ids = [accept(jobs, n, due_ms=NOW_MS - 10 + n) for n in range(5)]
    assert due(jobs, limit=3) == ids[:3]
    assert due(jobs, limit=5) == ids


@pytest.mark.parametrize("wanted", OPEN)
def test_only_the_states_asked_for_are_due(jobs, wanted):
    ids = {status: accept(jobs, n, status=status) for n, status in enumerate(OPEN)}
    assert due(jobs, wanted) == [ids[wanted]]
    assert jobs.count_due([wanted], now_ms=NOW_MS) == 1


@pytest.mark.parametrize("status", ENDED)
def test_a_job_that_has_ended_is_never_due(jobs, status):
    accept(jobs, 0, status=status, processed_at_ms=SIGNED_IN_AT_MS, last_failure=a_failure())
    assert due(jobs) == []
    assert jobs.count_due(OPEN, now_ms=NOW_MS) == 0


def test_jobs_of_all_shards_are_due(jobs):
    one_of_each = {shard(Status.ENQUEUED, job_number(n).job_id): n for n in range(200)}
    assert len(one_of_each) == SHARDS
    ids = {accept(jobs, n) for n in one_of_each.values()}
    assert set(due(jobs)) == ids
    assert jobs.count_due(OPEN, now_ms=NOW_MS) == SHARDS


def test_more_jobs_of_one_shard_than_a_page_has_are_due(jobs):
    of_one_shard = (
        n for n in count() if shard(Status.ENQUEUED, job_number(n).job_id) == "enqueued#00"
    )
    ids = [accept(jobs, next(of_one_shard), due_ms=NOW_MS - 60 + n) for n in range(60)]
    assert due(jobs) == ids
    assert jobs.count_due(OPEN, now_ms=NOW_MS) == 60


def test_an_expired_job_is_not_due_and_takes_no_place_of_one_that_is(jobs):
    expiry_ms = SIGNED_IN_AT_MS + RETENTION_DAYS * 86_400_000
    of_one_shard = (
        n for n in count() if shard(Status.ENQUEUED, job_number(n).job_id) == "enqueued#00"
    )
    # More than a page of the index, and older than what is due.
    expired = [accept(jobs, next(of_one_shard)) for _ in range(60)]
    live = accept(jobs, next(of_one_shard), created_at_ms=SIGNED_IN_AT_MS + 1_000)

    for now_ms, ids in ((expiry_ms - 1, [*expired, live]), (expiry_ms, [live])):
        assert set(jobs.due(OPEN, now_ms=now_ms, limit=100)) == set(ids)
    assert jobs.due(OPEN, now_ms=expiry_ms, limit=1) == [live]
    assert jobs.due(OPEN, now_ms=expiry_ms + 1_000, limit=1) == []


def test_an_expired_job_is_not_counted_as_overdue(jobs):
    accept(jobs, 0)
    accept(jobs, 1, created_at_ms=SIGNED_IN_AT_MS + 1_000)
    expiry_ms = SIGNED_IN_AT_MS + RETENTION_DAYS * 86_400_000
    assert jobs.count_due(OPEN, now_ms=expiry_ms - 1) == 2
    assert jobs.count_due(OPEN, now_ms=expiry_ms) == 1


def test_a_job_whose_due_time_was_put_off_is_not_due(jobs):
    job_id = accept(jobs, 0)
    job = jobs.read(job_id, now_ms=NOW_MS)
    jobs.move(job, after_due(job, now_ms=NOW_MS))
    assert due(jobs) == []


def test_a_job_that_completed_is_not_due(jobs):
    job_id = accept(jobs, 0)
    job = jobs.read(job_id, now_ms=NOW_MS)
    jobs.move(job, after_success(job, now_ms=NOW_MS))
    assert due(jobs) == []


def test_an_orphan_is_listed_among_the_dead_and_can_be_read(jobs):
    orphan = an_orphan()
    jobs.add_orphan(orphan)
    assert listed(jobs) == [(orphan.job_id, "NoSuchJob", "")]
    assert jobs.read(orphan.job_id, now_ms=NOW_MS) == orphan


def test_an_orphan_that_is_added_again_is_no_second_one(jobs):
    orphan = an_orphan()
    jobs.add_orphan(orphan)
    jobs.add_orphan(replace(orphan, run=2, processed_at_ms=NOW_MS + 1))
    assert listed(jobs) == [(orphan.job_id, "NoSuchJob", "")]
    assert jobs.read(orphan.job_id, now_ms=NOW_MS) == orphan


@pytest.mark.parametrize("status", list(Status))
def test_an_orphan_never_takes_the_place_of_a_job(jobs, status):
    ended_at_ms = SIGNED_IN_AT_MS if status in ENDED else None
    job = a_job(status=status, processed_at_ms=ended_at_ms, last_failure=a_failure())
    jobs.add(job, window_start_ms=SIGNED_IN_AT_MS - WINDOW_MS)
    jobs.add_orphan(an_orphan())
    assert jobs.read(job.job_id, now_ms=NOW_MS) == job


def test_an_orphan_takes_the_place_of_a_job_that_has_expired(jobs):
    jobs.add(a_job(), window_start_ms=SIGNED_IN_AT_MS - WINDOW_MS)
    expiry_ms = SIGNED_IN_AT_MS + RETENTION_DAYS * 86_400_000
    orphan = an_orphan(created_at_ms=expiry_ms, processed_at_ms=expiry_ms)
    jobs.add_orphan(orphan)
    assert jobs.read(orphan.job_id, now_ms=expiry_ms) == orphan


def test_an_orphan_expires_like_a_job(jobs):
    orphan = an_orphan()
    jobs.add_orphan(orphan)
    expiry_ms = NOW_MS + RETENTION_DAYS * 86_400_000
    assert jobs.read(orphan.job_id, now_ms=expiry_ms - 1) == orphan
    assert jobs.read(orphan.job_id, now_ms=expiry_ms) is None
