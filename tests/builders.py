"""Nouns with sensible values; a test names only what it is about."""

from typing import Any

from functions.domain.model import Job, SignIn, Status

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
    return Job(**values | changes)
