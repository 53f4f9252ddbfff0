"""What should have moved on by now, found through the sparse index alone."""

import heapq
from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from functions.adapters.dynamodb.in_time import in_time
from functions.adapters.dynamodb.items import INDEX, SHARDS, order

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_PAGE: Final = 25


class Overdue:
    """Items of given kinds (see `items.shard`) whose time in the index has passed."""

    def __init__(self, client: "DynamoDBClient", *, table_name: str) -> None:
        self._client = client
        self._table_name = table_name

    def oldest(self, kinds: Collection[str], *, now_ms: int, limit: int) -> list[str]:
        """Return the primary keys of at most `limit` of them, the oldest first."""
        overdue = heapq.merge(
            *(
                self._shard(f"{kind}#{number:02d}", now_ms=now_ms)
                for kind in kinds
                for number in range(SHARDS)
            )
        )
        return [key for _, key in islice(overdue, limit)]

    def count(self, kinds: Collection[str], *, now_ms: int) -> int:
        """Return how many there are, counting one page of the index at most per shard."""
        return sum(
            self._query(f"{kind}#{number:02d}", now_ms=now_ms, Select="COUNT")["Count"]
            for kind in kinds
            for number in range(SHARDS)
        )

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
