"""What a sweep looks for and leaves behind."""

import heapq
from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from functions.adapters.dynamodb.conflicts import ConflictRetry
from functions.adapters.dynamodb.in_time import in_time
from functions.adapters.dynamodb.items import INDEX, SHARDS, job_item, order
from functions.domain.model import Job, Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_PAGE: Final = 25
_DAY_S: Final = 86_400


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
        self._retention_s = retention_days * _DAY_S

    def due(self, statuses: Collection[Status], *, now_ms: int, limit: int) -> list[str]:
        """Return the ids of jobs in these states whose due time has passed, the oldest first."""
        overdue = heapq.merge(
            *(
                self._shard(f"{status}#{number:02d}", now_ms=now_ms)
                for status in statuses
                for number in range(SHARDS)
            )
        )
        return [job_id for _, job_id in islice(overdue, limit)]

    def count_due(self, statuses: Collection[Status], *, now_ms: int) -> int:
        """Return how many jobs are overdue, counting one page of the index at most per shard."""
        return sum(
            self._query(f"{status}#{number:02d}", now_ms=now_ms, Select="COUNT")["Count"]
            for status in statuses
            for number in range(SHARDS)
        )

    def add_orphan(self, job: Job) -> None:
        """Write a row for a message without a job; if somebody else was first, theirs stands."""
        expires_at_s = job.created_at_ms // 1000 + self._retention_s
        try:
            self._retry.write(
                self._client.put_item,
                TableName=self._table_name,
                Item=job_item(job, expires_at_s=expires_at_s),
                ConditionExpression="attribute_not_exists(pk) OR expiresAt <= :now",
                ExpressionAttributeValues={":now": {"N": str(job.created_at_ms // 1000)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def _shard(self, shard: str, *, now_ms: int) -> Iterator[tuple[str, str]]:
        more: dict[str, Any] = {"Limit": _PAGE}
        while True:
            answer = self._query(shard, now_ms=now_ms, **more)
            yield from ((item["stateOrder"]["S"], item["pk"]["S"]) for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            more["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _query(self, shard: str, *, now_ms: int, **more: Any) -> Any:
        with in_time():
            return self._client.query(
                TableName=self._table_name,
                IndexName=INDEX,
                KeyConditionExpression="stateShard = :shard AND stateOrder <= :now",
                # A row past its time to live counts as gone, purged or not.
                FilterExpression="expiresAt > :now_s",
                ExpressionAttributeValues={
                    ":shard": {"S": shard},
                    ":now": {"S": order(now_ms)},
                    ":now_s": {"N": str(now_ms // 1000)},
                },
                **more,
            )
