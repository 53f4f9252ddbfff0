"""How many functions it takes to mail at SES's rate, and how they keep to it together."""

from typing import Final

#: A batch of ten: claims, sends, completions, counters and the next batch's arrival. It is measured
#: (bench/results.json, `worker.batch_ms`, on one whole core); a function of 1 GB has 0.58 of
#: one, and SES is farther away than the bench's stand-in.
WORKER_BATCH_MS: Final = 250
#: one write, one event after the other
FEEDBACK_EVENT_MS: Final = 20
#: sent, delivered, and now and then delayed or complained of
EVENTS_PER_MAIL: Final = 3
#: of an event source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
FEWEST, MOST = 2, 1_000
#: what SQS hands over at once
_BATCH: Final = 10
#: by when a batch's last message has its turn, so that the worker's timeout leaves it an attempt
_LAST_TURN_MS: Final = 12_000


def workers(mails_per_second: int) -> int:
    """Return how many worker functions it takes to send at the rate.

    So many that the interval between two sends of one worker covers the end of its batch and the
    beginning of the next: with fewer, each batch would lose the difference.
    """
    return _functions(busy_ms=mails_per_second * WORKER_BATCH_MS)


def feedback_functions(mails_per_second: int) -> int:
    """Return how many functions keep up with the events of mails at the rate."""
    return _functions(busy_ms=mails_per_second * EVENTS_PER_MAIL * FEEDBACK_EVENT_MS)


def interval_ms(mails_per_second: int) -> int:
    """Return what one worker leaves between two sends, so that all keep to the rate."""
    return -(-1_000 * workers(mails_per_second) // mails_per_second)


def batch_size(interval: int) -> int:
    """Return how many messages a worker may take at once for all to have their turn in time."""
    return max(1, min(_BATCH, _LAST_TURN_MS // max(1, interval)))


def _functions(*, busy_ms: int) -> int:
    """Return how many are busy for so many milliseconds of each second, as AWS bounds it."""
    return max(FEWEST, min(MOST, -(-busy_ms // 1_000)))
