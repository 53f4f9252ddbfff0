"""`JobReader`: the job as last written, or none."""

from functions.domain.accept import WINDOW_MS
from tests.builders import SIGNED_IN_AT_MS, a_job
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
