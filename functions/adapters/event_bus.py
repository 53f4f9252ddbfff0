"""EventBridge's default bus, where the application hears of reports."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from functions.domain.errors import Unavailable
from functions.domain.model import Report

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient

SOURCE: Final = "signin-notifier"
REPORTED: Final = "signin.reported"


class NotPublished(Exception):
    """EventBridge did not take the entry; its name for the reason is all that is told.

    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
    """


class DefaultBus:
    """The bus of this account and region (see `functions.domain.ports.EventBus`)."""

    def __init__(self, client: "EventBridgeClient", *, stage: str) -> None:
        """Take the stage, by which subscribers tell events of one account's stages apart."""
        self._client = client
        self._stage = stage

    def publish(self, report: Report) -> None:
        """Put one event; its `id` is the same each time that a report is told."""
        moment = datetime.fromtimestamp(report.reported_at_ms / 1000, UTC)
        detail = {
            "id": report.job_id,
            "userId": report.user_id,
            "reportedAt": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "stage": self._stage,
        }
        try:
            answer = self._client.put_events(
                Entries=[
                    {
                        "Source": SOURCE,
                        "DetailType": REPORTED,
                        "Detail": json.dumps(detail, ensure_ascii=False),
                    }
                ]
            )
        except (BotoCoreError, ClientError) as error:
            # Whatever the reason, the report is durable and its due time brings another try.
            raise Unavailable("EventBridge did not take the event.") from error
        if answer["FailedEntryCount"]:
            refusal = NotPublished(answer["Entries"][0].get("ErrorCode", ""))
            raise Unavailable("EventBridge did not take the event.") from refusal
