"""What Lambda hands to a door, and what it takes back: everything passes through JSON."""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

API_ARN = "arn:aws:lambda:us-east-1:123456789012:function:signin-notifier"
QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:jobs"


@dataclass(frozen=True)
class Context:
    """The part of Lambda's context object that a door may look at."""

    function_name: str = "signin-notifier"
    function_version: str = "$LATEST"
    invoked_function_arn: str = API_ARN
    memory_limit_in_mb: int = 256
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"
    left_ms: int = 30_000

    def get_remaining_time_in_millis(self):
        return self.left_ms


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as API Gateway gets it."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def http_event(method, path, *, body=None, is_base64=False, key=None, headers=None, query=None):
    """Return an HTTP API event of payload format 2.0; a body of bytes is sent as base64.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": {
            "accept": "*/*",
            "content-type": "application/json",
            "host": "q1w2e3r4t5.execute-api.us-east-1.amazonaws.com",
            "user-agent": "node",
            "x-amzn-trace-id": "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e",
            "x-forwarded-for": "198.51.100.99",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            **({"authorization": f"Bearer {key}"} if key else {}),
            **(headers or {}),
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "q1w2e3r4t5",
            "domainName": "q1w2e3r4t5.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "q1w2e3r4t5",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.99",
                "userAgent": "node",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "19/Dec/2025:07:00:00 +0000",
            "timeEpoch": 1_766_127_600_000,
        },
        "isBase64Encoded": is_base64 or isinstance(body, bytes),
    }
    # API Gateway leaves out what a request does not have.
    if query:
        event["queryStringParameters"] = dict(query)
    if body is not None:
        event["body"] = b64encode(body).decode() if isinstance(body, bytes) else body
    return event


def call(handler, event):
    """Call an HTTP door as Lambda does."""
    answer = json.loads(json.dumps(handler(json.loads(json.dumps(event)), Context())))
    assert answer["isBase64Encoded"] is False
    return Answer(status=answer["statusCode"], headers=answer["headers"], text=answer["body"])


def record(body, *, message_id, receipt_handle="receipt", receive_count=1):
    """Return one record of an SQS event.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
    """
    return {
        "messageId": message_id,
        "receiptHandle": receipt_handle,
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": str(receive_count),
            "SentTimestamp": "1766127600000",
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": "1766127600012",
        },
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE_ARN,
        "awsRegion": "us-east-1",
    }


def take_batch(handler, records):
    """Call the queue's door as Lambda does; return the ids of the messages that stay."""
    answer = json.loads(
        json.dumps(handler(json.loads(json.dumps({"Records": records})), Context()))
    )
    assert list(answer) == ["batchItemFailures"]
    assert all(list(failure) == ["itemIdentifier"] for failure in answer["batchItemFailures"])
    return {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}


def a_body(**changes):
    """Return a sign-in as the auth flow posts it; a field changed to `...` is left out."""
    body = {
        "userId": "user-8161",
        "email": "batbold@example.com",
        "name": "Batbold",
        "provider": "github",
        "ipAddress": "203.0.113.7",
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    }
    return {name: value for name, value in (body | changes).items() if value is not ...}


def texts(value):
    """Return every text in a JSON value."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []
