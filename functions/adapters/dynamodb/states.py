"""How many jobs are in each state now."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from functions.adapters.dynamodb.in_time import in_time
from functions.adapters.dynamodb.items import INDEX, SHARDS
from functions.domain.model import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

#: the states that the sparse index holds
STATES: Final = (
    Status.ENQUEUED,
    Status.PROCESSING,
    Status.RETRYING,
    Status.PARKED,
    Status.DLQ,
)
#: of a state, a shard's first so many are counted: about 10,000 jobs over all shards
MAX_COUNTED_PER_SHARD: Final = 625
_THREADS: Final = 10


@dataclass(frozen=True, slots=True)
class StateCounts:
    """How many jobs are in each state; `at_least` names states with more than were counted."""

    counts: dict[Status, int]
    at_least: tuple[Status, ...]


class JobStates:
    """The states of open and dead jobs, counted on the sparse index."""

    def __init__(self, client: "DynamoDBClient", *, table_name: str) -> None:
        self._client = client
        self._table_name = table_name

    def count(self, states: Sequence[Status] = STATES) -> StateCounts:
        """Count the jobs of each state, up to a bound per shard.

        Raises:
            Unavailable: no answer in time.
        """
        pairs = [(status, number) for status in states for number in range(SHARDS)]
        counts = dict.fromkeys(states, 0)
        at_least: dict[Status, None] = {}
        with ThreadPoolExecutor(max_workers=_THREADS) as threads:
            answers = threads.map(self._count_shard, pairs)
            for (status, _), (count, more) in zip(pairs, answers, strict=True):
                counts[status] += count
                if more:
                    at_least[status] = None
        return StateCounts(counts=counts, at_least=tuple(at_least))

    def _count_shard(self, pair: tuple[Status, int]) -> tuple[int, bool]:
        status, number = pair
        with in_time():
            answer = self._client.query(
                TableName=self._table_name,
                IndexName=INDEX,
                KeyConditionExpression="stateShard = :shard",
                ExpressionAttributeValues={":shard": {"S": f"{status}#{number:02d}"}},
                Select="COUNT",
                Limit=MAX_COUNTED_PER_SHARD,
            )
        return answer["Count"], "LastEvaluatedKey" in answer
