"""The nouns of the service. Times are UTC epoch milliseconds, as the fields' names say."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: what stands in `Job.job_id`: a prefix and a UUID
JOB_ID: Final = re.compile(r"signin-[0-9a-f-]{36}", re.ASCII)


class Status(StrEnum):
    """Where a job stands; `COMPLETED` and `DISCARDED` never change again."""

    #: its message is on the way; accepted, replayed or no longer parked
    ENQUEUED = "enqueued"
    #: a worker has it; until its lease runs out
    PROCESSING = "processing"
    #: it waits for its next attempt
    RETRYING = "retrying"
    #: it waits for our account; that uses up no attempt
    PARKED = "parked"
    #: its mail was taken; or is known to have left
    COMPLETED = "completed"
    #: dead, until replayed, discarded or expired
    DLQ = "dlq"
    #: ended by an operator
    DISCARDED = "discarded"


class Delivery(StrEnum):
    """How far a mail is known to have come, by the provider's events."""

    SENT = "sent"
    DELAYED = "delayed"
    REJECTED = "rejected"
    BOUNCED_SOFT = "bounced-soft"
    DELIVERED = "delivered"
    BOUNCED_HARD = "bounced-hard"
    COMPLAINED = "complained"


class ErrorClass(StrEnum):
    """What a failed attempt means for the job, whatever the provider calls it."""

    #: it may work in a moment
    TRANSIENT = "transient"
    #: this mail will never be taken
    PERMANENT = "permanent"
    #: our account can't send now; the mail is not at fault
    ACCOUNT = "account"
    #: the mail may have left
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """An approximate place, as the caller's edge saw it."""

    city: str | None = None
    region: str | None = None
    country: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """What happened: validated, and without anything that could not be understood."""

    user_id: str
    #: one address in ASCII form
    email: str
    provider: str
    signed_in_at_ms: int
    name: str | None = None
    #: canonical IPv4 or IPv6 text
    ip_address: str | None = None
    user_agent: str | None = None
    #: well-formed BCP 47 tag; whether we ship it is the mail's question
    locale: str | None = None
    #: looks like an IANA name; whether it is one is the mail's question
    time_zone: str | None = None
    location: Location | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """One attempt's end as it is stored and shown: never the provider's own text."""

    error_class: ErrorClass
    #: the provider's own name for it: `ReadTimeout`, `MessageRejected`...
    error_type: str
    #: one sentence of ours
    error: str
    #: stack frames, without the exception's message
    stack_trace: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try that ended without the mail being accepted."""

    started_at_ms: int
    ended_at_ms: int
    failure: Failure


class Action(StrEnum):
    """What an operator's command made of a dead job."""

    REPLAYED = "replayed"
    DISCARDED = "discarded"
    #: its mail was known to have left, so it was not sent again
    COMPLETED = "completed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Intervention:
    """An operator's hand in a job's life."""

    action: Action
    at_ms: int
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One sign-in on its way to its mail."""

    job_id: str
    sign_in: SignIn
    #: of the request as it was validated, before defaults; tells a repeat from a reuse of its key
    payload_hash: str
    status: Status
    created_at_ms: int
    #: None until the job ends
    processed_at_ms: int | None = None
    #: raised by a replay; a message of an older run is void
    run: int = 1
    #: attempts of this run that counted
    attempt_count: int = 0
    #: every claim of the job's whole life, counted or not
    tries: int = 0
    #: attempts of this run whose outcome nobody knows
    unknown_outcomes: int = 0
    times_parked: int = 0
    #: times that its message was sent again since it last moved
    times_resent: int = 0
    #: no attempt before this time
    not_before_ms: int = 0
    #: who holds the job, and until when
    fence: str | None = None
    lease_until_ms: int | None = None
    #: by when an open job should have moved on; None once it ended
    due_ms: int | None = None
    last_failure: Failure | None = None
    attempts: tuple[Attempt, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    #: an event has told that the provider took the mail: it is not sent again
    went_out: bool = False
    delivery: Delivery | None = None

    @property
    def run_began_at_ms(self) -> int:
        """When it was accepted, or replayed the last time."""
        replayed = [
            intervention.at_ms
            for intervention in self.interventions
            if intervention.action is Action.REPLAYED
        ]
        return max(replayed, default=self.created_at_ms)

    @property
    def reference(self) -> str:
        """The short code by which reader, support and an activity page mean this sign-in.

        The last 8 characters of `job_id`: 32 bits that are random in a UUIDv7 and hashed in a
        UUIDv5, so that two sign-ins of one user share them once in billions.
        """
        return self.job_id[-8:]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What the queue carries: no personal data."""

    job_id: str
    run: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Somebody's word that a sign-in was not theirs."""

    job_id: str
    user_id: str
    reported_at_ms: int
    #: by when the application should have been told; None once it was
    due_ms: int | None
    #: times that the sweeper told, or tried to
    times_repeated: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadLetter:
    """A dead job as a list shows it."""

    job_id: str
    error: str
    error_class: ErrorClass
    error_type: str
    attempt_count: int
    created_at_ms: int
    processed_at_ms: int
    recipient_masked: str
    #: the outcome of an attempt of this run is unknown
    may_have_left: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A mail as its reader will see it, ready for any transport."""

    recipient: str
    subject: str
    text: str
    html: str
    #: `Reply-To`, `Auto-Submitted`...: printable ASCII, nothing that a user wrote
    headers: tuple[tuple[str, str], ...] = ()


def masked_address(address: str) -> str:
    """Return `u***@example.com` for `user@example.com`: enough to recognise, too little to use."""
    if not address:
        return ""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"
