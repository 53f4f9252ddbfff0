"""How a job stands in the table and in its sparse index."""

import pytest

from functions.adapters.dynamodb.acceptance import JobAcceptance
from functions.adapters.dynamodb.items import INDEX, SHARDS, job_item, plain, shard
from functions.adapters.dynamodb.moves import MovableJobs
from functions.domain.accept import LIMIT, WINDOW_MS
from functions.domain.life import after_failure, after_success
from functions.domain.model import ErrorClass, Message, Status
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job, job_number
from tests.jobs_table import AT_ONCE, TABLE_NAME

NOW_MS = SIGNED_IN_AT_MS
RETENTION_DAYS = 30


def rows(table, **of):
    return [plain(item) for item in table.scan(TableName=TABLE_NAME, **of)["Items"]]


def indexed(table):
    return {
        row["pk"]: (row["stateShard"], row["stateOrder"]) for row in rows(table, IndexName=INDEX)
    }


@pytest.fixture
def add(table):
    jobs = JobAcceptance(
        table,
        table_name=TABLE_NAME,
        retention_days=RETENTION_DAYS,
        retry=AT_ONCE,
        new_token=lambda: "token",
    )
    return lambda job: jobs.add(job, window_start_ms=job.created_at_ms - WINDOW_MS)


@pytest.fixture
def held(table, add):
    """A claimed job, and what settles it."""
    add(a_job())
    moves = MovableJobs(table, table_name=TABLE_NAME, retry=AT_ONCE)
    job = moves.claim(
        Message(job_id=a_job().job_id, run=1),
        fence="ours",
        now_ms=NOW_MS,
        lease_until_ms=NOW_MS + 35_000,
    ).job
    return job, lambda after: moves.move(job, after)


def failed(job, error_class):
    failure = a_failure(error_class=error_class)
    return after_failure(job, failure, started_at_ms=NOW_MS, now_ms=NOW_MS)


def test_an_accepted_job_is_indexed_by_its_due_time(table, add):
    job = a_job()
    add(job)
    assert indexed(table) == {
        job.job_id: (shard(Status.ENQUEUED, job.job_id), f"{job.due_ms:013d}")
    }


def test_a_claimed_job_is_indexed_by_the_end_of_its_lease(table, held):
    job, _ = held
    assert indexed(table) == {
        job.job_id: (shard(Status.PROCESSING, job.job_id), f"{NOW_MS + 35_000:013d}")
    }


@pytest.mark.parametrize(
    ("error_class", "status"),
    [(ErrorClass.TRANSIENT, Status.RETRYING), (ErrorClass.ACCOUNT, Status.PARKED)],
)
def test_a_job_that_waits_again_is_indexed_by_its_due_time(table, held, error_class, status):
    job, settle = held
    after = failed(job, error_class)
    settle(after)
    assert indexed(table) == {job.job_id: (shard(status, job.job_id), f"{after.due_ms:013d}")}


def test_a_dead_job_is_indexed_by_the_time_of_its_death(table, held):
    job, settle = held
    settle(failed(job, ErrorClass.PERMANENT))
    position = f"{NOW_MS:013d}#{job.job_id}"
    assert indexed(table) == {job.job_id: (shard(Status.DLQ, job.job_id), position)}


def test_a_completed_job_leaves_the_index(table, held):
    job, settle = held
    settle(after_success(job, now_ms=NOW_MS))
    assert indexed(table) == {}


def test_a_settled_job_keeps_no_fence_and_no_lease(table, held):
    job, settle = held
    settle(after_success(job, now_ms=NOW_MS))
    (row,) = (row for row in rows(table) if row["pk"] == job.job_id)
    assert row.keys().isdisjoint({"fence", "leaseUntilMs", "error", "stateShard", "stateOrder"})


def test_a_job_and_its_window_expire_when_the_retention_is_over_the_window_after_its_last(
    table, add
):
    for n in range(2):
        add(job_number(n, created_at_ms=NOW_MS + n * 1_000))
    expiry_s = NOW_MS // 1000 + RETENTION_DAYS * 86_400
    assert {row["pk"]: row["expiresAt"] for row in rows(table)} == {
        job_number(0).job_id: expiry_s,
        job_number(1).job_id: expiry_s + 1,
        f"user#{a_job().sign_in.user_id}": expiry_s + 1,
    }


def test_a_window_keeps_the_ids_beside_the_times_newest_last(table, add):
    jobs = [job_number(n, created_at_ms=NOW_MS + n) for n in range(LIMIT - 1)]
    for job in jobs:
        add(job)
    (window,) = (row for row in rows(table) if row["pk"].startswith("user#"))
    places = [(window[f"t{i}"], window[f"j{i}"]) for i in range(LIMIT)]
    assert places == [(0, ""), *((job.created_at_ms, job.job_id) for job in jobs)]


def test_jobs_spread_over_all_shards():
    shards = {shard(Status.DLQ, job_number(n).job_id) for n in range(200)}
    assert shards == {f"dlq#{n:02d}" for n in range(SHARDS)}


def test_the_index_shows_no_address(table, held):
    job, settle = held
    settle(failed(job, ErrorClass.PERMANENT))
    (row,) = rows(table, IndexName=INDEX)
    assert row["recipientMasked"] == "u***@example.com"
    assert job.sign_in.email not in str(row)


def test_an_item_has_no_attribute_without_a_value():
    item = job_item(a_job(), expires_at_s=1)
    assert {"NULL": True} not in item.values()
    assert "NULL" not in str(item["signIn"])
