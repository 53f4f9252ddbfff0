"""A sign-in becomes a mail, and what fails ends in the dead-letter queue."""

import json
import math
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.people import a_person
from tests.e2e.process import wait_until
from tests.e2e.stack import accepted, ms

#: two stacks on two cores may be so late; a message that nobody has asked back is later still
LATE_MS = 20_000


def attempts_of(stack, job_id):
    row = stack.row(job_id)
    return [int(attempt["M"]["startedAtMs"]["N"]) for attempt in row["attempts"]["L"]]


def dead_letters(stack, job_id):
    """Return the messages of one job in the real dead-letter queue."""
    messages = stack.dead_letters()
    return [body for body in messages if job_id in body]


def test_a_sign_in_becomes_a_mail(stack):
    person = a_person(name="Болд", locale="mn")
    answer = stack.post(person)
    job_id = accepted(answer)
    assert answer.headers["Location"] == f"/api/jobs/{job_id}"
    assert answer.json() == {
        "message": "Sign-in notification job enqueued",
        "jobId": job_id,
        "status": "enqueued",
    }
    job = stack.until_job(job_id, "completed")
    assert job["attemptCount"] == 1
    assert job["error"] is None
    [mail] = stack.mails(job_id)
    assert mail["to"] == person["email"]
    assert "Болд" in mail["text"]
    assert "Болд" in mail["html"]
    assert "203.0.113." in mail["text"]
    headers = {name.lower(): value for name, value in dict(mail["headers"]).items()}
    assert headers["auto-submitted"] == "auto-generated"
    assert headers["reply-to"] == "support@yellowbooks.example"


def test_an_english_reader_gets_an_english_mail(stack):
    job_id = accepted(stack.post(a_person(locale="en-GB", timeZone="Europe/London")))
    stack.until_job(job_id, "completed")
    [mail] = stack.mails(job_id)
    assert "Chrome 131 (Windows)" in mail["text"]
    assert "New sign-in" in mail["subject"]
    assert "Сайн байна уу" not in mail["text"]


def test_two_failures_are_retried_and_the_third_attempt_succeeds(stack):
    job_id = accepted(stack.post(a_person(email="fail-2@simulator.test")))
    job = stack.until_job(job_id, "completed")
    assert job["attemptCount"] == 3
    assert 6_000 <= ms(job["processedAt"]) - ms(job["createdAt"]) < 6_000 + LATE_MS
    assert len(stack.mails(job_id)) == 1


def test_an_outage_is_tried_five_times_and_ends_in_the_dead_letter_queue(stack):
    job_id = accepted(stack.post(a_person(email="down@simulator.test")))
    job = stack.until_job(job_id, "dlq")
    assert job["attemptCount"] == 5
    assert (job["errorClass"], job["errorType"]) == ("transient", "SimulatedOutage")
    first, *others = attempts_of(stack, job_id)
    for attempt, promised_ms in zip(others, (2_000, 6_000, 14_000, 30_000), strict=True):
        assert promised_ms - 1_000 <= attempt - first < promised_ms + LATE_MS
    assert "simulator.py" in stack.row(job_id)["stackTrace"]["S"]
    listed = stack.call("GET", "/api/admin/dlq?limit=100", key=stack.admin_key).json()
    [entry] = [entry for entry in listed["jobs"] if entry["jobId"] == job_id]
    assert entry["recipient"] == "d***@simulator.test"
    assert entry["attemptCount"] == 5
    wait_until(
        lambda: len(dead_letters(stack, job_id)) == 1,
        seconds=30,
        what="the message in the dead-letter queue",
    )
    assert stack.mails(job_id) == []


def test_a_refused_mail_is_dead_after_one_attempt(stack):
    job_id = accepted(stack.post(a_person(email="reject@simulator.test")))
    job = stack.until_job(job_id, "dlq")
    assert job["attemptCount"] == 1
    assert job["errorClass"] == "permanent"
    wait_until(
        lambda: len(dead_letters(stack, job_id)) == 1,
        seconds=30,
        what="the message in the dead-letter queue",
    )


def test_the_eleventh_sign_in_within_an_hour_is_refused_until_the_first_is_an_hour_old(stack):
    person = a_person()
    first, *_ = [accepted(stack.post(person)) for _ in range(10)]
    free_again_s = ms(stack.job(first)["createdAt"]) / 1000 + 3600
    before_s = time.time()
    answer = stack.post(person)
    after_s = time.time()
    assert answer.status_code == 429
    assert answer.json()["error"] == "Too many sign-in notifications. Please try again later."
    promised_s = int(answer.headers["Retry-After"])
    assert math.ceil(free_again_s - after_s) <= promised_s <= math.ceil(free_again_s - before_s)


def test_of_fifty_sign_ins_at_once_exactly_ten_are_accepted(stack):
    person = a_person()
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: stack.post(person), range(50)))
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [202] * 10 + [429] * 40


