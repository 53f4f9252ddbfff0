"""One item of counters per hour."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from functions.adapters.dynamodb.batch import MAX_KEYS, batch_get
from functions.adapters.dynamodb.in_time import in_time
from functions.adapters.dynamodb.items import expiry_s, hour_key, plain, wire
from functions.domain.statistics import HOUR_MS, Tally

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


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
