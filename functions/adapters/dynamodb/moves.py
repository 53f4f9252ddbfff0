"""A job's states: one conditional write to claim it, and one to move it on from what was read."""

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from functions.adapters.dynamodb.conflicts import ConditionFailed, ConflictRetry
from functions.adapters.dynamodb.items import (
    job_key,
    job_of,
    mutable_attributes,
    order,
    shard,
    version_attributes,
    wire,
)
from functions.domain.deliver import EARLY_GRACE_MS
from functions.domain.errors import Superseded, WentOut
from functions.domain.model import Job, Message, Status
from functions.domain.ports import Claimed, NotClaimed

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_NAMES: Final = {"#status": "status", "#run": "run"}

_CLAIM: Final = (
    "SET #status = :processing, fence = :fence, leaseUntilMs = :lease, stateShard = :shard,"
    " stateOrder = :due, timesResent = :zero ADD attemptCount :one, tries :one"
)
_CLAIMABLE: Final = (
    "#run = :run AND #status IN (:enqueued, :retrying) AND notBeforeMs <= :latest"
    " AND expiresAt > :now_s AND attribute_not_exists(wentOut)"
)

_RELEASE: Final = (
    "SET #status = :retrying, stateShard = :shard, stateOrder = :due"
    " REMOVE fence, leaseUntilMs ADD attemptCount :minus_one"
)


class MovableJobs:
    """Jobs on the move (see `functions.domain.ports.JobMoves`)."""

    def __init__(self, client: "DynamoDBClient", *, table_name: str, retry: ConflictRetry) -> None:
        self._client = client
        self._table_name = table_name
        self._retry = retry

    def claim(
        self, message: Message, *, fence: str, now_ms: int, lease_until_ms: int
    ) -> Claimed | NotClaimed:
        """Claim in one conditional update; on failure the item comes with the refusal."""
        try:
            answer = self._retry.write(
                self._client.update_item,
                TableName=self._table_name,
                Key=job_key(message.job_id),
                UpdateExpression=_CLAIM,
                ConditionExpression=_CLAIMABLE,
                ExpressionAttributeNames=_NAMES,
                ExpressionAttributeValues=wire(
                    {
                        ":processing": Status.PROCESSING,
                        ":enqueued": Status.ENQUEUED,
                        ":retrying": Status.RETRYING,
                        ":run": message.run,
                        ":fence": fence,
                        ":lease": lease_until_ms,
                        ":shard": shard(Status.PROCESSING, message.job_id),
                        ":due": order(lease_until_ms),
                        ":latest": now_ms + EARLY_GRACE_MS,
                        ":now_s": now_ms // 1000,
                        ":one": 1,
                        ":zero": 0,
                    }
                ),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as error:
            found = job_of(error.item, now_ms=now_ms) if error.item else None
            if found and found.fence == fence:
                # The answer to our own first call was lost, and the client asked again.
                return Claimed(found)
            return NotClaimed(found)
        claimed = job_of(answer["Attributes"], now_ms=now_ms)
        return Claimed(claimed) if claimed else NotClaimed(None)

    def release(self, message: Message, *, fence: str, due_ms: int) -> None:
        """Give back in one conditional update; nobody else has this fence."""
        with suppress(ConditionFailed):
            self._retry.write(
                self._client.update_item,
                TableName=self._table_name,
                Key=job_key(message.job_id),
                UpdateExpression=_RELEASE,
                ConditionExpression="fence = :fence",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=wire(
                    {
                        ":retrying": Status.RETRYING,
                        ":shard": shard(Status.RETRYING, message.job_id),
                        ":due": order(due_ms),
                        ":minus_one": -1,
                        ":fence": fence,
                    }
                ),
            )

    def move(self, before: Job, after: Job) -> None:
        """Write all that may change, on condition that nobody else has moved the job."""
        attributes = mutable_attributes(after)
        written = {name: value for name, value in attributes.items() if value is not None}
        removed = [name for name, value in attributes.items() if value is None]
        stands = version_attributes(before)
        conditions = [
            f"attribute_not_exists(#{name})" if value is None else f"#{name} = :was_{name}"
            for name, value in stands.items()
        ]
        if after.status is not Status.COMPLETED and not before.went_out:
            conditions.append("attribute_not_exists(wentOut)")
        update = "SET " + ", ".join(f"#{name} = :{name}" for name in written)
        if removed:
            update += " REMOVE " + ", ".join(f"#{name}" for name in removed)
        try:
            self._retry.write(
                self._client.update_item,
                TableName=self._table_name,
                Key=job_key(before.job_id),
                UpdateExpression=update,
                ConditionExpression=" AND ".join(conditions),
                ExpressionAttributeNames={f"#{name}": name for name in attributes},
                ExpressionAttributeValues=wire(
                    {f":{name}": value for name, value in written.items()}
                    | {f":was_{name}": value for name, value in stands.items()}
                ),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as error:
            # Its time to live is nothing to us: whatever stands here is what we met.
            found = job_of(error.item, now_ms=0) if error.item else None
            if found and mutable_attributes(found) == attributes:
                # The answer to our own first write was lost, and the client wrote again. What an
                # event has told since then is not ours to compare.
                return
            if found and version_attributes(found) == stands:
                raise WentOut from error
            raise Superseded from error
