"""Nouns with sensible values; a test names only what it is about."""

from dataclasses import replace
from typing import Any

from functions.domain.life import PICK_UP_MS
from functions.domain.model import (
    Action,
    Attempt,
    Delivery,
    ErrorClass,
    Failure,
    Intervention,
    Job,
    Location,
    Mail,
    Report,
    SignIn,
    Status,
)

#: 2025-12-19 07:00 UTC, 15:00 in Ulaanbaatar
SIGNED_IN_AT_MS = 1_766_127_600_000


def a_sign_in(**changes: Any) -> SignIn:
    values: dict[str, Any] = {
        "user_id": "user-123",
        "email": "user@example.com",
        "name": "John",
        "provider": "github",
        "signed_in_at_ms": SIGNED_IN_AT_MS,
        "ip_address": "203.0.113.7",
        "user_agent": (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
            "(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
        ),
    }
    return SignIn(**values | changes)


def a_job(**changes: Any) -> Job:
    values: dict[str, Any] = {
        "job_id": "signin-019b3522-9a80-7c11-8a5e-5d0c3f9a1c07",
        "sign_in": a_sign_in(),
        "payload_hash": "0" * 64,
        "status": Status.ENQUEUED,
        "created_at_ms": SIGNED_IN_AT_MS,
    }
    job = Job(**values | changes)
    is_open = job.status not in {Status.COMPLETED, Status.DLQ, Status.DISCARDED}
    if is_open and job.due_ms is None:
        return replace(job, due_ms=job.created_at_ms + PICK_UP_MS)
    return job


def job_number(n: int, **changes: Any) -> Job:
    """Return a job whose id is its own."""
    return a_job(job_id=f"signin-019b3522-9a80-7c11-8a5e-{n:012x}", **changes)


def job_ids(*numbers: int) -> list[str]:
    """Return the ids of the jobs of these numbers."""
    return [job_number(n).job_id for n in numbers]


def a_failure(**changes: Any) -> Failure:
    values: dict[str, Any] = {
        "error_class": ErrorClass.TRANSIENT,
        "error_type": "TooManyRequestsException",
        "error": "SES takes mails more slowly than we send.",
        "stack_trace": "  File ses.py, line 1, in send",
    }
    return Failure(**values | changes)


def a_job_with_everything() -> Job:
    """Return a job that has a value of its own in each field, as no job has at once."""
    failure = a_failure(error_class=ErrorClass.UNKNOWN, error_type="ReadTimeout")
    return a_job(
        sign_in=a_sign_in(
            locale="mn-MN",
            time_zone="Asia/Hovd",
            location=Location(city="Дархан", region="Дархан-Уул", country="MN"),
        ),
        status=Status.PROCESSING,
        processed_at_ms=SIGNED_IN_AT_MS + 1,
        run=2,
        attempt_count=3,
        tries=4,
        unknown_outcomes=1,
        times_parked=5,
        times_resent=6,
        not_before_ms=SIGNED_IN_AT_MS + 2,
        fence="fence-of-another",
        lease_until_ms=SIGNED_IN_AT_MS + 3,
        due_ms=SIGNED_IN_AT_MS + 4,
        last_failure=failure,
        attempts=(
            Attempt(started_at_ms=1, ended_at_ms=2, failure=a_failure()),
            Attempt(started_at_ms=3, ended_at_ms=4, failure=failure),
        ),
        interventions=(
            Intervention(action=Action.REPLAYED, at_ms=5, by="Дорж", reason="SES is back"),
            Intervention(action=Action.DISCARDED, at_ms=6),
        ),
        went_out=True,
        delivery=Delivery.COMPLAINED,
    )


def a_report(**changes: Any) -> Report:
    """Return a report that nobody has told the application of."""
    values: dict[str, Any] = {
        "job_id": a_job().job_id,
        "user_id": "user-123",
        "reported_at_ms": SIGNED_IN_AT_MS,
        "due_ms": SIGNED_IN_AT_MS + PICK_UP_MS,
    }
    return Report(**values | changes)


def a_mail(**changes: Any) -> Mail:
    values: dict[str, Any] = {
        "recipient": "user@example.com",
        "subject": "🔐 Таны бүртгэлд нэвтэрсэн байна - Yellow Books",
        "text": "Сайн байна уу?\n.\nХүндэтгэсэн, Yellow Books баг\n",
        "html": "<p>Сайн байна уу?</p>\n",
        "headers": (("Reply-To", "support@yellowbooks.mn"), ("Auto-Submitted", "auto-generated")),
    }
    return Mail(**values | changes)
