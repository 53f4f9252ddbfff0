"""`Acceptance`: the job and its place in the user's window, both or neither."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

from functions.domain.accept import LIMIT, WINDOW_MS
from functions.domain.feedback import DeliveryEvent
from functions.domain.model import Delivery, Message, Status
from functions.domain.ports import Added, Exists, WindowFull
from tests.builders import (
    SIGNED_IN_AT_MS,
    a_job,
    a_job_with_everything,
    a_sign_in,
    job_number,
)
from tests.contracts.conftest import RETENTION_DAYS

NOW_MS = SIGNED_IN_AT_MS
RETENTION_MS = RETENTION_DAYS * 86_400_000


def add(jobs, job):
    return jobs.add(job, window_start_ms=job.created_at_ms - WINDOW_MS)


def fill_window(jobs, *, every_ms=60_000):
    """Take all places of the user's window, one each `every_ms` from `NOW_MS` on."""
    for n in range(LIMIT):
        assert add(jobs, job_number(n, created_at_ms=NOW_MS + n * every_ms)) == Added()


def test_an_accepted_job_can_be_read_back(jobs):
    job = a_job()
    assert add(jobs, job) == Added()
    assert jobs.read(job.job_id, now_ms=NOW_MS) == job


def test_a_job_survives_the_round_trip_with_every_field_filled(jobs):
    job = a_job_with_everything()
    for part in (job, job.sign_in, job.sign_in.location):
        assert all(getattr(part, field.name) != field.default for field in fields(part))

    add(jobs, job)
    jobs.record(DeliveryEvent(job_id=job.job_id, delivery=job.delivery))

    assert jobs.read(job.job_id, now_ms=NOW_MS) == job


def test_a_new_job_has_not_gone_out_whatever_it_says(jobs):
    job = a_job(went_out=True, delivery=Delivery.DELIVERED)
    add(jobs, job)
    assert jobs.read(job.job_id, now_ms=NOW_MS) == replace(job, went_out=False, delivery=None)


def test_a_sign_in_without_its_optional_facts_survives_the_round_trip(jobs):
    job = a_job(sign_in=a_sign_in(name=None, ip_address=None, user_agent=None))
    add(jobs, job)
    assert jobs.read(job.job_id, now_ms=NOW_MS) == job


def test_the_same_id_again_is_answered_with_the_originals_hash_and_status(jobs):
    original = a_job(payload_hash="a" * 64)
    add(jobs, original)
    jobs.claim(
        Message(job_id=original.job_id, run=1),
        fence="fence",
        now_ms=NOW_MS,
        lease_until_ms=NOW_MS + 1,
    )

    outcome = add(jobs, a_job(payload_hash="b" * 64))

    assert outcome == Exists(payload_hash="a" * 64, status=Status.PROCESSING)


def test_the_same_id_again_changes_neither_the_job_nor_the_window(jobs):
    original = job_number(0)
    add(jobs, original)
    for _ in range(LIMIT):
        add(jobs, job_number(0, payload_hash="b" * 64, created_at_ms=NOW_MS + 1))

    assert jobs.read(original.job_id, now_ms=NOW_MS) == original
    for n in range(1, LIMIT):
        assert add(jobs, job_number(n)) == Added()


def test_a_full_window_is_answered_with_its_oldest_place(jobs):
    fill_window(jobs)
    outcome = add(jobs, job_number(LIMIT, created_at_ms=NOW_MS + 30 * 60_000))
    assert outcome == WindowFull(oldest_ms=NOW_MS)


def test_nothing_is_written_of_a_job_that_finds_the_window_full(jobs):
    fill_window(jobs)
    refused = job_number(LIMIT, created_at_ms=NOW_MS + 30 * 60_000)
    add(jobs, refused)

    assert jobs.read(refused.job_id, now_ms=refused.created_at_ms) is None
    # The oldest place is still the first one's, so the refusal has not shifted the window.
    assert add(jobs, refused) == WindowFull(oldest_ms=NOW_MS)


def test_a_repeat_is_told_so_even_when_the_window_is_full(jobs):
    fill_window(jobs)
    outcome = add(jobs, job_number(3, created_at_ms=NOW_MS + 30 * 60_000))
    assert outcome == Exists(payload_hash="0" * 64, status=Status.ENQUEUED)


def test_a_place_is_free_again_exactly_when_the_window_has_passed_it(jobs):
    fill_window(jobs)
    a_moment_early = job_number(LIMIT, created_at_ms=NOW_MS + WINDOW_MS - 1)
    in_time = job_number(LIMIT, created_at_ms=NOW_MS + WINDOW_MS)

    assert add(jobs, a_moment_early) == WindowFull(oldest_ms=NOW_MS)
    assert add(jobs, in_time) == Added()


def test_the_window_slides_place_by_place(jobs):
    minute_ms = 60_000
    fill_window(jobs, every_ms=minute_ms)
    for n in range(LIMIT):
        left_ms = NOW_MS + n * minute_ms + WINDOW_MS
        assert add(jobs, job_number(100 + n, created_at_ms=left_ms)) == Added()
        assert add(jobs, job_number(200 + n, created_at_ms=left_ms)) == WindowFull(
            oldest_ms=NOW_MS + (n + 1) * minute_ms if n + 1 < LIMIT else NOW_MS + WINDOW_MS
        )


def test_the_full_hour_frees_no_place(jobs):
    before_the_hour_ms = NOW_MS - NOW_MS % WINDOW_MS + WINDOW_MS - 1_000
    for n in range(LIMIT):
        add(jobs, job_number(n, created_at_ms=before_the_hour_ms))
    outcome = add(jobs, job_number(LIMIT, created_at_ms=before_the_hour_ms + 2_000))
    assert outcome == WindowFull(oldest_ms=before_the_hour_ms)


def test_each_user_has_a_window_of_their_own(jobs):
    fill_window(jobs)
    anothers = job_number(LIMIT, sign_in=a_sign_in(user_id="user-124"))
    assert add(jobs, anothers) == Added()


def test_a_row_past_its_time_to_live_gives_way_to_a_new_job(jobs):
    add(jobs, a_job(payload_hash="a" * 64))
    again = a_job(payload_hash="b" * 64, created_at_ms=NOW_MS + RETENTION_MS)

    assert add(jobs, again) == Added()
    assert jobs.read(again.job_id, now_ms=again.created_at_ms) == again


def test_a_row_counts_until_its_time_to_live_is_over(jobs):
    add(jobs, a_job())
    again = a_job(created_at_ms=NOW_MS + RETENTION_MS - 1)
    assert isinstance(add(jobs, again), Exists)


def test_of_twenty_sign_ins_at_once_exactly_the_limit_is_accepted(jobs):
    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(lambda n: add(jobs, job_number(n)), range(20)))

    accepted = [n for n, outcome in enumerate(outcomes) if outcome == Added()]
    assert len(accepted) == LIMIT
    assert outcomes.count(WindowFull(oldest_ms=NOW_MS)) == 20 - LIMIT
    written = [n for n in range(20) if jobs.read(job_number(n).job_id, now_ms=NOW_MS) is not None]
    assert written == accepted


def test_of_twenty_equal_sign_ins_at_once_exactly_one_is_accepted(jobs):
    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(lambda _: add(jobs, a_job()), range(20)))

    assert outcomes.count(Added()) == 1
    assert outcomes.count(Exists(payload_hash="0" * 64, status=Status.ENQUEUED)) == 19
