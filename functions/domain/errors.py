"""Everything that can go wrong, drawn once.

SigninNotifierError
├── Refused                     the caller's request is not accepted
│   ├── Unauthenticated             no valid key
│   ├── KeyForAnotherDoor           a valid key, but not for this door
│   ├── BodyTooLarge
│   ├── Invalid                     says every field that breaks its rule
│   ├── JobNotFound
│   ├── AlreadyAccepted             the same idempotency key and payload again
│   ├── IdempotencyKeyReused        the same idempotency key, another payload
│   └── LimitReached                says when to come back
├── LinkInvalid                 a report link that we did not make
├── AlreadyReported             there is a report of this sign-in
├── Unavailable                 a part we depend on did not answer in time
├── Superseded                  the job is not any more what was read: our write is void
│   └── WentOut                     an event has told meanwhile that its mail left
└── DeliveryError               an attempt to send did not succeed
    ├── TransientDeliveryError      it may work in a moment
    ├── PermanentDeliveryError      this mail will never be taken
    ├── AccountDeliveryError        our account can't send now; the mail is not at fault
    └── UnknownDeliveryError        the mail may or may not have left
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from functions.domain.model import ErrorClass, Status


class SigninNotifierError(Exception):
    """The root of all errors of our own."""


class Refused(SigninNotifierError):
    """The caller's request is not accepted; nothing was written."""


class Unauthenticated(Refused):
    """No valid key came with the request."""


class KeyForAnotherDoor(Refused):
    """The key is valid, but opens another door."""


class BodyTooLarge(Refused):
    """The body is longer than we read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: a JSON pointer into the body, and a sentence."""

    pointer: str
    detail: str


class Invalid(Refused):
    """The request breaks rules; `faults` lists all of them, without echoing values."""

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)


class JobNotFound(Refused):
    """There is no such job, or its row has expired."""


class AlreadyAccepted(Refused):
    """The same idempotency key and payload came before: the original stands."""

    def __init__(self, *, job_id: str, status: Status) -> None:
        super().__init__(job_id)
        self.job_id = job_id
        self.status = status


class IdempotencyKeyReused(Refused):
    """The idempotency key was used for another payload."""


class LimitReached(Refused):
    """The user has had as many mails as the window allows."""

    def __init__(self, *, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


class LinkInvalid(SigninNotifierError):
    """The report link is damaged, forged, or signed with a key that is no more."""


class AlreadyReported(SigninNotifierError):
    """Somebody has reported this sign-in before: nothing was written."""


class Unavailable(SigninNotifierError):
    """A part we depend on did not answer in time; whether it acted is unknown."""


class Superseded(SigninNotifierError):
    """The job is not any more what was read: what we wanted to write is void."""


class WentOut(Superseded):
    """An event has told meanwhile that the mail left: it must not be sent again."""


class DeliveryError(SigninNotifierError):
    """An attempt did not succeed.

    `error_type` is the provider's own name for it, `sentence` is ours: the provider's text names
    addresses and is never kept.
    """

    error_class: ClassVar[ErrorClass]

    def __init__(self, *, error_type: str, sentence: str) -> None:
        super().__init__(sentence)
        self.error_type = error_type
        self.sentence = sentence


class TransientDeliveryError(DeliveryError):
    """It may work in a moment."""

    error_class = ErrorClass.TRANSIENT


class PermanentDeliveryError(DeliveryError):
    """This mail will never be taken."""

    error_class = ErrorClass.PERMANENT


class AccountDeliveryError(DeliveryError):
    """Our account can't send now; the mail is not at fault."""

    error_class = ErrorClass.ACCOUNT


class UnknownDeliveryError(DeliveryError):
    """The mail may or may not have left."""

    error_class = ErrorClass.UNKNOWN
