"""What Lambda hands to a door."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from bench.sign_ins import sign_in

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@dataclass(frozen=True)
class _Context:
    function_name: str = "signin-notifier"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:signin-notifier"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"


#: the part of Lambda's context object that a door looks at
CONTEXT = cast("LambdaContext", _Context())


def posted(number: int) -> dict[str, Any]:
    """Return the event of the n-th sign-in: an HTTP API's, of payload format 2.0."""
    path = "/api/jobs/signin-notification"
    domain = "q1w2e3r4t5.execute-api.us-east-1.amazonaws.com"
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "*/*",
            "authorization": "Bearer producer-key",
            "content-type": "application/json",
            "host": domain,
            "idempotency-key": f"sign-in-{number}",
            "user-agent": "node",
            "x-amzn-trace-id": "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e",
            "x-forwarded-for": "198.51.100.99",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "q1w2e3r4t5",
            "domainName": domain,
            "domainPrefix": "q1w2e3r4t5",
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.99",
                "userAgent": "node",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": f"POST {path}",
            "stage": "$default",
            "time": "19/Dec/2025:07:00:00 +0000",
            "timeEpoch": 1_766_127_600_000,
        },
        "body": json.dumps(sign_in(number)),
        "isBase64Encoded": False,
    }


def batch(job_ids: Sequence[str]) -> dict[str, Any]:
    """Return the event of a batch of messages, one for each job."""
    return {
        "Records": [
            {
                "messageId": f"059f36b4-87a3-44ab-83d2-{number:012x}",
                "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
                "body": json.dumps({"jobId": job_id, "run": 1}),
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": "1766127600000",
                    "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                    "ApproximateFirstReceiveTimestamp": "1766127600012",
                },
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:jobs",
                "awsRegion": "us-east-1",
            }
            for number, job_id in enumerate(job_ids)
        ]
    }
