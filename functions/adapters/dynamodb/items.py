"""How a job is written in the table, and read back."""

import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from functions.domain.model import (
    Action,
    Attempt,
    Delivery,
    ErrorClass,
    Failure,
    Intervention,
    Job,
    Location,
    SignIn,
    Status,
    masked_address,
)

#: the sparse index of open and dead jobs; its key parts are missing on a job that has ended well
INDEX: Final = "by-state"
SHARDS: Final = 16

Item = dict[str, Any]

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def wire(plain: Mapping[str, Any]) -> Item:
    """Return attributes in DynamoDB's typed form, without those that are None."""
    return {name: _serialize(value) for name, value in plain.items() if value is not None}


def plain(item: Mapping[str, Any]) -> Item:
    """Return an item's attributes as Python values; numbers are `Decimal`."""
    return {name: _deserialize(value) for name, value in item.items()}


def job_key(job_id: str) -> Item:
    """Return a job's primary key."""
    return {"pk": {"S": job_id}}


def window_key(user_id: str) -> Item:
    """Return the primary key of a user's window; no job id starts like it."""
    return {"pk": {"S": f"user#{user_id}"}}


def hour_key(hour_ms: int) -> Item:
    """Return the primary key of an hour's counters; no job id and no window starts like it."""
    return {"pk": {"S": f"hour#{hour_ms}"}}


def shard(kind: str, job_id: str) -> str:
    """Return the index partition of a job in this state, or of what else belongs to the job."""
    return f"{kind}#{zlib.crc32(job_id.encode()) % SHARDS:02d}"


def order(ms: int, job_id: str = "") -> str:
    """Return the index sort key: by time, then by id; fixed width until the year 2286."""
    return f"{ms:013d}#{job_id}" if job_id else f"{ms:013d}"


def expiry_s(ms: int, *, retention_days: int) -> int:
    """Return the time to live of an item that is of this time, in epoch seconds."""
    return ms // 1000 + retention_days * 86_400


def mutable_attributes(job: Job) -> Item:
    """Return what an attempt may change; None stands for an attribute to remove."""
    failure = job.last_failure
    return {
        "status": job.status,
        "processedAtMs": job.processed_at_ms,
        "run": job.run,
        "attemptCount": job.attempt_count,
        "tries": job.tries,
        "unknownOutcomes": job.unknown_outcomes,
        "timesParked": job.times_parked,
        "timesResent": job.times_resent,
        "notBeforeMs": job.not_before_ms,
        "fence": job.fence,
        "leaseUntilMs": job.lease_until_ms,
        "error": failure and failure.error,
        "errorClass": failure and failure.error_class,
        "errorType": failure and failure.error_type,
        "stackTrace": failure and failure.stack_trace,
        "attempts": [_attempt_item(attempt) for attempt in job.attempts],
        "interventions": [_intervention_item(done) for done in job.interventions] or None,
        **_index_attributes(job),
    }


def version_attributes(job: Job) -> Item:
    """Return what tells whether somebody else has moved the job since it was read."""
    return {
        "status": job.status,
        "run": job.run,
        "fence": job.fence,
        "stateOrder": _index_attributes(job)["stateOrder"],
    }


def job_item(job: Job, *, expires_at_s: int) -> Item:
    """Return a new job's whole item in typed form."""
    sign_in = {name: value for name, value in asdict(job.sign_in).items() if value is not None}
    return wire(
        {
            "pk": job.job_id,
            "signIn": sign_in,
            "recipientMasked": masked_address(job.sign_in.email),
            "payloadHash": job.payload_hash,
            "createdAtMs": job.created_at_ms,
            "expiresAt": expires_at_s,
            **mutable_attributes(job),
        }
    )


def job_of(item: Mapping[str, Any], *, now_ms: int) -> Job | None:
    """Read a job back; a row past its time to live counts as gone, purged or not.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
    """
    row = plain(item)
    if row["expiresAt"] * 1000 <= now_ms:
        return None
    sign_in = row["signIn"]
    return Job(
        job_id=row["pk"],
        sign_in=SignIn(
            **{
                **sign_in,
                "signed_in_at_ms": int(sign_in["signed_in_at_ms"]),
                "location": Location(**sign_in["location"]) if "location" in sign_in else None,
            }
        ),
        payload_hash=row["payloadHash"],
        status=Status(row["status"]),
        created_at_ms=int(row["createdAtMs"]),
        processed_at_ms=_int(row.get("processedAtMs")),
        run=int(row["run"]),
        attempt_count=int(row["attemptCount"]),
        tries=int(row["tries"]),
        unknown_outcomes=int(row["unknownOutcomes"]),
        times_parked=int(row["timesParked"]),
        times_resent=int(row["timesResent"]),
        not_before_ms=int(row["notBeforeMs"]),
        fence=row.get("fence"),
        lease_until_ms=_int(row.get("leaseUntilMs")),
        due_ms=int(row["stateOrder"]) if _is_open(row["status"]) else None,
        last_failure=_failure(row),
        attempts=tuple(_attempt(attempt) for attempt in row["attempts"]),
        interventions=tuple(_intervention(done) for done in row.get("interventions", ())),
        went_out=row.get("wentOut", False),
        delivery=Delivery(row["delivery"]) if "delivery" in row else None,
    )


def _index_attributes(job: Job) -> Item:
    if job.status is Status.DLQ:
        position = order(job.processed_at_ms or 0, job.job_id)
    elif job.due_ms is not None:
        position = order(job.due_ms)
    else:
        return {"stateShard": None, "stateOrder": None}
    return {"stateShard": shard(job.status, job.job_id), "stateOrder": position}


def _is_open(status: str) -> bool:
    return status not in {Status.COMPLETED, Status.DLQ, Status.DISCARDED}


def _attempt_item(attempt: Attempt) -> Item:
    return {
        "startedAtMs": attempt.started_at_ms,
        "endedAtMs": attempt.ended_at_ms,
        "error": attempt.failure.error,
        "errorClass": attempt.failure.error_class,
        "errorType": attempt.failure.error_type,
        "stackTrace": attempt.failure.stack_trace,
    }


def _attempt(row: Mapping[str, Any]) -> Attempt:
    failure = _failure(row)
    assert failure is not None  # noqa: S101 - every attempt is written with its failure
    return Attempt(
        started_at_ms=int(row["startedAtMs"]), ended_at_ms=int(row["endedAtMs"]), failure=failure
    )


def _intervention_item(done: Intervention) -> Item:
    return {"action": done.action, "atMs": done.at_ms, "by": done.by, "reason": done.reason}


def _intervention(row: Mapping[str, Any]) -> Intervention:
    return Intervention(
        action=Action(row["action"]),
        at_ms=int(row["atMs"]),
        by=row["by"],
        reason=row["reason"],
    )


def _failure(row: Mapping[str, Any]) -> Failure | None:
    if "errorClass" not in row:
        return None
    return Failure(
        error_class=ErrorClass(row["errorClass"]),
        error_type=row["errorType"],
        error=row["error"],
        stack_trace=row["stackTrace"],
    )


def _int(value: Any) -> int | None:
    return None if value is None else int(value)
