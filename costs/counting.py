"""`python -m costs.counting`: run the doors over an account in memory, and say what they asked."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from typing import Any, Final

from costs.account import account
from costs.capacity import size
from costs.deployed import Deployed, deployed
from costs.events import ACCESS_LOG_LINE, PLATFORM_LINES, Context, event_of_ses, post, records
from costs.facts import ALONE, FULL, TOLD
from costs.ledger import Counting, Ledger

_NOW_MS: Final = 1_766_127_600_000
_HOUR_MS: Final = 3_600_000
#: as long as it usually takes from the acceptance to the mail
_TO_SENT_MS: Final = 250

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


@dataclass
class _Clock:
    """Stands still unless it is set, so that what depends on time is the same each time."""

    ms: int = _NOW_MS

    def __call__(self) -> int:
        return self.ms


class _Service:
    """The four doors that a notice passes through, and what they write on their output."""

    def __init__(self, counting: Counting, output: StringIO) -> None:
        # they read the environment, and make their clients, when they are imported
        from functions import api, duties, feedback, sweeper, worker  # noqa: PLC0415
        from functions.adapters.pace import Pace  # noqa: PLC0415
        from functions.bootstrap.api import api_parts  # noqa: PLC0415
        from functions.bootstrap.feedback import feedback_parts  # noqa: PLC0415
        from functions.bootstrap.sweeper import sweeper_parts  # noqa: PLC0415
        from functions.bootstrap.worker import worker_parts  # noqa: PLC0415
        from functions.settings import Settings  # noqa: PLC0415

        self._counting = counting
        self._output = output
        self.clock = _Clock()
        self.repairs_a_sweep = duties.DUE_BUDGET
        self.settings = Settings.from_environment(os.environ)
        at_once = Pace(interval_s=0, clock_s=lambda: 0, sleep=lambda _: None)
        clock = self.clock
        self.accept: Handler = api.build(replace(api_parts(self.settings), clock=clock))
        self.deliver: Handler = worker.build(
            replace(worker_parts(self.settings), clock=clock, pace=at_once)
        )
        self.tell: Handler = feedback.build(feedback_parts(self.settings))
        self.sweep: Handler = sweeper.build(replace(sweeper_parts(self.settings), clock=clock))

    def job_id(self, user: int) -> str:
        """Have a sign-in accepted."""
        answer = self.accept(post(user, at_ms=self.clock.ms), Context())
        assert answer["statusCode"] == 202, answer  # noqa: PLR2004, S101 - else nothing is counted
        self.answer_bytes = len(json.dumps(answer["headers"])) + len(answer["body"])
        job_id: str = json.loads(answer["body"])["jobId"]
        return job_id

    def counted(self, act: Callable[[], object]) -> dict[str, Any]:
        """Return what one call of a door asks, and writes on its output."""
        ledger: Ledger = self._counting.open()
        before = self._output.tell()
        act()
        self._counting.open()  # what follows is not this call's
        written = self._output.getvalue()[before:] + PLATFORM_LINES
        return {**vars(ledger), "log_bytes": len(written.encode())}

    def take(self) -> list[dict[str, Any]]:
        """Take what waits on the queue, as an event source hands it over."""
        sqs = self._counting.client("sqs")
        url = self.settings.queue_url
        return records(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=FULL)["Messages"])

    def row(self, key: str) -> dict[str, Any]:
        """Return a row."""
        table = self._counting.client("dynamodb")
        name = self.settings.table_name
        row: dict[str, Any] = table.get_item(TableName=name, Key={"pk": {"S": key}})["Item"]
        return row


def count(stage: Deployed) -> dict[str, Any]:
    """Count what each step of a notice's way asks, alone and in a full batch."""
    output = StringIO()
    with account(stage) as counting, redirect_stdout(output):
        service = _Service(counting, output)
        waking = dict(_waking(service))
        # a user whose window is full of hours long past: the largest that it gets
        for _ in range(FULL):
            service.clock.ms += _HOUR_MS
            service.job_id(0)
            service.deliver({"Records": service.take()}, Context())
        service.clock.ms += _HOUR_MS
        accept = service.counted(lambda: service.job_id(0))
        accept["log_bytes"] += len(ACCESS_LOG_LINE.encode())
        accept["answer_bytes"] = service.answer_bytes
        steps = {"accept": accept, **dict(_deliveries(service))}
        steps["sweep"] = service.counted(lambda: service.sweep({}, Context()))
        return {
            "steps": steps,
            "waking": waking,
            "rows": _rows(service),
            "repairs_a_sweep": service.repairs_a_sweep,
            "metrics": sorted(_metrics(output.getvalue())),
        }


def _waking(service: _Service) -> Iterator[tuple[str, Any]]:
    """Count what a function's first call asks beside its work: the keys, good for 5 minutes."""
    first = service.counted(lambda: service.job_id(0))
    yield "api", first["calls"]["secretsmanager.GetSecretValue"]
    batch = {"Records": service.take()}
    first = service.counted(lambda: service.deliver(batch, Context()))
    yield "worker", first["calls"]["secretsmanager.GetSecretValue"]


def _deliveries(service: _Service) -> Iterator[tuple[str, Any]]:
    yield from _delivery(service, ALONE)  # the counted acceptance's message
    for user in range(1, FULL + 1):
        service.job_id(user)
    yield from _delivery(service, FULL)


def _delivery(service: _Service, messages: int) -> Iterator[tuple[str, Any]]:
    service.clock.ms += _TO_SENT_MS
    batch = service.take()
    assert len(batch) == messages, len(batch)  # noqa: S101 - else another batch is counted
    deliver = partial(service.deliver, {"Records": batch}, Context())
    yield f"deliver {messages}", service.counted(deliver)
    job_ids = [json.loads(one["body"])["jobId"] for one in batch]
    for event in TOLD:
        told = records([event_of_ses(event, job_id) for job_id in job_ids])
        tell = partial(service.tell, {"Records": told}, Context())
        yield f"tell {event} {messages}", service.counted(tell)


def _rows(service: _Service) -> dict[str, int]:
    window = service.row("user#user-00000000-0000-4000-8000-000000000000")
    job = service.row(window["j9"]["S"])
    return {"job": size(job), "window": size(window)}


def _metrics(output: str) -> set[str]:
    """Return the names of the metrics that were written in EMF."""
    lines = [json.loads(line) for line in output.splitlines() if '"_aws"' in line]
    return {
        metric["Name"]
        for line in lines
        for directive in line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
    }


def counted() -> str:
    """Return what is counted, and what is deployed, as `counted.json` keeps it."""
    stage = deployed()
    facts = {"deployed": stage.facts(), **count(stage)}
    return json.dumps(facts, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(counted())
