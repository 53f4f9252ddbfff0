"""What the API has accepted is mailed, though SQS took no message of it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.people import a_person
from tests.e2e.process import LISTS_PROCESSES, wait_until
from tests.e2e.sqs_proxy import before_sqs
from tests.e2e.stack import accepted

#: an undelivered message: its due time, a sweep, and the delivery
RESENT_S = 180
#: how long SQS takes no message of the API
OUTAGE_S = 60


@pytest.fixture(scope="module")
def api_sqs(stack):
    """What lies between the API's function and SQS."""
    with before_sqs(stack, "Api") as proxy:
        yield proxy


@pytest.fixture(scope="module")
def not_queued(stack, api_sqs):
    """100 sign-ins of a minute in which SQS gave the API no answer; and when it did again."""
    people = [a_person() for _ in range(10)]
    back_s = time.time() + OUTAGE_S
    api_sqs.instead = lambda: None
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(stack.post, people * 10))
    job_ids = {accepted(answer) for answer in answers}
    assert len(job_ids) == 100
    assert set(stack.mails_per_job(job_ids).values()) == {0}
    wait_until(lambda: time.time() >= back_s, seconds=OUTAGE_S, what="the end of the outage")
    api_sqs.instead = None
    return job_ids, time.time() * 1000


@pytest.fixture(scope="module")
def orphaned_by_the_api(stack, api_sqs, not_queued):
    """A job whose API process was killed between its commit and its message."""
    del not_queued
    post = a_person(), "the-only-one"
    api_sqs.instead = api_sqs.kill_callers
    answer = stack.post(post[0], headers={"Idempotency-Key": post[1]})
    api_sqs.instead = None
    assert answer.status_code >= 500
    repeated = stack.post(post[0], headers={"Idempotency-Key": post[1]})
    assert repeated.status_code == 409  # the first one was durable
    return repeated.json()["jobId"]


@pytest.mark.skipif(not LISTS_PROCESSES, reason="finds processes through /proc")
def test_the_death_of_the_api_between_commit_and_message_costs_no_mail(stack, orphaned_by_the_api):
    job = stack.until_job(orphaned_by_the_api, "completed", seconds=RESENT_S)
    assert job["attemptCount"] == 1
    assert len(stack.mails(orphaned_by_the_api)) == 1


def test_what_was_accepted_while_sqs_was_down_is_mailed_once_it_is_back(stack, not_queued):
    job_ids, back_ms = not_queued
    stack.until_all(job_ids, "completed", seconds=RESENT_S)
    last_ms = max(int(stack.row(job_id)["processedAtMs"]["N"]) for job_id in job_ids)
    assert last_ms - back_ms <= 120_000
    assert set(stack.mails_per_job(job_ids).values()) == {1}
