"""Writing one item while somebody else's transaction has it; no emulator has such conflicts."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from functions.adapters.dynamodb.conflicts import ConflictRetry
from functions.adapters.dynamodb.deliveries import Deliveries, Recorded
from functions.adapters.dynamodb.items import job_item
from functions.adapters.dynamodb.moves import MovableJobs
from functions.adapters.dynamodb.reader import JobsById
from functions.adapters.dynamodb.repairs import Repairs
from functions.domain.errors import Unavailable
from functions.domain.feedback import DeliveryEvent
from functions.domain.life import after_success
from functions.domain.model import Delivery, Message, Status
from functions.domain.ports import Claimed
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job, job_number
from tests.jobs_table import TABLE_NAME

NOW_MS = SIGNED_IN_AT_MS
JOB = a_job()
ORPHAN = job_number(
    7, status=Status.DLQ, processed_at_ms=NOW_MS, last_failure=a_failure(), created_at_ms=NOW_MS
)
HELD = job_number(8, status=Status.PROCESSING, fence="ours", attempt_count=1)


class Contention:
    """Answers so many writes of one item as DynamoDB does while a transaction has it."""

    def __init__(self):
        self.times = 0
        self.code = "TransactionConflictException"
        self.requests = []

    def __call__(self, params, **_):
        self.requests.append(json.loads(params["body"]))
        if not self.times:
            return None
        self.times -= 1
        refusal = {
            "Error": {"Code": self.code, "Message": ""},
            "ResponseMetadata": {"HTTPStatusCode": 400},
        }
        return SimpleNamespace(status_code=400), refusal


@pytest.fixture
def contention(table):
    for job in (JOB, HELD):
        table.put_item(TableName=TABLE_NAME, Item=job_item(job, expires_at_s=2**31))
    hook = Contention()
    names = [f"before-call.dynamodb.{name}" for name in ("UpdateItem", "PutItem")]
    for name in names:
        table.meta.events.register(name, hook)
    yield hook
    for name in names:
        table.meta.events.unregister(name, hook)


@pytest.fixture
def waits():
    return []


@pytest.fixture
def writes(table, waits):
    """Every way in which a job's item is written, each with what it answers when it succeeds."""
    retry = ConflictRetry(sleep=waits.append, jitter=lambda: 0.5)
    common = {"table_name": TABLE_NAME, "retry": retry}
    jobs = MovableJobs(table, **common)
    deliveries = Deliveries(table, **common)
    repairs = Repairs(table, retention_days=30, **common)
    claimed = replace(
        JOB,
        status=Status.PROCESSING,
        fence="ours",
        lease_until_ms=NOW_MS + 1,
        due_ms=NOW_MS + 1,
        attempt_count=1,
        tries=1,
    )

    def claim():
        message = Message(job_id=JOB.job_id, run=1)
        return jobs.claim(message, fence="ours", now_ms=NOW_MS, lease_until_ms=NOW_MS + 1)

    def release():
        return jobs.release(Message(job_id=HELD.job_id, run=1), fence="ours", due_ms=NOW_MS)

    def record():
        return deliveries.record(DeliveryEvent(job_id=JOB.job_id, delivery=Delivery.SENT))

    return {
        "claim": (claim, Claimed(claimed)),
        "release": (release, None),
        "move": (lambda: jobs.move(JOB, after_success(JOB, now_ms=NOW_MS)), None),
        "record": (record, Recorded.WRITTEN),
        "add orphan": (lambda: repairs.add_orphan(ORPHAN), None),
    }


each_write = pytest.mark.parametrize("name", ["claim", "release", "move", "record", "add orphan"])


def stored(table):
    reader = JobsById(table, table_name=TABLE_NAME)
    return [reader.read(job.job_id, now_ms=NOW_MS) for job in (JOB, HELD, ORPHAN)]


@each_write
def test_a_conflict_is_waited_out_and_the_very_same_request_made_again(
    writes, contention, waits, table, name
):
    write, answer = writes[name]
    contention.times = 3

    assert write() == answer

    first, *others = contention.requests
    assert others == [first] * 3
    assert waits == [0.02, 0.04, 0.08]
    assert stored(table) != [JOB, HELD, None]


@each_write
def test_conflicts_without_end_are_tried_four_times_and_then_unavailable(
    writes, contention, table, name
):
    write, _ = writes[name]
    contention.times = 100

    with pytest.raises(Unavailable) as caught:
        write()

    assert caught.value.__cause__.response["Error"]["Code"] == "TransactionConflictException"
    assert len(contention.requests) == 4
    assert stored(table) == [JOB, HELD, None]


@each_write
@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "Unheard"])
def test_any_other_refusal_passes_through_at_once(writes, contention, waits, name, code):
    write, _ = writes[name]
    contention.times, contention.code = 1, code

    with pytest.raises(ClientError):
        write()

    assert (len(contention.requests), waits) == (1, [])
