"""The queue: messages out, and back for later."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.domain.errors import Unavailable
from functions.domain.model import JOB_ID, Message

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

#: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
_BATCH: Final = 10


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    jobId: str = Field(pattern=f"^{JOB_ID.pattern}$")  # noqa: N815 - as it is written
    #: the table's numbers end at 38 digits, and nobody replays a job this often
    run: int = Field(ge=1, le=10**9)


class JobQueue:
    """The main queue (see `functions.domain.ports.Queue`)."""

    def __init__(self, client: "SQSClient", *, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def send(self, message: Message) -> None:
        """Enqueue a message for immediate delivery."""
        try:
            self._client.send_message(QueueUrl=self._queue_url, MessageBody=_body(message))
        except (BotoCoreError, ClientError) as error:
            # Whatever the reason, the job is durable and its due time brings another message.
            raise Unavailable("The queue did not take the message.") from error

    def send_all(self, messages: Sequence[Message]) -> None:
        """Enqueue messages for immediate delivery, ten in a call; a refused one keeps no other."""
        refused = False
        for start in range(0, len(messages), _BATCH):
            entries: list[SendMessageBatchRequestEntryTypeDef] = [
                {"Id": str(number), "MessageBody": _body(message)}
                for number, message in enumerate(messages[start : start + _BATCH])
            ]
            try:
                answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
            except (BotoCoreError, ClientError) as error:
                raise Unavailable("The queue did not take the messages.") from error
            refused = refused or bool(answer.get("Failed"))
        if refused:
            raise Unavailable("The queue did not take all messages.")

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


def _body(message: Message) -> str:
    return json.dumps({"jobId": message.job_id, "run": message.run})


def parse_message(body: str) -> Message | None:
    """Return the message that a body carries; None if it is not one of ours."""
    try:
        parsed = _Body.model_validate_json(body)
    except ValidationError:
        return None
    return Message(job_id=parsed.jobId, run=parsed.run)


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A message in our hands until its visibility timeout ends."""

    body: str
    receipt_handle: str


class DeadLetterQueue:
    """Where the redrive policy moves what nobody could work on."""

    def __init__(self, client: "SQSClient", *, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def receive(self) -> list[Received]:
        """Return up to ten messages; none may mean that the queue is empty, or looked it.

        Raises:
            Unavailable: no answer.
        """
        try:
            answer = self._client.receive_message(QueueUrl=self._queue_url, MaxNumberOfMessages=10)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The dead-letter queue did not answer.") from error
        return [
            Received(body=message["Body"], receipt_handle=message["ReceiptHandle"])
            for message in answer.get("Messages", [])
        ]

    def delete(self, message: Received) -> None:
        """Delete a received message.

        Raises:
            Unavailable: it comes back when its visibility timeout ends.
        """
        try:
            self._client.delete_message(
                QueueUrl=self._queue_url, ReceiptHandle=message.receipt_handle
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The dead-letter queue did not answer.") from error

    def count(self) -> int:
        """Return about how many messages could be received now.

        Raises:
            Unavailable: no answer.
        """
        try:
            answer = self._client.get_queue_attributes(
                QueueUrl=self._queue_url, AttributeNames=["ApproximateNumberOfMessages"]
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The dead-letter queue did not answer.") from error
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])
