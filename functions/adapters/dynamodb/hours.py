"""Statistics: one item of counters per hour, and how many jobs are in each state now."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from functions.adapters.dynamodb.batch import MAX_KEYS, batch_get
from functions.adapters.dynamodb.in_time import in_time
from functions.adapters.dynamodb.items import INDEX, SHARDS, expiry_s, hour_key, plain, wire
from functions.domain.model import Status
from functions.domain.statistics import HOUR_MS, Tally

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


class HourlyCounters:
    """The counters of each hour (see `functions.domain.ports.Counters`)."""

    def __init__(self, client: "DynamoDBClient", *, table_name: str, retention_days: int) -> None:
        self._client = client
        self._table_name = table_name
        self._retention_days = retention_days

    def add(self, by_hour: Mapping[int, Mapping[str, int]]) -> None:
        """Raise each hour's counters in one atomic update."""
        for hour_ms, counts in by_hour.items():
            numbered = list(enumerate(counts))
            raises = ", ".join(f"#n{number} :v{number}" for number, _ in numbered)
            expires_at_s = expiry_s(hour_ms + HOUR_MS, retention_days=self._retention_days)
            with in_time():
                self._client.update_item(
                    TableName=self._table_name,
                    Key=hour_key(hour_ms),
                    UpdateExpression=f"SET expiresAt = :expires ADD {raises}",
                    ExpressionAttributeNames={f"#n{number}": name for number, name in numbered},
                    ExpressionAttributeValues=wire(
                        {
                            ":expires": expires_at_s,
                            **{f":v{number}": counts[name] for number, name in numbered},
                        }
                    ),
                )

    def read(self, hours_ms: Sequence[int]) -> dict[int, Tally]:
        """Return the tallies of hours, given by their starts; one without any counter is empty.

        Raises:
            Unavailable: no answer in time.
        """
        tallies = dict.fromkeys(hours_ms, Tally())
        for start in range(0, len(hours_ms), MAX_KEYS):
            keys = [hour_key(hour_ms) for hour_ms in hours_ms[start : start + MAX_KEYS]]
            for item in batch_get(self._client, self._table_name, keys):
                row = plain(item)
                hour_ms = int(row.pop("pk").partition("#")[2])
                del row["expiresAt"]
                tallies[hour_ms] = Tally({name: int(count) for name, count in row.items()})
        return tallies

    def count_states(self, states: Sequence[Status] = STATES) -> StateCounts:
        """Count the jobs of each state on the index, up to a bound per shard.

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
