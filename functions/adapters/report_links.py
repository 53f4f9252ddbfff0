"""The link of "this wasn't me": what it carries, and who made it.

The token in it is base64url of `version | job's UUID | expiry | HMAC-SHA256 of all before`: 54
bytes, so that each token has one spelling alone. It says nothing of a person.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from functions.adapters.rotating_secret import RotatingSecret
from functions.domain.errors import LinkInvalid
from functions.domain.model import Job
from functions.domain.ports import Clock

#: how long a link is good, from the sending of its mail
LIFETIME_MS: Final = 7 * 86_400_000

_VERSION: Final = b"\x01"
_JOB_ID_PREFIX: Final = "signin-"
#: of the expiry, in whole seconds
_EXPIRY_BYTES: Final = 5
_SIGNED_BYTES: Final = len(_VERSION) + 16 + _EXPIRY_BYTES
#: a token's form, before its signature is looked at
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{72}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportLink:
    """What a link says, once its signature is known to be ours."""

    job_id: str
    expires_at_ms: int


class ReportLinks:
    """Makes links and reads them."""

    def __init__(self, secret: RotatingSecret, *, origin: str, clock: Clock) -> None:
        """Take the origin that people reach the API at, without a slash at its end."""
        self._secret = secret
        self._origin = origin
        self._clock = clock

    def link(self, job: Job) -> str:
        """Return the link for a mail that is sent now.

        Raises:
            Unavailable: what it is signed with can't be read now.
        """
        expires_at_s = (self._clock() + LIFETIME_MS) // 1000
        signed = (
            _VERSION
            + UUID(job.job_id.removeprefix(_JOB_ID_PREFIX)).bytes
            + expires_at_s.to_bytes(_EXPIRY_BYTES)
        )
        token = signed + _signature(self._secret.current(), signed)
        return f"{self._origin}/report/{urlsafe_b64encode(token).decode()}"

    def read(self, token: str) -> ReportLink:
        """Return what a token says, expired or not.

        Raises:
            LinkInvalid: we did not make it.
            Unavailable: what it should be signed with can't be read now.
        """
        if not TOKEN.fullmatch(token):
            raise LinkInvalid
        decoded = urlsafe_b64decode(token)
        signed, signature = decoded[:_SIGNED_BYTES], decoded[_SIGNED_BYTES:]
        if not signed.startswith(_VERSION) or not self._secret.fits(
            lambda key: hmac.compare_digest(_signature(key, signed), signature)
        ):
            raise LinkInvalid
        return ReportLink(
            job_id=f"{_JOB_ID_PREFIX}{UUID(bytes=signed[1:17])}",
            expires_at_ms=int.from_bytes(signed[17:]) * 1000,
        )


def _signature(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, "sha256")
