"""Accepting in one transaction: the job, and its place in the user's window."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from functions.adapters.dynamodb.conflicts import ConflictRetry
from functions.adapters.dynamodb.in_time import in_time
from functions.adapters.dynamodb.items import expiry_s, job_item, job_key, plain, window_key, wire
from functions.domain.accept import LIMIT
from functions.domain.errors import Unavailable
from functions.domain.model import Job, Status
from functions.domain.ports import Added, Exists, WindowFull

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

#: The newest place is written at the end and all others move up by one: every right-hand side
#: reads the item as it was before the update.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
_SHIFT: Final = "SET " + ", ".join(
    [
        f"{place}{i} = if_not_exists({place}{i + 1}, :{unset})"
        for place, unset in (("t", "long_ago"), ("j", "nobody"))
        for i in range(LIMIT - 1)
    ]
    + [f"t{LIMIT - 1} = :now", f"j{LIMIT - 1} = :job", "expiresAt = :expires"]
)


class JobAcceptance:
    """The acceptance side of the table (see `functions.domain.ports.Acceptance`)."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        table_name: str,
        retention_days: int,
        retry: ConflictRetry,
        new_token: Callable[[], str],
    ) -> None:
        """Take the effects of chance and time: each `new_token` is unique."""
        self._client = client
        self._table_name = table_name
        self._retention_days = retention_days
        self._retry = retry
        self._new_token = new_token

    def add(self, job: Job, *, window_start_ms: int) -> Added | Exists | WindowFull:
        """Write the job and its place; a conflict is tried again with the same parameters."""
        request = self._request(job, window_start_ms=window_start_ms)
        for _ in self._retry.tries():
            try:
                with in_time():
                    self._client.transact_write_items(**request)
            except ClientError as error:
                if error.response["Error"]["Code"] != "TransactionCanceledException":
                    raise
                decided = _decide(error.response["CancellationReasons"])
                if decided:
                    return decided
            else:
                return Added()
        return self._read_decision(job, window_start_ms=window_start_ms)

    def _request(self, job: Job, *, window_start_ms: int) -> dict[str, Any]:
        expires_at_s = expiry_s(job.created_at_ms, retention_days=self._retention_days)
        put = {
            "TableName": self._table_name,
            "Item": job_item(job, expires_at_s=expires_at_s),
            # A row past its time to live counts as gone, purged or not.
            "ConditionExpression": "attribute_not_exists(pk) OR expiresAt <= :now_s",
            "ExpressionAttributeValues": wire({":now_s": job.created_at_ms // 1000}),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        update = {
            "TableName": self._table_name,
            "Key": window_key(job.sign_in.user_id),
            "UpdateExpression": _SHIFT,
            "ConditionExpression": "attribute_not_exists(t0) OR t0 <= :start",
            "ExpressionAttributeValues": wire(
                {
                    ":long_ago": 0,
                    ":nobody": "",
                    ":now": job.created_at_ms,
                    ":job": job.job_id,
                    ":start": window_start_ms,
                    ":expires": expires_at_s,
                }
            ),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return {
            "TransactItems": [{"Put": put}, {"Update": update}],
            "ClientRequestToken": self._new_token(),
        }

    def _read_decision(self, job: Job, *, window_start_ms: int) -> Exists | WindowFull:
        original = self._read(job_key(job.job_id))
        window = self._read(window_key(job.sign_in.user_id))
        if original and original["expiresAt"] > job.created_at_ms // 1000:
            return _exists(original)
        if window and window["t0"] > window_start_ms:
            return WindowFull(oldest_ms=int(window["t0"]))
        raise Unavailable("Too many writes to the same user or job at once.")

    def _read(self, key: dict[str, Any]) -> dict[str, Any]:
        with in_time():
            answer = self._client.get_item(TableName=self._table_name, Key=key, ConsistentRead=True)
        return plain(answer.get("Item", {}))


def _decide(reasons: list[Any]) -> Exists | WindowFull | None:
    """Return what the cancellation decides; None if it only says that others write too."""
    job, window = reasons
    if job["Code"] == "ConditionalCheckFailed":
        return _exists(plain(job["Item"]))
    if job["Code"] == "None" and window["Code"] == "ConditionalCheckFailed":
        return WindowFull(oldest_ms=int(plain(window["Item"])["t0"]))
    return None


def _exists(row: dict[str, Any]) -> Exists:
    return Exists(payload_hash=row["payloadHash"], status=Status(row["status"]))
