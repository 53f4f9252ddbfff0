"""How many jobs are in each state."""

import pytest

from functions.adapters.dynamodb.items import job_item
from functions.adapters.dynamodb.states import JobStates
from functions.domain.model import Status
from tests.builders import SIGNED_IN_AT_MS, a_failure, job_number
from tests.jobs_table import TABLE_NAME, OneCallAtATime


@pytest.fixture
def client(table):
    return OneCallAtATime(table)


@pytest.fixture
def states(client):
    return JobStates(client, table_name=TABLE_NAME)


@pytest.fixture
def put(client):
    def put(n, status):
        ended = {"processed_at_ms": SIGNED_IN_AT_MS, "last_failure": a_failure()}
        job = job_number(n, status=status, **(ended if status is Status.DLQ else {}))
        client.put_item(TableName=TABLE_NAME, Item=job_item(job, expires_at_s=2**31))

    return put


def test_every_state_that_needs_somebody_is_counted(states, put):
    for n, status in enumerate(Status):
        for copy in range(n + 1):
            put(10 * n + copy, status)

    counted = states.count()

    ended_well = {Status.COMPLETED, Status.DISCARDED}
    assert counted.counts == {
        status: n + 1 for n, status in enumerate(Status) if status not in ended_well
    }
    assert counted.at_least == ()


def test_a_state_with_more_jobs_than_are_counted_says_so(states, put, monkeypatch):
    monkeypatch.setattr("functions.adapters.dynamodb.states.MAX_COUNTED_PER_SHARD", 2)
    for n in range(60):
        put(n, Status.DLQ)
    put(99, Status.PARKED)

    counted = states.count()

    assert counted.at_least == (Status.DLQ,)
    assert counted.counts[Status.DLQ] <= 32
    assert counted.counts[Status.PARKED] == 1
