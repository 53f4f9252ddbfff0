"""Accept a sign-in: once for its idempotency key, and within the user's limit."""

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from functions.domain.errors import (
    AlreadyAccepted,
    IdempotencyKeyReused,
    Invalid,
    LimitReached,
    Unavailable,
)
from functions.domain.life import PICK_UP_MS
from functions.domain.model import Job, Message, Status
from functions.domain.ports import Acceptance, Exists, Queue, WindowFull

if TYPE_CHECKING:  # what parses it is the API's alone, and takes long to load
    from functions.domain.request import SignInRequest

#: at most this many mails per user...
LIMIT: Final = 10
#: ...within any span of this length
WINDOW_MS: Final = 60 * 60 * 1000

_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:signin-notifier:job")
_MAX_KEY_CHARACTERS: Final = 255


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A durable acceptance; `queued` is False if the queue could not be reached after it."""

    job_id: str
    queued: bool


def accept(
    request: "SignInRequest",
    *,
    idempotency_key: str | None,
    jobs: Acceptance,
    queue: Queue,
    now_ms: int,
    random_bits: int,
) -> Receipt:
    """Remember the sign-in and enqueue its message.

    Args:
        idempotency_key: as `parse_idempotency_key` gave it.
        random_bits: 74 of them, for the id of a job without any key.

    Raises:
        AlreadyAccepted, IdempotencyKeyReused, LimitReached: nothing was written.
        Unavailable: acceptance is unknown; repeat with the same key.
    """
    payload_hash = request.payload_hash()
    key = idempotency_key or (payload_hash if request.signed_in_at else None)
    job_id = keyed_job_id(request.user_id, key) if key else sortable_job_id(now_ms, random_bits)
    job = Job(
        job_id=job_id,
        sign_in=request.sign_in(now_ms=now_ms),
        payload_hash=payload_hash,
        status=Status.ENQUEUED,
        created_at_ms=now_ms,
        due_ms=now_ms + PICK_UP_MS,
    )
    outcome = jobs.add(job, window_start_ms=now_ms - WINDOW_MS)
    # Nobody else has the id of a job without a key: what exists is ours, and its answer was lost.
    if isinstance(outcome, Exists) and key:
        if outcome.payload_hash != payload_hash:
            raise IdempotencyKeyReused
        raise AlreadyAccepted(job_id=job_id, status=outcome.status)
    if isinstance(outcome, WindowFull):
        free_again_ms = outcome.oldest_ms + WINDOW_MS
        raise LimitReached(retry_after_s=max(1, -(-(free_again_ms - now_ms) // 1000)))
    try:
        queue.send(Message(job_id=job_id, run=job.run))
    except Unavailable:
        return Receipt(job_id=job_id, queued=False)
    return Receipt(job_id=job_id, queued=True)


def parse_idempotency_key(header: str | None) -> str | None:
    """Return the key that an `Idempotency-Key` header carries, quoted or bare.

    Raises:
        Invalid: it is not 1-255 visible ASCII characters.
    """
    if header is None:
        return None
    key = header.strip(" \t")
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1].replace(r"\"", '"').replace(r"\\", "\\")
    if not 1 <= len(key) <= _MAX_KEY_CHARACTERS or not all("!" <= char <= "~" for char in key):
        raise Invalid("The Idempotency-Key header must be 1 to 255 visible ASCII characters.")
    return key


def keyed_job_id(user_id: str, key: str) -> str:
    """Return the one job id of this user and idempotency key."""
    pair = json.dumps([user_id, key], ensure_ascii=False, separators=(",", ":"))
    return f"signin-{uuid.uuid5(_NAMESPACE, pair)}"


def sortable_job_id(now_ms: int, random_bits: int) -> str:
    """Return a new job id in the form of a UUIDv7: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7."""
    random_a, random_b = divmod(random_bits % (1 << 74), 1 << 62)
    return (
        f"signin-{uuid.UUID(int=now_ms << 80 | 0x7 << 76 | random_a << 64 | 0x2 << 62 | random_b)}"
    )
