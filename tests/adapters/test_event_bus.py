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


@pytest.mark.parametrize("code", ["InternalFailure", "ThrottlingException", "MalformedDetail"])
def test_an_entry_that_is_not_taken_is_told_again_and_named_without_its_text(code):
    with pytest.raises(Unavailable) as refused:
        answered(code).publish(REPORT)
    assert isinstance(refused.value.__cause__, NotPublished)
    assert code in str(refused.value.__cause__)
    assert "SECRET" not in str(refused.value.__cause__)


@pytest.mark.parametrize("silence", ["hangs", "resets", "closes"])
def test_silence_may_be_told_again(service, client_of, silence):
    getattr(service, silence)()
    with pytest.raises(Unavailable):
        DefaultBus(client_of("events", service.url), stage="prod").publish(REPORT)


@pytest.mark.parametrize("code", ["InternalException", "ThrottlingException", "AccessDenied"])
def test_whatever_the_error_the_event_is_told_again(code):
    def put_events(**_):
        raise ClientError({"Error": {"Code": code}}, "PutEvents")

    with pytest.raises(Unavailable):
        DefaultBus(SimpleNamespace(put_events=put_events), stage="prod").publish(REPORT)
