"""The API's door: what a request costs beside its two calls, and how long it takes."""

import os
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Final

import boto3

from bench.doors.events import CONTEXT, posted
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
    answer = handler(posted(next(_numbers)), CONTEXT)
    if answer["statusCode"] != 202:  # noqa: PLR2004
        raise RuntimeError(f"not accepted: {answer['statusCode']}")
    location: str = answer["headers"]["Location"]
    return location


def _cpu(runs: int, requests: int) -> Iterator[dict[str, float]]:
    floor = _ready_made()
    for _ in range(_WARM_UP):
        floor()
    for _ in range(runs):
        events = [posted(next(_numbers)) for _ in range(requests)]
        calls_before = seen(_ENDPOINT).calls
        ours_s = floors_s = 0.0
        for event in events:
            began_s = time.process_time()
            handler(event, CONTEXT)
            ended_s = time.process_time()
            floor()
            ours_s += ended_s - began_s
            floors_s += time.process_time() - ended_s
        calls = (seen(_ENDPOINT).calls - calls_before).total()
        yield {
            "cpu_ms": ours_s / requests * 1000,
            "floor_ms": floors_s / requests * 1000,
            "calls": calls / requests - 2,  # the floor's
        }


def _ready_made() -> Callable[[], None]:
    """Return the calls of one request, with the arguments that the door just gave them."""
    post()
    (_, transaction), (_, message) = seen(_ENDPOINT).newest[-2:]
    table: Any = boto3.client("dynamodb", config=PROMPT)
    queue: Any = boto3.client("sqs", config=PROMPT)

    def calls() -> None:
        table.transact_write_items(**transaction)
        queue.send_message(**message)

    return calls


def _wall(runs: int, requests: int) -> Iterator[list[float]]:
    for _ in range(runs):
        took_ms = []
        for event in [posted(next(_numbers)) for _ in range(requests)]:
            began_s = time.perf_counter()
            handler(event, CONTEXT)
            took_ms.append((time.perf_counter() - began_s) * 1000)
        yield took_ms
