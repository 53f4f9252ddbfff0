"""One job by its id."""

from typing import TYPE_CHECKING

from functions.adapters.dynamodb.in_time import in_time
from functions.adapters.dynamodb.items import job_key, job_of
from functions.domain.model import Job

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class JobsById:
    """Strongly consistent look-ups (see `functions.domain.ports.JobReader`)."""

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
