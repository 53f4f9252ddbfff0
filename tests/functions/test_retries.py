"""Five attempts, and what is kept of the failed ones."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from functions.adapters.ses import SesMailer
from functions.domain.model import ErrorClass, Status
from tests.builders import SIGNED_IN_AT_MS
from tests.functions.cloud import MAIL_SENDER
from tests.functions.events import a_body


@pytest.fixture
def delivery(api, open_worker, put_off, cloud):
    """Return a way to accept one sign-in and to deliver its message again and again."""
    worker = open_worker(queue=put_off)

    class Delivery:
        def __init__(self, body):
            self.job_id = api.accept(body)
            (self._record,) = cloud.receive()

        def attempt(self):
            """Return for how many seconds the message was put off, None if it is done."""
            put_off.waits.clear()
            if not worker.take([self._record]):
                return None
            return put_off.waits[self._record["receiptHandle"]]

        @property
        def job(self):
            return api.stored(self.job_id)

    return Delivery


def test_a_failing_job_is_tried_after_2_4_8_and_16_seconds_and_then_dies(delivery, clock, cloud):
    down = delivery(a_body(email="down@simulator.test"))

    for wait_s in (2, 4, 8, 16):
        assert down.attempt() == wait_s
        assert (down.job.status, down.job.processed_at_ms) == (Status.RETRYING, None)
        assert down.job.not_before_ms == clock() + wait_s * 1000
        assert down.job.due_ms == down.job.not_before_ms + 60_000
        clock.advance(seconds=wait_s)
    assert down.attempt() == 0

    job = down.job
    assert (job.status, job.attempt_count) == (Status.DLQ, 5)
    assert job.processed_at_ms == SIGNED_IN_AT_MS + 30_000
    assert [attempt.started_at_ms - SIGNED_IN_AT_MS for attempt in job.attempts] == [
        0,
        2_000,
        6_000,
        14_000,
        30_000,
    ]
    assert cloud.mails == []


def test_a_dead_job_stays_dead_however_often_its_message_comes(delivery, clock):
    dead = delivery(a_body(email="reject@simulator.test"))
    assert dead.attempt() == 0
    before = dead.job

    for _ in range(3):
        clock.advance(seconds=60)
        assert dead.attempt() == 0

    assert dead.job == before


@pytest.mark.parametrize("failures", [1, 4])
def test_a_job_that_recovers_is_mailed_once(failures, delivery, clock, cloud):
    flaky = delivery(a_body(email=f"fail-{failures}@simulator.test"))

    for wait_s in (2, 4, 8, 16)[:failures]:
        assert flaky.attempt() == wait_s
        clock.advance(seconds=wait_s)
    assert flaky.attempt() is None

    job = flaky.job
    assert (job.status, job.attempt_count) == (Status.COMPLETED, failures + 1)
    assert job.last_failure is None
    assert len(job.attempts) == failures
    assert len(cloud.mails) == 1


def test_a_message_that_comes_early_waits_the_rest_and_costs_no_attempt(delivery, clock):
    down = delivery(a_body(email="down@simulator.test"))
    down.attempt()
    clock.advance(seconds=2)
    assert down.attempt() == 4

    clock.advance(ms=1_500)
    assert down.attempt() == 3
    clock.advance(ms=1_499)
    assert down.attempt() == 2
    assert down.job.attempt_count == 2
    clock.advance(ms=1)
    assert down.attempt() == 8


def test_a_refused_mail_is_not_tried_again(delivery, cloud):
    refused = delivery(a_body(email="reject@simulator.test"))

    assert refused.attempt() == 0
    job = refused.job
    assert (job.status, job.attempt_count) == (Status.DLQ, 1)
    assert job.last_failure.error_class is ErrorClass.PERMANENT


def test_the_error_and_its_stack_trace_are_kept(delivery, cloud):
    down = delivery(a_body(email="down@simulator.test"))
    down.attempt()

    row = cloud.row(down.job_id)
    (attempt,) = row["attempts"]["L"]
    for kept in (row, attempt["M"]):
        assert kept["error"] == {"S": "The simulator was asked to fail for now."}
        assert kept["errorClass"] == {"S": "transient"}
        assert kept["errorType"] == {"S": "SimulatedOutage"}
        assert "in _refuse" in kept["stackTrace"]["S"]
        assert kept["stackTrace"]["S"].endswith("TransientDeliveryError")


@pytest.fixture
def ses_answers(open_worker):
    """Return a way to open the queue's door over an SES that answers with an error."""
    client = boto3.client("sesv2")
    with Stubber(client) as stub:

        def opened(code, text, *, status=400):
            stub.add_client_error("send_email", code, text, http_status_code=status)
            mailer = SesMailer(client, sender=MAIL_SENDER, configuration_set="signin-notifier")
            return open_worker(mailer=mailer)

        yield opened


PROVIDERS_TEXT = "Email address batbold@example.com is on the suppression list of 123456789012"


@pytest.mark.parametrize(
    ("code", "status", "error_class", "ends"),
    [
        ("MessageRejected", 400, ErrorClass.PERMANENT, Status.DLQ),
        ("TooManyRequestsException", 429, ErrorClass.TRANSIENT, Status.RETRYING),
        ("AccountSuspendedException", 400, ErrorClass.ACCOUNT, Status.PARKED),
        ("504", 504, ErrorClass.UNKNOWN, Status.RETRYING),
    ],
)
def test_what_is_kept_of_a_failure_holds_no_word_of_the_providers_text(
    code, status, error_class, ends, api, ses_answers, cloud, said
):
    job_id = api.accept(a_body(userId="u"))

    ses_answers(code, PROVIDERS_TEXT, status=status).take(cloud.receive())

    job = api.stored(job_id)
    assert (job.status, job.last_failure.error_class) == (ends, error_class)
    assert job.last_failure.error_type == code
    row = cloud.row(job_id)
    del row["signIn"], row["recipientMasked"]
    for told in (json.dumps(row), said.text, api.get(job_id).text):
        assert "batbold@example.com" not in told
        assert "suppression" not in told
        assert "123456789012 " not in told
    assert "_make_api_call" in job.last_failure.stack_trace
    assert ClientError.__name__ not in job.last_failure.error


def test_a_template_that_breaks_ends_the_job_without_a_call_to_ses(api, open_worker, cloud, said):
    class Renderer:
        def render(self, job):
            raise KeyError(job.sign_in.email)

    job_id = api.accept(a_body())
    worker = open_worker(renderer=Renderer())

    (record,) = cloud.receive()
    assert worker.take([record]) == {record["messageId"]}

    job = api.stored(job_id)
    assert (job.status, job.last_failure.error_class) == (Status.DLQ, ErrorClass.PERMANENT)
    assert (job.last_failure.error_type, job.last_failure.error) == (
        "KeyError",
        "The mail could not be rendered.",
    )
    assert "in render" in job.last_failure.stack_trace
    assert cloud.mails == []
    assert "batbold@example.com" not in said.text
