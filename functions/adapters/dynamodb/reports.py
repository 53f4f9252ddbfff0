"""Reports of sign-ins, each an item of its own beside its job's: the job's life goes on as it is.

While the application has not been told, the item stands in the sparse index, as `report#<shard>`.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from functions.adapters.dynamodb.conflicts import ConditionFailed, ConflictRetry
from functions.adapters.dynamodb.in_time import in_time
from functions.adapters.dynamodb.items import expiry_s, order, plain, shard, wire
from functions.adapters.dynamodb.overdue import Overdue
from functions.domain.errors import AlreadyReported, Superseded
from functions.domain.model import Report

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_KIND: Final = "report"
#: no job id, no window and no hour starts like it
_PREFIX: Final = "report#"


class ReportsOfJobs:
    """Reports by their jobs' ids (see `functions.domain.ports.Reports`)."""

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
        self._retention_days = retention_days
        self._retry = retry
        self._overdue = Overdue(client, table_name=table_name)

    def add(self, report: Report) -> None:
        """Put the item unless there is one; an expired one counts as gone, purged or not."""
        try:
            self._retry.write(
                self._client.put_item,
                TableName=self._table_name,
                Item=_key(report.job_id)
                | wire(
                    {
                        "userId": report.user_id,
                        "reportedAtMs": report.reported_at_ms,
                        "expiresAt": expiry_s(
                            report.reported_at_ms, retention_days=self._retention_days
                        ),
                        **_progress(report),
                    }
                ),
                ConditionExpression="attribute_not_exists(pk) OR expiresAt <= :now_s",
                ExpressionAttributeValues=wire({":now_s": report.reported_at_ms // 1000}),
            )
        except ConditionFailed as error:
            raise AlreadyReported from error

    def read(self, job_id: str, *, now_ms: int) -> Report | None:
        """Read the item as last written."""
        with in_time():
            answer = self._client.get_item(
                TableName=self._table_name, Key=_key(job_id), ConsistentRead=True
            )
        row = plain(answer.get("Item", {}))
        if not row or row["expiresAt"] * 1000 <= now_ms:
            return None
        return Report(
            job_id=job_id,
            user_id=row["userId"],
            reported_at_ms=int(row["reportedAtMs"]),
            due_ms=int(row["stateOrder"]) if "stateOrder" in row else None,
            times_repeated=int(row["timesRepeated"]),
        )

    def put_off(self, before: Report, after: Report) -> None:
        """Write what a repeat changes, on condition that nobody else has begun one."""
        changed = _progress(after)
        try:
            self._retry.write(
                self._client.update_item,
                TableName=self._table_name,
                Key=_key(before.job_id),
                UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in changed),
                ConditionExpression="stateOrder = :was",
                ExpressionAttributeValues=wire(
                    {f":{name}": value for name, value in changed.items()}
                    | {":was": order(before.due_ms or 0)}
                ),
            )
        except ConditionFailed as error:
            raise Superseded from error

    def mark_sent(self, report: Report) -> None:
        """Take the item out of the index."""
        with suppress(ConditionFailed):
            self._retry.write(
                self._client.update_item,
                TableName=self._table_name,
                Key=_key(report.job_id),
                UpdateExpression="REMOVE stateShard, stateOrder",
                ConditionExpression="attribute_exists(pk)",
            )

    def due(self, *, now_ms: int, limit: int) -> list[str]:
        """Return the ids of jobs whose reports are overdue, the oldest first."""
        keys = self._overdue.oldest([_KIND], now_ms=now_ms, limit=limit)
        return [key.removeprefix(_PREFIX) for key in keys]

    def count_due(self, *, now_ms: int) -> int:
        """Return how many reports are overdue, counting one page of the index at most per shard."""
        return self._overdue.count([_KIND], now_ms=now_ms)


def _key(job_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"{_PREFIX}{job_id}"}}


def _progress(report: Report) -> dict[str, Any]:
    return {
        "timesRepeated": report.times_repeated,
        "stateShard": shard(_KIND, report.job_id),
        "stateOrder": order(report.due_ms or 0),
    }
