"""Jobs by their ids, or by whose they are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from functions.adapters.dynamodb.batch import batch_get
from functions.adapters.dynamodb.in_time import in_time
from functions.adapters.dynamodb.items import job_key, job_of, plain, window_key
from functions.domain.accept import LIMIT
from functions.domain.model import Job

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class JobsById:
    """Strongly consistent look-ups (see `JobReader`, `BulkReader` in `functions.domain.ports`)."""

    def __init__(self, client: "DynamoDBClient", *, table_name: str) -> None:
        self._client = client
        self._table_name = table_name

    def read(self, job_id: str, *, now_ms: int) -> Job | None:
        """Read the row as last written."""
        with in_time():
            answer = self._client.get_item(
                TableName=self._table_name, Key=job_key(job_id), ConsistentRead=True
            )
        return job_of(answer["Item"], now_ms=now_ms) if "Item" in answer else None

    def read_many(self, job_ids: Sequence[str], *, now_ms: int) -> dict[str, Job]:
        """Read at most 100 rows as last written."""
        keys = [job_key(job_id) for job_id in dict.fromkeys(job_ids)]
        items = batch_get(self._client, self._table_name, keys, consistent=True)
        jobs = (job_of(item, now_ms=now_ms) for item in items)
        return {job.job_id: job for job in jobs if job}

    def job_ids_of(self, user_id: str) -> list[str]:
        """Return the ids of the user's last jobs, the newest first, from the window's places."""
        with in_time():
            answer = self._client.get_item(
                TableName=self._table_name, Key=window_key(user_id), ConsistentRead=True
            )
        places = plain(answer.get("Item", {}))
        newest_first = (places.get(f"j{place}") for place in reversed(range(LIMIT)))
        return [job_id for job_id in newest_first if job_id]
