"""How a failed attempt is described: never with the provider's own text."""

import traceback

from functions.domain.errors import DeliveryError
from functions.domain.model import ErrorClass, Failure


def failure_of(error: DeliveryError) -> Failure:
    """Describe a delivery error as its transport classed it."""
    return Failure(
        error_class=error.error_class,
        error_type=error.error_type,
        error=error.sentence,
        stack_trace=stack_of(error),
    )


def unforeseen_failure(error: Exception, *, error_class: ErrorClass, sentence: str) -> Failure:
    """Describe an error that no transport classed, without its message: it may name addresses."""
    return Failure(
        error_class=error_class,
        error_type=type(error).__name__,
        error=sentence,
        stack_trace=stack_of(error),
    )


def lease_expired() -> Failure:
    """Describe the end of a worker that died, or slept, with a job in its hands."""
    return Failure(
        error_class=ErrorClass.UNKNOWN,
        error_type="LeaseExpired",
        error="The worker did not report back; the mail may or may not have left.",
        stack_trace="",
    )


def stack_of(error: BaseException) -> str:
    """Return the frames of an error and of its causes, with types and without messages."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        frames = "".join(traceback.format_tb(seen.__traceback__))
        parts.append(f"{frames}{type(seen).__qualname__}")
        seen = seen.__cause__
    return "\ncaused by:\n".join(parts)
