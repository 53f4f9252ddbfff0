"""The queue: messages out, and back for later."""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.domain.errors import Unavailable
from functions.domain.model import Message

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    jobId: str = Field(pattern=r"^signin-[0-9a-f-]{36}$")  # noqa: N815 - as it is written
    #: the table's numbers end at 38 digits, and nobody replays a job this often
    run: int = Field(ge=1, le=10**9)


class JobQueue:
    """The main queue (see `functions.domain.ports.Queue`)."""

    def __init__(self, client: "SQSClient", *, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def send(self, message: Message) -> None:
        """Enqueue a message for immediate delivery."""
        body = json.dumps({"jobId": message.job_id, "run": message.run})
        try:
            self._client.send_message(QueueUrl=self._queue_url, MessageBody=body)
        except (BotoCoreError, ClientError) as error:
            # Whatever the reason, the job is durable and its due time brings another message.
            raise Unavailable("The queue did not take the message.") from error

    def put_off(self, receipt_handle: str, *, wait_s: int) -> None:
        """Let a received message come back after `wait_s` seconds, at most 12 hours.

        Raises:
            Unavailable: it comes back when the queue's visibility timeout ends.
        """
        try:
            self._client.change_message_visibility(
                QueueUrl=self._queue_url,
                ReceiptHandle=receipt_handle,
                VisibilityTimeout=wait_s,
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The queue did not change the message's visibility.") from error


def parse_message(body: str) -> Message | None:
    """Return the message that a body carries; None if it is not one of ours."""
    try:
        parsed = _Body.model_validate_json(body)
    except ValidationError:
        return None
    return Message(job_id=parsed.jobId, run=parsed.run)
