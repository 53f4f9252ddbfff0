"""The queue's door: what a job costs beside its three calls, and how long a batch takes."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, Final

import boto3
from botocore.config import Config

from bench.doors.events import CONTEXT, batch
from bench.doors.side_by_side import side_by_side
from bench.process import Tell
from bench.stand_in import seen
from functions.bootstrap.shared import PROMPT
from functions.bootstrap.worker import ONCE
from functions.domain.accept import sortable_job_id
from functions.worker import BATCH_SIZE, handler

_WARM_UP: Final = 20
_ENDPOINT: Final = os.environ["AWS_ENDPOINT_URL"]
_numbers = count()


def main(tell: Tell, what: str, runs: str, batches: str) -> None:
    """Tell of each run what `what` names: `cpu` or `wall`."""
    measure = {"cpu": _cpu, "wall": _wall}[what]
    for _ in range(_WARM_UP):
        mail(_next_batch())
    for run in measure(int(runs), int(batches)):
        tell(run)


def mail(job_ids: Sequence[str]) -> None:
    """Hand a batch of messages to the door; all of their mails leave."""
    _take(batch(job_ids))


def _take(event: dict[str, Any]) -> None:
    answer = handler(event, CONTEXT)
    if answer["batchItemFailures"]:
        raise RuntimeError(f"not done: {len(answer['batchItemFailures'])} messages")


def _next_batch(size: int = BATCH_SIZE) -> list[str]:
    now_ms = time.time_ns() // 1_000_000
    return [sortable_job_id(now_ms, next(_numbers)) for _ in range(size)]


def _cpu(runs: int, batches: int) -> Iterator[dict[str, float]]:
    mail(_next_batch(1))
    (_, claim), (_, email), (_, completion), _ = seen(_ENDPOINT).newest[-4:]

    def ready_made(of_table: Config, of_ses: Config) -> Callable[[], None]:
        table: Any = boto3.client("dynamodb", config=of_table)
        ses: Any = boto3.client("sesv2", config=of_ses)

        def calls() -> None:
            for _ in range(BATCH_SIZE):
                table.update_item(**claim)
                ses.send_email(**email)
                table.update_item(**completion)

        return calls

    for run in side_by_side(
        runs,
        batches,
        events=lambda: batch(_next_batch()),
        door=_take,
        floor=ready_made(Config(), Config()),
        tuned_floor=ready_made(PROMPT, ONCE),
    ):
        yield {name: value / BATCH_SIZE for name, value in run.items()}


def _wall(runs: int, batches: int) -> Iterator[list[float]]:
    for _ in range(runs):
        took_ms = []
        for event in [batch(_next_batch()) for _ in range(batches)]:
            began_s = time.perf_counter()
            _take(event)
            took_ms.append((time.perf_counter() - began_s) * 1000)
        yield took_ms
