"""Sign-ins as a login posts them: many people, and the variety that costs a mail its time."""

import json
from typing import Any, Final

from functions.adapters.dynamodb.items import job_item
from functions.domain.accept import sortable_job_id
from functions.domain.life import PICK_UP_MS
from functions.domain.model import Job, Status
from functions.domain.request import parse_request

_WEBKIT: Final = "AppleWebKit/537.36 (KHTML, like Gecko)"
_AGENTS: Final = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/{{0}}.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/{{0}}.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Version/{{0}}.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
)
_PLACES: Final = (
    {"city": "Darkhan", "country": "MN"},
    {"city": "Berlin", "region": "Berlin", "country": "DE"},
    None,
)
_LOCALES: Final = ("mn", "en", None)
_PROVIDERS: Final = ("github", "google", "credentials", "email")


def sign_in(number: int) -> dict[str, Any]:
    """Return the body of the n-th sign-in; no two users are the same, 80 agents are."""
    agent = _AGENTS[number % len(_AGENTS)].format(110 + number // len(_AGENTS) % 20)
    return {
        "userId": f"user-{number}",
        "email": f"user-{number}@example.com",
        "name": f"Bat-Erdene {number % 100}",
        "provider": _PROVIDERS[number % len(_PROVIDERS)],
        "ipAddress": f"203.0.{number // 250 % 250}.{number % 250}",
        "userAgent": agent,
        "locale": _LOCALES[number % len(_LOCALES)],
        "location": _PLACES[number // 3 % len(_PLACES)],
    }


def accepted_item(number: int, *, now_ms: int) -> dict[str, Any]:
    """Return the table's item of the n-th sign-in, accepted now and ready to be mailed."""
    body = json.dumps(sign_in(number)).encode()
    request = parse_request(body, now_ms=now_ms, trusted_proxies=0)
    job = Job(
        job_id=sortable_job_id(now_ms, number),
        sign_in=request.sign_in(now_ms=now_ms),
        payload_hash=request.payload_hash(),
        status=Status.ENQUEUED,
        created_at_ms=now_ms,
        due_ms=now_ms + PICK_UP_MS,
    )
    return job_item(job, expires_at_s=now_ms // 1000 + 30 * 86_400)
