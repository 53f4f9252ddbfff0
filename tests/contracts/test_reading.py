"""`JobReader`, `BulkReader`: jobs as last written, or none; and whose they are."""

from functions.domain.accept import LIMIT, WINDOW_MS
from tests.builders import SIGNED_IN_AT_MS, a_job, a_sign_in, job_ids, job_number
from tests.contracts.conftest import RETENTION_DAYS

EXPIRY_MS = SIGNED_IN_AT_MS + RETENTION_DAYS * 86_400_000


def test_there_is_no_job_that_was_never_accepted(jobs):
    assert jobs.read(a_job().job_id, now_ms=SIGNED_IN_AT_MS) is None


def test_a_window_is_no_job(jobs):
    job = a_job()
    jobs.add(job, window_start_ms=SIGNED_IN_AT_MS - WINDOW_MS)
    assert jobs.read(job.sign_in.user_id, now_ms=SIGNED_IN_AT_MS) is None


def test_a_job_is_there_until_its_time_to_live_is_over(jobs):
    job = a_job()
    jobs.add(job, window_start_ms=SIGNED_IN_AT_MS - WINDOW_MS)
    assert jobs.read(job.job_id, now_ms=EXPIRY_MS - 1) == job


def test_an_expired_job_counts_as_gone_though_its_row_is_still_there(jobs):
    job = a_job()
    jobs.add(job, window_start_ms=SIGNED_IN_AT_MS - WINDOW_MS)
    assert jobs.read(job.job_id, now_ms=EXPIRY_MS) is None


def accept(jobs, job):
    jobs.add(job, window_start_ms=job.created_at_ms - WINDOW_MS)
    return job


def test_many_jobs_are_read_at_once_whoever_is_named_twice_or_gone(jobs):
    here = [accept(jobs, job_number(n, sign_in=a_sign_in(user_id=f"user-{n}"))) for n in range(30)]
    asked = [job.job_id for job in here] + job_ids(99, 0)

    assert jobs.read_many(asked, now_ms=EXPIRY_MS - 1) == {job.job_id: job for job in here}
    assert jobs.read_many(asked, now_ms=EXPIRY_MS) == {}


def test_none_of_no_jobs_is_read(jobs):
    assert jobs.read_many([], now_ms=SIGNED_IN_AT_MS) == {}


def test_a_user_s_last_jobs_are_known_newest_first(jobs):
    minute_ms = 60_000
    for n in range(LIMIT + 2):
        accept(jobs, job_number(n, created_at_ms=SIGNED_IN_AT_MS + n * 10 * minute_ms))
    accept(jobs, job_number(99, sign_in=a_sign_in(user_id="somebody-else")))

    newest = [job_number(n).job_id for n in reversed(range(2, LIMIT + 2))]
    assert jobs.job_ids_of(a_job().sign_in.user_id) == newest


def test_a_user_who_never_signed_in_has_no_jobs(jobs):
    assert jobs.job_ids_of("nobody") == []
