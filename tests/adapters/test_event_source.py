"""How operators see whether the worker is paused."""

import json

import pytest
from botocore.exceptions import ClientError

from functions.adapters.event_source import EventSource, SourceState
from functions.domain.errors import Unavailable

MAPPING_ID = "14e0db71-5d35-4eb5-b481-8945cf9d10c2"
STATES = {
    "Enabled": SourceState.RUNNING,
    "Disabled": SourceState.PAUSED,
    "Creating": SourceState.CHANGING,
    "Enabling": SourceState.CHANGING,
    "Disabling": SourceState.CHANGING,
    "Updating": SourceState.CHANGING,
    "Deleting": SourceState.CHANGING,
}


def state(client_of, url):
    return EventSource(client_of("lambda", url), mapping_id=MAPPING_ID).state()


def refusal(code):
    return (("x-amzn-ErrorType", code), ("Content-Type", "application/json"))


@pytest.mark.parametrize(("told", "meant"), STATES.items())
def test_the_mapping_s_state_says_whether_messages_reach_the_worker(
    service, client_of, told, meant
):
    service.answers(200, json.dumps({"UUID": MAPPING_ID, "State": told}).encode())
    assert state(client_of, service.url) is meant
    assert service.paths == [f"/2015-03-31/event-source-mappings/{MAPPING_ID}"]


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "TooManyRequestsException"), (500, "ServiceException"), (503, "Unheard")],
)
def test_a_lambda_that_does_not_take_the_request_now_is_unavailable(
    service, client_of, status, code
):
    service.answers(status, b"{}", refusal(code))
    with pytest.raises(Unavailable) as caught:
        state(client_of, service.url)
    assert caught.value.__cause__.response["Error"]["Code"] == code


@pytest.mark.parametrize("silence", ["hangs", "resets", "closes"])
def test_a_lambda_that_does_not_answer_is_unavailable(service, client_of, silence):
    getattr(service, silence)()
    with pytest.raises(Unavailable):
        state(client_of, service.url)


def test_a_lambda_that_cannot_be_reached_is_unavailable(client_of, refusing_url):
    with pytest.raises(Unavailable):
        state(client_of, refusing_url)


@pytest.mark.parametrize(
    ("status", "code"), [(403, "AccessDeniedException"), (404, "ResourceNotFoundException")]
)
def test_a_missing_grant_or_mapping_is_not_hidden(service, client_of, status, code):
    service.answers(status, b"{}", refusal(code))
    with pytest.raises(ClientError) as caught:
        state(client_of, service.url)
    assert caught.value.response["Error"]["Code"] == code
