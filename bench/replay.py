"""How many jobs a second of the admin function replays, with DynamoDB and SQS at 5 ms."""

import hashlib
import time
from collections.abc import Sequence
from typing import Any, Final

import boto3

from bench.figures import Figure
from bench.stand_in import Answers, stand_in
from functions.adapters.dynamodb.items import job_item
from functions.adapters.dynamodb.moves import MovableJobs
from functions.adapters.dynamodb.reader import JobsById
from functions.adapters.sqs import JobQueue
from functions.bootstrap.shared import PROMPT, RETRY
from functions.domain.intervene import Command, intervene
from functions.domain.model import Action, ErrorClass, Failure, Job, SignIn, Status

RUNS: Final = 7
JOBS: Final = 100
DELAY_S: Final = 0.005
CREATED_AT_MS: Final = 1_766_127_600_000


def _dead(job_id: str) -> dict[str, Any]:
    failure = Failure(
        error_class=ErrorClass.TRANSIENT, error_type="Outage", error="Down.", stack_trace="frame\n"
    )
    sign_in = SignIn(
        user_id="user",
        email="user@example.com",
        provider="github",
        signed_in_at_ms=CREATED_AT_MS,
    )
    job = Job(
        job_id=job_id,
        sign_in=sign_in,
        payload_hash="0" * 64,
        status=Status.DLQ,
        created_at_ms=CREATED_AT_MS,
        processed_at_ms=CREATED_AT_MS,
        last_failure=failure,
    )
    return job_item(job, expires_at_s=2**31)


def _batch_get_item(request: dict[str, Any]) -> dict[str, Any]:
    [(table, wanted)] = request["RequestItems"].items()
    items = [_dead(key["pk"]["S"]) for key in wanted["Keys"]]
    return {"Responses": {table: items}, "UnprocessedKeys": {}}


def _send_message_batch(request: dict[str, Any]) -> dict[str, Any]:
    return {
        "Successful": [
            {
                "Id": entry["Id"],
                "MessageId": entry["Id"],
                "MD5OfMessageBody": hashlib.md5(
                    entry["MessageBody"].encode(), usedforsecurity=False
                ).hexdigest(),
            }
            for entry in request["Entries"]
        ],
        "Failed": [],
    }


ANSWERS: Final[Answers] = {
    "BatchGetItem": _batch_get_item,
    "UpdateItem": lambda _: {},
    "SendMessageBatch": _send_message_batch,
}


def measure() -> Sequence[Figure]:
    """Replay a full command of dead jobs, several times."""
    with stand_in(ANSWERS, delay_s=dict.fromkeys(ANSWERS, DELAY_S)) as endpoint:
        here: dict[str, Any] = {
            "endpoint_url": endpoint,
            "region_name": "us-east-1",
            "aws_access_key_id": "bench",
            "aws_secret_access_key": "bench",
            "config": PROMPT,
        }
        table = boto3.client("dynamodb", **here)
        reader = JobsById(table, table_name="jobs")
        jobs = MovableJobs(table, table_name="jobs", retry=RETRY)
        queue = JobQueue(boto3.client("sqs", **here), queue_url=f"{endpoint}/queue")
        rates = []
        for run in range(RUNS):
            job_ids = [f"signin-019b3522-9a80-7c11-8a5e-{n:012x}" for n in range(JOBS)]
            began = time.perf_counter()
            result = intervene(
                job_ids,
                Command(action=Action.REPLAYED, by=None, reason=None),
                reader=reader,
                jobs=jobs,
                queue=queue,
                now_ms=CREATED_AT_MS + run,
            )
            assert len(result.done) == JOBS  # noqa: S101 - a run that skips measures nothing
            rates.append(JOBS / (time.perf_counter() - began))
    what = f"replay of dead jobs, DynamoDB and SQS at {DELAY_S * 1000:.0f} ms"
    return [Figure(name="replay.rate", what=what, unit="jobs/s", runs=rates)]
