"""What the table's refusals and silences mean to the domain."""

import json

import pytest
from botocore.exceptions import ClientError

from functions.adapters.dynamodb.reader import JobsById
from functions.adapters.dynamodb.reports import ReportsOfJobs
from functions.domain.errors import Unavailable
from tests.jobs_table import AT_ONCE

JSON = (("Content-Type", "application/x-amz-json-1.0"),)


def reading(client_of, url):
    return JobsById(client_of("dynamodb", url), table_name="jobs").read("signin-1", now_ms=0)


def test_a_job_is_read_as_it_was_written_last(service, client_of):
    service.answers(200, b"{}", JSON)
    assert reading(client_of, service.url) is None
    (body,) = service.bodies
    key = {"pk": {"S": "signin-1"}}
    assert json.loads(body) == {"TableName": "jobs", "Key": key, "ConsistentRead": True}


def test_all_else_that_has_a_key_is_read_as_it_was_written_last(service, client_of):
    service.answers(200, b'{"Responses": {}, "UnprocessedKeys": {}}', JSON)
    client = client_of("dynamodb", service.url)
    jobs = JobsById(client, table_name="jobs")
    reports = ReportsOfJobs(client, table_name="jobs", retention_days=30, retry=AT_ONCE)

    jobs.read_many(["signin-1"], now_ms=0)
    jobs.job_ids_of("user-1")
    reports.read("signin-1", now_ms=0)

    many, window, report = map(json.loads, service.bodies)
    assert many["RequestItems"]["jobs"]["ConsistentRead"] is True
    assert (window["ConsistentRead"], report["ConsistentRead"]) == (True, True)


def refusal(code):
    return json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}"}).encode()


@pytest.mark.parametrize(
    "code",
    [
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    ],
)
def test_a_table_that_does_not_take_the_request_now_is_unavailable(service, client_of, code):
    service.answers(400, refusal(code), JSON)
    with pytest.raises(Unavailable) as caught:
        reading(client_of, service.url)
    assert caught.value.__cause__.response["Error"]["Code"] == code


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", refusal("Unheard")])
def test_a_fault_of_the_table_is_unavailable_whatever_it_is_called(
    service, client_of, status, body
):
    service.answers(status, body)
    with pytest.raises(Unavailable):
        reading(client_of, service.url)


@pytest.mark.parametrize("silence", ["hangs", "resets", "closes"])
def test_a_table_that_does_not_answer_is_unavailable(service, client_of, silence):
    getattr(service, silence)()
    with pytest.raises(Unavailable):
        reading(client_of, service.url)


def test_a_table_that_cannot_be_reached_is_unavailable(client_of, refusing_url):
    with pytest.raises(Unavailable):
        reading(client_of, refusing_url)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "Unheard"])
def test_a_refusal_of_the_request_itself_passes_through(service, client_of, code):
    service.answers(400, refusal(code), JSON)
    with pytest.raises(ClientError) as caught:
        reading(client_of, service.url)
    assert caught.value.response["Error"]["Code"] == code
