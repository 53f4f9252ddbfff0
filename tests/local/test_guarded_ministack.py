"""The emulator's own port: programs may use all of it, web pages nothing but the API."""

import asyncio
from http import HTTPStatus

import boto3
import pytest
import requests

from local.emulator import credentials, emulator

PAGES = {
    "of a rebound name": ({"Host": "evil.example"}, HTTPStatus.MISDIRECTED_REQUEST),
    "of a name like ours": ({"Host": "localhost.evil.example"}, HTTPStatus.MISDIRECTED_REQUEST),
    "of a name like an API's": (
        {"Host": "0123abcd.execute-api.localhost.evil.example"},
        HTTPStatus.MISDIRECTED_REQUEST,
    ),
    "of an API's own page": (
        {"Host": "0123abcd.execute-api.localhost", "Origin": "null"},
        HTTPStatus.FORBIDDEN,
    ),
    "of another origin": ({"Origin": "https://evil.example"}, HTTPStatus.FORBIDDEN),
    "of a hidden origin": ({"Origin": "null"}, HTTPStatus.FORBIDDEN),
    "of a picture": ({"Sec-Fetch-Site": "cross-site"}, HTTPStatus.FORBIDDEN),
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    """The address of a real one."""
    folder = tmp_path_factory.mktemp("emulator")
    context = emulator(front_door="http://127.0.0.1:9", scratch=folder, log=folder / "log")

    async def start():
        running = await context.__aenter__()
        await running.ready()
        return running.endpoint

    with asyncio.Runner() as runner:
        yield runner.run(start())
        runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def sqs(endpoint):
    root = credentials()
    client = boto3.client(
        "sqs",
        endpoint_url=endpoint,
        region_name=root["AWS_REGION"],
        aws_access_key_id=root["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=root["AWS_SECRET_ACCESS_KEY"],
    )
    yield client
    client.close()


@pytest.mark.parametrize(("headers", "status"), PAGES.values(), ids=PAGES)
def test_a_web_page_reads_nothing(endpoint, headers, status):
    answer = requests.get(f"{endpoint}/_ministack/ses/messages", headers=headers, timeout=10)
    assert answer.status_code == status
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(("headers", "status"), PAGES.values(), ids=PAGES)
def test_a_web_page_wipes_nothing(endpoint, sqs, headers, status):
    url = sqs.create_queue(QueueName="kept")["QueueUrl"]
    answer = requests.post(f"{endpoint}/_ministack/reset", headers=headers, timeout=10)
    assert answer.status_code == status
    assert sqs.list_queues()["QueueUrls"] == [url]


@pytest.mark.parametrize("host", ["127.0.0.1", "data-ats.iot.us-east-1.amazonaws.com"])
def test_a_web_page_opens_no_socket(endpoint, host):
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol": "mqtt",
        "Host": host,
        "Origin": "https://evil.example",
    }
    answer = requests.get(endpoint, headers=headers, timeout=10)
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_a_deployed_api_may_be_called_from_every_page(endpoint):
    url = f"{endpoint}/_aws/execute-api/unknown/$default/"
    answers = [
        requests.post(url, headers=headers, timeout=10)
        for headers in ({}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"})
    ]
    assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND] * 2


def test_a_deployed_api_is_called_by_the_name_that_its_output_has(endpoint):
    headers = {"Host": "0123abcd.execute-api.localhost:4566"}
    answer = requests.get(f"{endpoint}/report/x", headers=headers, timeout=10)
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_somebody_who_types_the_address_is_answered(endpoint):
    headers = {"Host": "LOCALHOST", "Sec-Fetch-Site": "none"}
    answer = requests.get(f"{endpoint}/_ministack/ses/messages", headers=headers, timeout=10)
    assert answer.status_code == HTTPStatus.OK
