"""From the request to the mail at a steady rate: on the emulated Lambda, and without it."""

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bench.deployed import deployed
from bench.figures import Figure, Target
from bench.handlers import handlers
from bench.load import Posted, load
from bench.pipeline import Pipeline
from local.sample import PRODUCER_KEY

RATE: Final = 100
SECONDS: Final = 60
#: the runs of a figure: equal parts of one minute
SLICES: Final = 5
#: a rate is held if the last mail leaves so soon after the last request: nothing has piled up
HELD_WITHIN_S: Final = 2.0
#: what is tried where the full rate is not held
RATES: Final = (100, 75, 50, 40, 30, 25, 20, 15, 10, 5, 3, 2)
_BURST: Final = 100
_DRAINED_WITHIN_S: Final = 120.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sent:
    due_ms: float
    sent_ms: float

    @property
    def took_ms(self) -> float:
        return self.sent_ms - self.due_ms


def measure() -> Sequence[Figure]:
    """Measure both ways."""
    with handlers() as without_lambda:
        figures = _figures(
            "queue_to_mail.handlers", *_held(without_lambda), where="handlers over the emulator"
        )
    with deployed() as on_emulated_lambda:
        figures += _figures("queue_to_mail.local", *_held(on_emulated_lambda), where="`make local`")
    return figures


def _held(pipeline: Pipeline) -> tuple[int, list[_Sent]]:
    """Return the highest rate at which nothing piles up within a minute, and that minute."""
    _most(pipeline)  # processes start, keys are read
    bound = _most(pipeline)
    for rate in (rate for rate in RATES if rate <= bound):
        sent = _sent(pipeline, rate=rate, seconds=SECONDS)
        behind_ms = max(one.sent_ms for one in sent) - max(one.due_ms for one in sent)
        print(f"{rate} jobs/s: the last mail left {behind_ms:.0f} ms late", file=sys.stderr)
        if behind_ms <= HELD_WITHIN_S * 1000:
            return rate, sent
    raise RuntimeError(f"not even {RATES[-1]} jobs/s are held")


def _most(pipeline: Pipeline) -> float:
    """Return how many jobs a second leave when all of them come at once."""
    sent = _sent(pipeline, rate=_BURST, seconds=1)
    return len(sent) / (max(one.sent_ms for one in sent) - sent[0].due_ms) * 1000


def _sent(pipeline: Pipeline, *, rate: int, seconds: float) -> list[_Sent]:
    """Post at a rate, wait for the mails, and see that each job has exactly one."""
    posted = load(pipeline.url, key=PRODUCER_KEY, rate=rate, seconds=seconds)
    _until_drained(pipeline)
    jobs = pipeline.aws.jobs(pipeline.table_name)
    mails = pipeline.aws.mails_by_recipient()
    _check(posted, jobs, mails)
    return [
        _Sent(due_ms=one.due_ms, sent_ms=float(jobs[one.job_id]["processedAtMs"]["N"]))
        for one in posted
    ]


def _until_drained(pipeline: Pipeline) -> None:
    queues = pipeline.aws.client("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + _DRAINED_WITHIN_S
    while time.monotonic() < deadline:
        answer = queues.get_queue_attributes(QueueUrl=pipeline.queue_url, AttributeNames=names)
        if not any(int(answer["Attributes"][name]) for name in names):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the queue was not empty after {_DRAINED_WITHIN_S:.0f} s")


def _check(posted: Sequence[Posted], jobs: dict[str, Any], mails: dict[str, int]) -> None:
    open_jobs = [one for one in posted if jobs[one.job_id]["status"]["S"] != "completed"]
    not_once = [one for one in posted if mails[one.email] != 1]
    if open_jobs or not_once:
        raise RuntimeError(f"not completed: {len(open_jobs)}; not mailed once: {len(not_once)}")


def _figures(name: str, rate: int, sent: Sequence[_Sent], *, where: str) -> list[Figure]:
    about = f"request to mail, {SECONDS} s, {where}"
    size = len(sent) // SLICES
    parts = [sent[size * number : size * (number + 1)] for number in range(SLICES)]
    spread = [statistics.quantiles([one.took_ms for one in part], n=100) for part in parts]
    rates = Figure(
        name=f"{name}.rate",
        what=f"{about}: held",
        unit="jobs/s",
        runs=_rates(sent),
        target=Target(">=", 0.99 * RATE),
    )
    percentiles = [
        Figure(
            name=f"{name}.p{percent}_ms",
            what=f"{about}, {rate} jobs/s: p{percent}",
            unit="ms",
            runs=[one[percent - 1] for one in spread],
        )
        for percent in (50, 95, 99)
    ]
    return [rates, *percentiles]


def _rates(sent: Sequence[_Sent]) -> list[float]:
    """Return how many mails a second left in each fifth of the time."""
    began_ms = min(one.due_ms for one in sent)
    width_ms = SECONDS * 1000 / SLICES
    parts = [int((one.sent_ms - began_ms) // width_ms) for one in sent]
    return [parts.count(number) / width_ms * 1000 for number in range(SLICES)]
