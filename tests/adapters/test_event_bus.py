"""The event that the application hears, and when it may be told again."""

import json
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from functions.adapters.event_bus import DefaultBus, NotPublished
from functions.domain.errors import Unavailable
from tests.builders import a_report

REPORT = a_report()


class Recording:
    """EventBridge that answers as it is told."""

    def __init__(self, answer):
        self._answer = answer
        self.entries = []

    def put_events(self, *, Entries):  # noqa: N803 - as boto3 has it
        self.entries += Entries
        return self._answer


def answered(code):
    failed = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": code, "ErrorMessage": "SECRET"}]}
    return DefaultBus(Recording(failed), stage="prod")


def test_an_event_says_which_job_whose_when_and_of_which_stage():
    client = Recording({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})
    DefaultBus(client, stage="prod").publish(REPORT)
    [entry] = client.entries
    assert json.loads(entry.pop("Detail")) == {
        "id": REPORT.job_id,
        "userId": "user-123",
        "reportedAt": "2025-12-19T07:00:00.000Z",
        "stage": "prod",
    }
    # Without a bus's name it is the default one.
    assert entry == {"Source": "signin-notifier", "DetailType": "signin.reported"}


def test_eventbridge_takes_it(aws):
    DefaultBus(aws("events"), stage="prod").publish(REPORT)


@pytest.mark.parametrize("code", ["InternalFailure", "InternalException", "ThrottlingException"])
def test_an_entry_that_failed_for_the_moment_may_be_told_again(code):
    with pytest.raises(Unavailable):
        answered(code).publish(REPORT)


def test_an_entry_that_is_refused_is_our_own_fault_and_named_without_its_text():
    with pytest.raises(NotPublished) as refused:
        answered("MalformedDetail").publish(REPORT)
    assert "MalformedDetail" in str(refused.value)
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize("silence", ["hangs", "resets", "closes"])
def test_silence_may_be_told_again(service, client_of, silence):
    getattr(service, silence)()
    with pytest.raises(Unavailable):
        DefaultBus(client_of("events", service.url), stage="prod").publish(REPORT)


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (500, "InternalException", Unavailable),
        (503, "Whatever", Unavailable),
        (400, "ThrottlingException", Unavailable),
        (400, "AccessDeniedException", ClientError),
    ],
)
def test_an_error_is_worth_another_try_only_if_it_says_nothing_about_the_event(
    status, code, outcome
):
    def put_events(**_):
        response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        raise ClientError(response, "PutEvents")

    bus = DefaultBus(SimpleNamespace(put_events=put_events), stage="prod")
    with pytest.raises(outcome):
        bus.publish(REPORT)
