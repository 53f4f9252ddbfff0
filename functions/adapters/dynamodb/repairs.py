"""What a sweep looks for and leaves behind."""

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from functions.adapters.dynamodb.conflicts import ConditionFailed, ConflictRetry
from functions.adapters.dynamodb.items import expiry_s, job_item
from functions.adapters.dynamodb.overdue import Overdue
from functions.domain.model import Job, Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class Repairs:
    """The sweeper's view of the table, through the sparse index alone."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        table_name: str,
        retention_days: int,
        retry: ConflictRetry,
    ) -> None:
        self._client = client
        self._table_name = table_name
        self._retry = retry
        self._overdue = Overdue(client, table_name=table_name)
        self._retention_days = retention_days

    def due(self, statuses: Collection[Status], *, now_ms: int, limit: int) -> list[str]:
        """Return the ids of jobs in these states whose due time has passed, the oldest first."""
        return self._overdue.oldest(statuses, now_ms=now_ms, limit=limit)

    def count_due(self, statuses: Collection[Status], *, now_ms: int) -> int:
        """Return how many jobs are overdue, counting one page of the index at most per shard."""
        return self._overdue.count(statuses, now_ms=now_ms)

    def add_orphan(self, job: Job) -> None:
        """Write a row for a message without a job; if somebody else was first, theirs stands."""
        expires_at_s = expiry_s(job.created_at_ms, retention_days=self._retention_days)
        with suppress(ConditionFailed):
            self._retry.write(
                self._client.put_item,
                TableName=self._table_name,
                Item=job_item(job, expires_at_s=expires_at_s),
                ConditionExpression="attribute_not_exists(pk) OR expiresAt <= :now_s",
                ExpressionAttributeValues={":now_s": {"N": str(job.created_at_ms // 1000)}},
            )
