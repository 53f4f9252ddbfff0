"""The queue's door in a process that lasts, fed by a loop: what the event source mapping does."""

import os
from typing import Any

import boto3

from bench.doors.events import CONTEXT
from functions.worker import BATCH_SIZE, handler


def main() -> None:
    """Take batches of messages, and delete those that are done, until it is ended."""
    queue: Any = boto3.client("sqs")
    queue_url = os.environ["QUEUE_URL"]
    while True:
        answer = queue.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=BATCH_SIZE,
            WaitTimeSeconds=20,
            MessageSystemAttributeNames=["All"],
        )
        messages = answer.get("Messages", [])
        if not messages:
            continue
        failed = handler({"Records": [_record(one) for one in messages]}, CONTEXT)
        stay = {failure["itemIdentifier"] for failure in failed["batchItemFailures"]}
        done = [
            {"Id": str(number), "ReceiptHandle": one["ReceiptHandle"]}
            for number, one in enumerate(messages)
            if one["MessageId"] not in stay
        ]
        if done:
            queue.delete_message_batch(QueueUrl=queue_url, Entries=done)


def _record(message: dict[str, Any]) -> dict[str, Any]:
    # https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:jobs",
        "awsRegion": "us-east-1",
    }


if __name__ == "__main__":
    main()
