"""The short code of a sign-in."""

from random import Random

from functions.domain.accept import keyed_job_id, sortable_job_id
from tests.builders import SIGNED_IN_AT_MS, a_job


def test_it_is_the_end_of_the_jobs_id():
    assert a_job(job_id="signin-019b3522-9a80-7c11-8a5e-5d0c3f9a1c07").reference == "3f9a1c07"


def test_sign_ins_of_one_moment_have_codes_of_their_own():
    chance = Random(1)  # noqa: S311 - the same bits every time
    ids = [sortable_job_id(SIGNED_IN_AT_MS, chance.getrandbits(74)) for _ in range(1000)]
    assert len({a_job(job_id=job_id).reference for job_id in ids}) == 1000


def test_sign_ins_with_neighbouring_keys_have_codes_of_their_own():
    ids = [keyed_job_id("user-123", f"key-{n}") for n in range(1000)]
    assert len({a_job(job_id=job_id).reference for job_id in ids}) == 1000
