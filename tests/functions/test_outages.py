"""What the doors answer while something behind them is down."""

import socket
import time

from functions.bootstrap.admin import admin_parts
from functions.bootstrap.api import api_parts
from functions.bootstrap.worker import worker_parts
from tests.functions.events import a_body


def assert_unavailable(answer):
    assert answer.status == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "5"
    assert answer.json["type"] == "urn:signin-notifier:problem:unavailable"


def test_a_sign_in_is_accepted_while_the_queue_is_down(open_api, out_of_reach, cloud, said, clock):
    api = open_api(queue=out_of_reach("SQS", api_parts).queue)

    answer = api.post(a_body())

    assert answer.status == 202
    assert answer.json["status"] == "enqueued"
    job_id = answer.json["jobId"]
    assert cloud.receive() == []
    assert api.stored(job_id).due_ms == clock() + 60_000
    assert api.get(job_id).json["status"] == "enqueued"
    assert said.counted("NotQueued") == [1.0]
    assert said.counted("Accepted") == [1.0]
    line = said.logged("job accepted but not queued")
    assert (line["level"], line["job_id"]) == ("WARNING", job_id)


def test_a_repeat_after_the_queue_was_down_is_told_of_its_original(open_api, out_of_reach):
    api = open_api(queue=out_of_reach("SQS", api_parts).queue)
    job_id = api.accept(a_body(), idempotency_key="key")

    again = api.post(a_body(), idempotency_key="key")

    assert (again.status, again.json["jobId"]) == (409, job_id)


def test_no_sign_in_is_accepted_while_the_table_is_down(open_api, out_of_reach, cloud, said):
    down = out_of_reach("DYNAMODB", api_parts)
    api = open_api(acceptance=down.acceptance, reader=down.reader)

    assert_unavailable(api.post(a_body()))

    assert cloud.is_untouched()
    assert said.counted("Accepted") == []
    line = said.logged("request not served")
    assert (line["level"], line["problem"]) == ("ERROR", "unavailable")
    assert line["cause"] == "EndpointConnectionError"
    assert "127.0.0.1" not in said.text


class FindsItsOwnWrite:
    """An acceptance whose first answer is lost, so that a second look decides."""

    def __init__(self, acceptance):
        self._acceptance = acceptance

    def add(self, job, *, window_start_ms):
        self._acceptance.add(job, window_start_ms=window_start_ms)
        return self._acceptance.add(job, window_start_ms=window_start_ms)


def test_a_sign_in_without_a_key_whose_acceptance_is_found_written_is_accepted_and_queued(
    open_api, wired, cloud
):
    api = open_api(acceptance=FindsItsOwnWrite(wired.api.acceptance))

    answer = api.post(a_body())

    assert answer.status == 202
    [record] = cloud.receive()
    assert answer.json["jobId"] in record["body"]
    assert api.post(a_body(), idempotency_key="key").status == 409


def test_neither_a_job_nor_dead_letters_are_shown_while_the_table_is_down(
    open_api, open_admin, out_of_reach
):
    api = open_api(reader=out_of_reach("DYNAMODB", api_parts).reader)
    admin = open_admin(dead_letters=out_of_reach("DYNAMODB", admin_parts).dead_letters)

    assert_unavailable(api.get("signin-019b3568-8180-7000-8000-000000000001"))
    assert_unavailable(admin.dlq())


def test_nobody_is_let_in_while_the_keys_are_down(open_api, out_of_reach, cloud):
    api = open_api(keys=out_of_reach("SECRETS_MANAGER", api_parts).keys)

    assert_unavailable(api.post(a_body()))
    assert cloud.is_untouched()


def test_a_table_that_takes_connections_and_says_nothing_is_given_up_soon(
    open_api, monkeypatch, settings
):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{port}")
        api = open_api(acceptance=api_parts(settings).acceptance)

        started = time.monotonic()
        answer = api.post(a_body())

    assert_unavailable(answer)
    # One second for each of two calls, up to one between them, and room for a busy machine.
    assert 2 <= time.monotonic() - started < 8


def test_a_message_waits_a_minute_while_the_table_is_down_and_no_attempt_is_counted(
    api, open_worker, out_of_reach, cloud, said, put_off
):
    job_id = api.accept(a_body())
    (record,) = cloud.receive()
    worker = open_worker(jobs=out_of_reach("DYNAMODB", worker_parts).jobs, queue=put_off)

    assert worker.take([record]) == {record["messageId"]}

    assert put_off.waits == {record["receiptHandle"]: 60}
    assert api.get(job_id).json["attemptCount"] == 0
    assert cloud.mails == []
    line = said.logged("table out of reach")
    assert (line["level"], line["job_id"]) == ("WARNING", job_id)
    assert line["message_id"] == record["messageId"]


def test_a_failed_job_stays_on_the_queue_even_if_the_queue_cannot_put_it_off(
    api, open_worker, out_of_reach, cloud, said
):
    job_id = api.accept(a_body(email="down@simulator.test"))
    (record,) = cloud.receive()
    worker = open_worker(queue=out_of_reach("SQS", worker_parts).queue)

    assert worker.take([record]) == {record["messageId"]}

    assert api.get(job_id).json["status"] == "retrying"
    assert said.logged("message not put off")["job_id"] == job_id