def test_the_same_key_again_is_the_same_job_and_uses_no_quota(stack):
    person = a_person()
    key = {"Idempotency-Key": '"one-sign-in"'}
    job_id = accepted(stack.post(person, headers=key))
    again = stack.post(person, headers=key)
    assert (again.status_code, again.json()["jobId"]) == (409, job_id)
    for _ in range(9):
        accepted(stack.post(person))
    at_the_limit = stack.post(person, headers=key)
    assert (at_the_limit.status_code, at_the_limit.json()["jobId"]) == (409, job_id)
    assert stack.post(person).status_code == 429
    other = stack.post(person | {"provider": "google"}, headers=key)
    assert other.status_code == 422
    stack.until_job(job_id, "completed")
    assert len(stack.mails(job_id)) == 1


def test_a_message_that_is_no_job_ends_in_the_dead_letter_queue_and_harms_no_sibling(stack):
    rubbish = json.dumps({"hello": "rubbish-for-the-dead-letter-queue"})
    stack.client("sqs").send_message(QueueUrl=stack.outputs["QueueUrl"], MessageBody=rubbish)
    with ThreadPoolExecutor(10) as threads:
        siblings = [accepted(answer) for answer in threads.map(stack.post, [a_person()] * 9)]
    stack.client("sqs").send_message(QueueUrl=stack.outputs["QueueUrl"], MessageBody="not JSON")
    for job_id in siblings:
        stack.until_job(job_id, "completed")
        assert len(stack.mails(job_id)) == 1
    for body in (rubbish, "not JSON"):
        wait_until(
            lambda body=body: body in stack.dead_letters(),
            seconds=60,
            what="rubbish in the dead-letter queue",
        )


@pytest.mark.parametrize("bad_key", ["", "nobody's", "local-admin-key"])
def test_only_the_producer_may_post(stack, bad_key):
    answer = stack.call(
        "POST", "/api/jobs/signin-notification", key=bad_key, data=b"{not even JSON"
    )
    assert answer.status_code == (403 if bad_key == stack.admin_key else 401)
    assert ("WWW-Authenticate" in answer.headers) == (answer.status_code == 401)


def test_an_admin_may_read_a_job_and_a_producer_may_not_read_the_dead(stack):
    job_id = accepted(stack.post(a_person()))
    assert stack.call("GET", f"/api/jobs/{job_id}", key=stack.admin_key).status_code == 200
    assert stack.call("GET", "/api/admin/dlq", key=stack.producer_key).status_code == 403
    assert stack.call("GET", "/api/admin/dlq").status_code == 401


def test_an_unknown_job_and_an_unknown_route_are_said_to_be_unknown(stack):
    missing = "/api/jobs/signin-00000000-0000-7000-8000-000000000000"
    for path in (missing, "/api/jobs/42", "/api/nowhere"):
        answer = stack.call("GET", path, key=stack.producer_key)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"


def padded(size):
    body = json.dumps(a_person(userAgent="x"))
    return body.replace('"x"', json.dumps("x" * (size - len(body.encode()) + 1))).encode()


BAD_BODIES = {
    "broken UTF-8": (b'{"userId": "\xff\xfe"}', 400),
    "a JSON array": (b"[]", 400),
    "a number": (b"5", 400),
    "nothing": (b"", 400),
    "half an object": (b'{"userId": ', 400),
}


@pytest.mark.parametrize(("body", "status"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_broken_body_is_refused_by_the_deployed_door(stack, body, status):
    answer = stack.call("POST", "/api/jobs/signin-notification", key=stack.producer_key, data=body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_body_of_16_kib_is_accepted_and_one_byte_more_is_not(stack):
    path = "/api/jobs/signin-notification"
    exact, over = padded(16 * 1024), padded(16 * 1024 + 1)
    assert (len(exact), len(over)) == (16 * 1024, 16 * 1024 + 1)
    assert stack.call("POST", path, key=stack.producer_key, data=exact).status_code == 202
    assert stack.call("POST", path, key=stack.producer_key, data=over).status_code == 413


def test_all_broken_rules_are_listed_and_nothing_is_written(stack):
    person = a_person(email="a@x.example, b@x.example", provider="", name="Bold\r\nBcc: x", age=7)
    answer = stack.post(person)
    assert answer.status_code == 400
    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {"/email", "/provider", "/name", "/age"}
    assert "Bcc" not in answer.text
    assert stack.window(person["userId"]) is None


def test_what_only_decorates_never_costs_the_notice(stack):
    person = a_person(ipAddress="not an address", locale="??", timeZone="Mars/Olympus")
    job_id = accepted(stack.post(person))
    stack.until_job(job_id, "completed")
    [mail] = stack.mails(job_id)
    assert "Тодорхойгүй" in mail["text"]
    assert "(UTC+8)" in mail["text"]
