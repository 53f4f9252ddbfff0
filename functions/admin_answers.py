"""What operators are shown: personal data masked, everything else as it is known."""

from dataclasses import asdict
from ipaddress import IPv6Address, ip_address
from typing import Any

from functions.adapters.dynamodb.states import StateCounts
from functions.adapters.event_source import SourceState
from functions.answers import JOB_TYPE, iso
from functions.domain.intervene import Result
from functions.domain.model import (
    Attempt,
    DeadLetter,
    Failure,
    Job,
    Report,
    SignIn,
    Status,
    masked_address,
)
from functions.domain.statistics import Tally, total


def dead_letter(letter: DeadLetter) -> dict[str, Any]:
    """Show a dead job as the list has it."""
    return {
        "jobId": letter.job_id,
        "jobType": JOB_TYPE,
        "status": Status.DLQ,
        "error": letter.error,
        "errorClass": letter.error_class,
        "errorType": letter.error_type,
        "attemptCount": letter.attempt_count,
        "createdAt": iso(letter.created_at_ms),
        "processedAt": iso(letter.processed_at_ms),
        "recipient": letter.recipient_masked,
        "mayHaveLeft": letter.may_have_left,
    }


def job_in_short(job: Job) -> dict[str, Any]:
    """Show a job as one of several."""
    return {
        "jobId": job.job_id,
        "jobType": JOB_TYPE,
        "status": job.status,
        **_failure(job.last_failure),
        "attemptCount": job.attempt_count,
        "createdAt": iso(job.created_at_ms),
        "processedAt": iso(job.processed_at_ms),
        "delivery": job.delivery,
        "recipient": masked_address(job.sign_in.email),
    }


def job_in_full(job: Job, report: Report | None) -> dict[str, Any]:
    """Show all that is known of a job, and whether its reader has reported the sign-in."""
    return {
        **job_in_short(job),
        "stackTrace": job.last_failure and job.last_failure.stack_trace,
        "run": job.run,
        "tries": job.tries,
        "notBefore": iso(job.not_before_ms or None),
        "due": iso(job.due_ms),
        "wentOut": job.went_out,
        "mayHaveLeft": job.went_out or job.unknown_outcomes > 0,
        "reportedAt": iso(report.reported_at_ms if report else None),
        "signIn": _sign_in(job.sign_in),
        "attempts": [_attempt(attempt) for attempt in job.attempts],
        "interventions": [
            {
                "action": done.action,
                "at": iso(done.at_ms),
                "by": done.by,
                "reason": done.reason,
            }
            for done in job.interventions
        ],
    }


def result_of(result: Result, *, done_as: str, next_cursor: str | None) -> dict[str, Any]:
    """Say how many jobs were changed as asked, and exactly which were not."""
    return {
        done_as: len(result.done),
        "skipped": len(result.skipped),
        "skippedJobs": [{"jobId": job_id, "reason": why} for job_id, why in result.skipped.items()],
        "nextCursor": next_cursor,
    }


def statistics(
    states: StateCounts, hours: dict[int, Tally], *, worker: SourceState | None
) -> dict[str, Any]:
    """Show the states now, if known whether SQS feeds the worker, and the hours with their sum."""
    return {
        "worker": worker,
        "now": states.counts,
        "nowAtLeast": states.at_least,
        "sum": _tally(total(hours.values())),
        "hours": [
            {"hour": iso(hour_ms), **_tally(tally)} for hour_ms, tally in sorted(hours.items())
        ],
    }


def _sign_in(sign_in: SignIn) -> dict[str, Any] | None:
    if not sign_in.user_id:
        # Only a message was found, and nobody knows whose it was.
        return None
    return {
        "userId": masked_address(sign_in.user_id) if "@" in sign_in.user_id else sign_in.user_id,
        "name": _masked_name(sign_in.name),
        "provider": sign_in.provider,
        "signedInAt": iso(sign_in.signed_in_at_ms),
        "ipAddress": _masked_ip_address(sign_in.ip_address),
        "userAgent": sign_in.user_agent,
        "locale": sign_in.locale,
        "timeZone": sign_in.time_zone,
        "location": sign_in.location and asdict(sign_in.location),
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "accepted": tally.accepted,
        "refused": tally.refused,
        "completed": tally.completed,
        "retried": tally.retried,
        "dead": tally.dead,
        "successRate": tally.success_rate,
        "meanMs": tally.mean_ms,
        "p95Ms": tally.p95_ms,
        "deadByErrorType": tally.dead_by_error_type,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "startedAt": iso(attempt.started_at_ms),
        "endedAt": iso(attempt.ended_at_ms),
        **_failure(attempt.failure),
        "stackTrace": attempt.failure.stack_trace,
    }


def _failure(failure: Failure | None) -> dict[str, Any]:
    return {
        "error": failure and failure.error,
        "errorClass": failure and failure.error_class,
        "errorType": failure and failure.error_type,
    }


def _masked_name(name: str | None) -> str | None:
    return name and f"{name[:1]}***"


def _masked_ip_address(address: str | None) -> str | None:
    """Return `203.0.113.*`, `2001:db8:1:*`: the network, not whose place in it."""
    if not address:
        return None
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        return ":".join(f"{int(group, 16):x}" for group in parsed.exploded.split(":")[:3]) + ":*"
    return address.rpartition(".")[0] + ".*"
