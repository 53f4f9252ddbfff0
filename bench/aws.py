"""What DynamoDB, SQS, SES and Secrets Manager answer on the way from a sign-in to its mail."""

import hashlib
import time
import uuid
from itertools import cycle
from typing import Any, Final

from bench.sign_ins import accepted_item
from bench.stand_in import Answers, Delays

#: what the services take, so that a call of DynamoDB, SQS, SES is 5, 8, 60 ms
AS_ON_AWS_S: Final[Delays] = {
    "TransactWriteItems": 0.005,
    "UpdateItem": 0.005,
    "SendMessage": 0.008,
    "SendEmail": 0.060,
}
#: nothing but our own CPU
AT_ONCE_S: Final[Delays] = {}

_READY_JOBS: Final = 240


def answers() -> Answers:
    """Return the answers of a new account."""
    table = _Table()
    return {
        "TransactWriteItems": table.transact_write_items,
        "UpdateItem": table.update_item,
        "SendMessage": _send_message,
        "SendEmail": lambda _: {"MessageId": f"0100019{uuid.uuid4().hex}-000000"},
        "GetSecretValue": _get_secret_value,
    }


class _Table:
    """Keeps what was accepted until its mail has left; a job that nobody put is ready too."""

    def __init__(self) -> None:
        now_ms = time.time_ns() // 1_000_000
        ready = [accepted_item(number, now_ms=now_ms) for number in range(_READY_JOBS)]
        self._ready = cycle(ready)
        self._accepted: dict[str, dict[str, Any]] = {}

    def transact_write_items(self, request: dict[str, Any]) -> dict[str, Any]:
        item = request["TransactItems"][0]["Put"]["Item"]
        self._accepted[item["pk"]["S"]] = item
        return {}

    def update_item(self, request: dict[str, Any]) -> dict[str, Any]:
        key, values = request["Key"], request["ExpressionAttributeValues"]
        if request.get("ReturnValues") != "ALL_NEW":
            return {}
        item = self._accepted.pop(key["pk"]["S"], None) or next(self._ready)
        claimed = {
            "status": values[":processing"],
            "fence": values[":fence"],
            "leaseUntilMs": values[":lease"],
            "stateShard": values[":shard"],
            "stateOrder": values[":due"],
            "attemptCount": {"N": "1"},
            "tries": {"N": "1"},
        }
        return {"Attributes": {**item, **key, **claimed}}


def _send_message(request: dict[str, Any]) -> dict[str, Any]:
    digest = hashlib.md5(request["MessageBody"].encode(), usedforsecurity=False)
    return {"MessageId": str(uuid.uuid4()), "MD5OfMessageBody": digest.hexdigest()}


def _get_secret_value(request: dict[str, Any]) -> dict[str, Any]:
    name = request["SecretId"]
    return {
        "ARN": f"arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}",
        "Name": name,
        "VersionId": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "SecretString": name,
        "VersionStages": [request["VersionStage"]],
    }
