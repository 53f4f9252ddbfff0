"""How a job stands, as the auth flow and operators may see it."""

import pytest

from tests.functions.events import a_body, texts


def test_an_accepted_job_is_shown_as_enqueued(api):
    job_id = api.accept(a_body())

    answer = api.get(job_id)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json == {
        "jobId": job_id,
        "type": "user.signin.notification",
        "status": "enqueued",
        "createdAt": "2025-12-19T07:00:00.000Z",
        "processedAt": None,
        "attemptCount": 0,
        "error": None,
        "errorClass": None,
        "errorType": None,
        "delivery": None,
    }


def test_a_completed_job_is_shown_with_its_end_and_what_became_of_its_mail(
    api, worker, cloud, clock
):
    job_id = api.accept(a_body())
    clock.advance(seconds=2, ms=345)
    worker.take(cloud.receive())
    cloud.hear_delivered(job_id)

    shown = api.get(job_id).json

    assert (shown["status"], shown["attemptCount"]) == ("completed", 1)
    assert shown["processedAt"] == "2025-12-19T07:00:02.345Z"
    assert shown["delivery"] == "delivered"
    assert (shown["error"], shown["errorClass"], shown["errorType"]) == (None, None, None)


def test_a_retrying_job_is_shown_with_its_last_error_and_no_end(api, worker, cloud):
    job_id = api.accept(a_body(email="down@simulator.test"))
    worker.take(cloud.receive())

    shown = api.get(job_id).json

    assert (shown["status"], shown["attemptCount"]) == ("retrying", 1)
    assert shown["processedAt"] is None
    assert shown["error"] == "The simulator was asked to fail for now."
    assert (shown["errorClass"], shown["errorType"]) == ("transient", "SimulatedOutage")


def test_a_dead_job_is_shown_with_its_error_and_its_end(api, worker, cloud):
    job_id = api.accept(a_body(email="reject@simulator.test"))
    worker.take(cloud.receive())

    shown = api.get(job_id).json

    assert (shown["status"], shown["attemptCount"]) == ("dlq", 1)
    assert shown["processedAt"] == "2025-12-19T07:00:00.000Z"
    assert shown["error"] == "The simulator was asked to refuse the mail."
    assert (shown["errorClass"], shown["errorType"]) == ("permanent", "SimulatedRejection")


def test_a_job_is_shown_without_personal_data(api, worker, cloud, said):
    body = a_body(email="reject@simulator.test")
    job_id = api.accept(body)
    worker.take(cloud.receive())

    answer = api.get(job_id)

    for text in texts(body):
        assert text not in answer.text
        assert text not in said.text


def test_a_job_that_was_never_accepted_is_not_found(api):
    answer = api.get("signin-019b3568-8180-7000-8000-00000000ffff")

    assert answer.status == 404
    assert answer.json["type"] == "urn:signin-notifier:problem:job-not-found"


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x" * 3000,
        "signin-notification",
        "user:user-8161",
        "SIGNIN-019b3568-8180-7000-8000-000000000001",
        "signin-019B3568-8180-7000-8000-000000000001",
        "signin-019b3568-8180-7000-8000-0000000000010",
        "signin-" + "٣" * 36,
    ],
)
def test_what_cannot_be_a_jobs_id_is_never_looked_up(text, open_api):
    class Reader:
        def read(self, job_id, *, now_ms):
            raise NotImplementedError

    answer = open_api(reader=Reader()).get(text)

    assert answer.status == 404
    assert answer.json["type"] == "urn:signin-notifier:problem:job-not-found"


def test_a_job_is_gone_when_its_row_expires_purged_or_not(api, clock):
    job_id = api.accept(a_body())

    clock.advance(seconds=30 * 86_400 - 1)
    assert api.get(job_id).status == 200
    clock.advance(seconds=1)
    assert api.get(job_id).json["type"] == "urn:signin-notifier:problem:job-not-found"
