"""The table as the stack defines it, for tests that have no stack."""

from threading import Lock
from typing import Any

from functions.adapters.dynamodb.conflicts import ConflictRetry

#: waits for nobody
AT_ONCE = ConflictRetry(sleep=lambda _: None, jitter=lambda: 1.0)

TABLE_NAME = "signin-notifier-jobs"

#: as the stack has it; the index carries what a list shows, and no personal data
JOBS_TABLE: dict[str, Any] = {
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "stateShard", "AttributeType": "S"},
        {"AttributeName": "stateOrder", "AttributeType": "S"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-state",
            "KeySchema": [
                {"AttributeName": "stateShard", "KeyType": "HASH"},
                {"AttributeName": "stateOrder", "KeyType": "RANGE"},
            ],
            "Projection": {
                "ProjectionType": "INCLUDE",
                "NonKeyAttributes": [
                    "status",
                    "run",
                    "createdAtMs",
                    "processedAtMs",
                    "attemptCount",
                    "unknownOutcomes",
                    "error",
                    "errorClass",
                    "errorType",
                    "recipientMasked",
                    "expiresAt",
                ],
            },
        }
    ],
}


def create_jobs_table(client: Any) -> None:
    client.create_table(TableName=TABLE_NAME, **JOBS_TABLE)
    client.update_time_to_live(
        TableName=TABLE_NAME,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expiresAt"},
    )


class OneCallAtATime:
    """A client whose every call is atomic, as DynamoDB's are and moto's in threads are not."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        operation = getattr(self._client, name)

        def call(**request: Any) -> Any:
            with self._lock:
                return operation(**request)

        return call
