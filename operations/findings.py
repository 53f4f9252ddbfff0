"""What a look at a stage has found, and what is to be done about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

#: what AWS says to whoever may not ask
_DENIED: Final = ("AccessDenied", "AccessDeniedException", "AuthorizationError")


class Verdict(StrEnum):
    """How a thing stands."""

    WELL = "well"
    WRONG = "WRONG"
    #: nobody answered that can know
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """One thing, how it stands, and what to do."""

    verdict: Verdict
    subject: str
    sentence: str

    def __str__(self) -> str:
        """Return its line; what does not fit into one is indented."""
        first, *more = self.sentence.splitlines()
        return "\n".join(
            [f"{self.verdict:<8} {self.subject:<10} {first}", *(f"{'':20}{line}" for line in more)]
        )


def well(subject: str, sentence: str) -> Finding:
    """Say that nothing is to be done."""
    return Finding(Verdict.WELL, subject, sentence)


def wrong(subject: str, sentence: str) -> Finding:
    """Say what is wrong and what to do."""
    return Finding(Verdict.WRONG, subject, sentence)


def unknown(subject: str, sentence: str) -> Finding:
    """Say why it can't be told, and how to see for oneself."""
    return Finding(Verdict.UNKNOWN, subject, sentence)


def answered(subject: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Give what a look finds; where AWS does not answer, say so instead."""
    try:
        yield from look()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        reason = (
            f"your credentials may not ask ({error.operation_name}): use some that may"
            if code in _DENIED
            else f"{error.operation_name} was answered with {code}: see for yourself in AWS"
        )
        yield unknown(subject, f"not to be told, {reason}.")
    except BotoCoreError as error:
        yield unknown(subject, f"not to be told, AWS was not reached: {error}. Try again.")
