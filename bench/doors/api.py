"""The API's door: what a request costs beside its two calls, and how long it takes."""

import os
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Final

import boto3
from botocore.config import Config

from bench.doors.events import CONTEXT, posted
from bench.doors.side_by_side import side_by_side
from bench.process import Tell
from bench.stand_in import seen
from functions.api import handler
from functions.bootstrap.shared import PROMPT

_WARM_UP: Final = 100
_ENDPOINT: Final = os.environ["AWS_ENDPOINT_URL"]
_numbers = count()


def main(tell: Tell, what: str, runs: str, requests: str) -> None:
    """Tell of each run what `what` names: `cpu` or `wall`."""
    measure = {"cpu": _cpu, "wall": _wall}[what]
    for _ in range(_WARM_UP):
        post()
    for run in measure(int(runs), int(requests)):
        tell(run)


def post() -> str:
    """Post the next sign-in, and return where its job is."""
    return _accept(posted(next(_numbers)))


def _accept(event: dict[str, Any]) -> str:
    answer = handler(event, CONTEXT)
    if answer["statusCode"] != 202:  # noqa: PLR2004
        raise RuntimeError(f"not accepted: {answer['statusCode']}")
    location: str = answer["headers"]["Location"]
    return location


def _cpu(runs: int, requests: int) -> Iterator[dict[str, float]]:
    post()
    (_, transaction), (_, message) = seen(_ENDPOINT).newest[-2:]

    def ready_made(config: Config) -> Callable[[], None]:
        table: Any = boto3.client("dynamodb", config=config)
        queue: Any = boto3.client("sqs", config=config)

        def calls() -> None:
            table.transact_write_items(**transaction)
            queue.send_message(**message)

        return calls

    yield from side_by_side(
        runs,
        requests,
        events=lambda: posted(next(_numbers)),
        door=_accept,
        floor=ready_made(Config()),
        tuned_floor=ready_made(PROMPT),
    )


def _wall(runs: int, requests: int) -> Iterator[list[float]]:
    for _ in range(runs):
        took_ms = []
        for event in [posted(next(_numbers)) for _ in range(requests)]:
            began_s = time.perf_counter()
            _accept(event)
            took_ms.append((time.perf_counter() - began_s) * 1000)
        yield took_ms
