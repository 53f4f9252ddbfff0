"""What AWS hands to the doors on a notice's way, and the lines that it writes itself."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from infra.api import ACCESS_LOG_FORMAT

_REQUEST_ID: Final = "8f507cfc-0000-4697-b07a-ac58fc914c95"
#: what Lambda logs of each call:
#: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
PLATFORM_LINES: Final = (
    f"START RequestId: {_REQUEST_ID} Version: $LATEST\n"
    f"END RequestId: {_REQUEST_ID}\n"
    f"REPORT RequestId: {_REQUEST_ID}\tDuration: 15.74 ms\tBilled Duration: 16 ms\t"
    "Memory Size: 1024 MB\tMax Memory Used: 156 MB\n"
    "XRAY TraceId: 1-5e34a614-10bd0000f1fb44f07bc535a1\tSegmentId: 07f500002d1f6f85\t"
    "Sampled: true\n"
)
_LOGGED: Final = {
    "requestId": "JKJaXmPLvHcESHA=",
    "requestTime": "19/Dec/2025:07:00:00 +0000",
    "routeKey": "POST /api/jobs/signin-notification",
    "status": "202",
    "responseLatency": "100",
    "integrationStatus": "200",
    "integrationErrorMessage": "-",
}
#: what API Gateway logs of a sign-in
ACCESS_LOG_LINE: Final = re.sub(
    r"\$context\.(\w+)", lambda found: _LOGGED[found.group(1)], ACCESS_LOG_FORMAT
)


@dataclass(frozen=True)
class Context:
    """The part of Lambda's context object that a door looks at."""

    function_name: str = "SigninNotifier-prod-WorkerFunction12345678-abcdefghijkl"
    function_version: str = "$LATEST"
    invoked_function_arn: str = (
        "arn:aws:lambda:us-east-1:123456789012:function:"
        "SigninNotifier-prod-WorkerFunction12345678-abcdefghijkl"
    )
    memory_limit_in_mb: int = 1024
    aws_request_id: str = _REQUEST_ID

    def get_remaining_time_in_millis(self) -> int:
        """Return enough."""
        return 60_000


def post(user: int, *, at_ms: int) -> dict[str, Any]:
    """Return a sign-in as the auth flow posts it, with all that it usually knows."""
    sign_in = {
        "userId": f"user-00000000-0000-4000-8000-{user:012d}",
        "email": "bat.erdene@example.com",
        "name": "Бат-Эрдэнэ",
        "provider": "google",
        "signedInAt": datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(),
        "ipAddress": "203.0.113.7",
        "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
        "locale": "mn",
        "timeZone": "Asia/Ulaanbaatar",
        "location": {"city": "Ulaanbaatar", "region": "Ulaanbaatar", "country": "MN"},
    }
    path = "/api/jobs/signin-notification"
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"authorization": "Bearer PRODUCER_KEY", "content-type": "application/json"},
        "requestContext": {
            "http": {"method": "POST", "path": path, "sourceIp": "198.51.100.99"},
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
        },
        "body": json.dumps(sign_in, ensure_ascii=False),
        "isBase64Encoded": False,
    }


def event_of_ses(kind: str, job_id: str) -> dict[str, Any]:
    """Return a message that tells what became of a mail."""
    event = {"eventType": kind, "mail": {"tags": {"jobId": [job_id]}}}
    return {"Body": json.dumps(event), "ReceiptHandle": "receipt"}


def records(messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return messages as an event source hands them over."""
    return [
        {
            "messageId": f"059f36b4-87a3-44ab-83d2-{number:012d}",
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:jobs",
            "awsRegion": "us-east-1",
        }
        for number, message in enumerate(messages)
    ]
