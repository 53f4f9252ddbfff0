"""The sign-ins that the mail is looked at and tested with, one for each thing that it may say."""

from dataclasses import replace
from typing import Final

from functions.domain.model import Job, Location, SignIn, Status

#: 2025-12-19 07:00 UTC
_SIGNED_IN_AT_MS: Final = 1_766_127_600_000

_CHROME: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
_IPHONE: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1"
)
_HOSTILE: Final = (
    '"><script>alert(1)</script> {{7*7}} {brand}\r\nBcc: v@evil.com'
    "\u202e\u200b =?utf-8?q?x?= www.evil.com"
)

_USUAL: Final = SignIn(
    user_id="user-123",
    email="bold@example.com",
    name="Болд",
    provider="github",
    signed_in_at_ms=_SIGNED_IN_AT_MS,
    ip_address="203.0.113.7",
    user_agent=_CHROME,
    time_zone="Asia/Ulaanbaatar",
    location=Location(city="Darkhan", region="Darkhan-Uul", country="MN"),
)

_SIGN_INS: Final = {
    "github": _USUAL,
    "google": replace(_USUAL, provider="google", name="Sarnai Ganbold", user_agent=_IPHONE),
    "password": replace(_USUAL, provider="credentials"),
    "link-by-mail": replace(_USUAL, provider="email"),
    "other-provider": replace(_USUAL, provider="company-sso"),
    "unknown-provider": replace(_USUAL, provider="Компани"),
    "no-name": replace(_USUAL, name=None),
    "long-name": replace(_USUAL, name="Цэрэндоржийн Мөнхбаясгалангийн Энхжаргалсайхан-Өнөрмандах"),
    "application": replace(_USUAL, user_agent="YellowBooksApp/2.3.1 (iOS 17.1)"),
    "unknown-agent": replace(_USUAL, user_agent="nonsense"),
    "ipv6": replace(_USUAL, ip_address="2001:db8:85a3:1234:5678:8a2e:370:7334"),
    "private-address": replace(_USUAL, ip_address="192.168.1.1"),
    "no-location": replace(_USUAL, location=None),
    "other-zone": replace(_USUAL, time_zone="America/St_Johns"),
    "nothing-known": replace(
        _USUAL,
        name=None,
        ip_address=None,
        user_agent=None,
        time_zone=None,
        location=None,
    ),
    "hostile": replace(
        _USUAL,
        name=_HOSTILE,
        provider=_HOSTILE,
        ip_address=_HOSTILE,
        user_agent=_HOSTILE,
        time_zone=_HOSTILE,
        location=Location(city=_HOSTILE, region=_HOSTILE, country=_HOSTILE),
    ),
}

CASES: Final = tuple(_SIGN_INS)


def job(case: str, *, locale: str | None) -> Job:
    """Return a case's job; without a locale the sign-in named none.

    Raises:
        KeyError: there is no such case.
    """
    return Job(
        job_id="signin-019b3522-9a80-7c11-8a5e-5d0c3f9a1c07",
        sign_in=replace(_SIGN_INS[case], locale=locale),
        payload_hash="0" * 64,
        status=Status.PROCESSING,
        created_at_ms=_SIGNED_IN_AT_MS,
    )
