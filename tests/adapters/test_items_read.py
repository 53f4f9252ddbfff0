"""What operators ask costs the same however many jobs there are: shown by the items read."""

import pytest

from functions.adapters.dynamodb.dead_letters import (
    MAX_ROWS_EXAMINED,
    DeadLetterFilter,
    DeadLetters,
)
from functions.adapters.dynamodb.hours import HourlyCounters
from functions.adapters.dynamodb.items import SHARDS, job_item
from functions.adapters.dynamodb.states import MAX_COUNTED_PER_SHARD, JobStates
from functions.domain.model import Status
from functions.domain.statistics import HOUR_MS
from tests.builders import SIGNED_IN_AT_MS, a_failure, job_number
from tests.jobs_table import TABLE_NAME, OneCallAtATime

NOW_MS = SIGNED_IN_AT_MS + HOUR_MS
DEAD = 2_400
OTHERS = 1_000
#: what a page of 50 reads ahead on each shard, and then refills
PAGE_OF_50 = SHARDS * 8 + 50 + SHARDS


class Meter(OneCallAtATime):
    """A client that counts the items that DynamoDB has read for its calls."""

    def __init__(self, client):
        super().__init__(client)
        self.items = self.calls = 0
        client.meta.events.register("after-call.dynamodb", self._count)
        self.stop = lambda: client.meta.events.unregister("after-call.dynamodb", self._count)

    def _count(self, parsed, **_):
        self.calls += 1
        self.items += parsed.get("ScannedCount", 0)
        self.items += sum(map(len, parsed.get("Responses", {}).values()))

    def reading(self, operation, *args, **options):
        """Return the number of items that an operation reads, and its result."""
        before = self.items
        result = operation(*args, **options)
        return self.items - before, result


@pytest.fixture
def meter(table):
    """A table with many jobs: dead ones, and ones that need nobody."""
    with_meter = Meter(table)
    died_at_ms = iter(range(SIGNED_IN_AT_MS, SIGNED_IN_AT_MS + DEAD))
    rows = [
        job_number(
            n,
            status=Status.DLQ,
            processed_at_ms=next(died_at_ms),
            last_failure=a_failure(error_type="Rare" if n == 0 else "Common"),
        )
        for n in range(DEAD)
    ] + [job_number(DEAD + n, status=Status.COMPLETED) for n in range(OTHERS)]
    items = [job_item(job, expires_at_s=2**31) for job in rows]
    for start in range(0, len(items), 25):
        batch = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
        table.batch_write_item(RequestItems={TABLE_NAME: batch})
    yield with_meter
    with_meter.stop()


def test_what_is_listed_and_counted_does_not_grow_with_the_table(meter, monkeypatch):
    dead_letters = DeadLetters(meter, table_name=TABLE_NAME)

    def page(limit=50, **wanted):
        return meter.reading(
            dead_letters.page, DeadLetterFilter(**wanted), limit=limit, cursor=None, now_ms=NOW_MS
        )

    read, first = page()
    assert len(first.letters) == 50
    assert 50 <= read <= PAGE_OF_50

    # A filter that admits almost nothing ends a page early; its cursor goes on from there.
    calls = meter.calls
    read, rare = page(error_type="Rare")
    assert (rare.letters, rare.next_cursor is None) == ((), False)
    assert MAX_ROWS_EXAMINED <= read <= MAX_ROWS_EXAMINED + SHARDS * (MAX_ROWS_EXAMINED // SHARDS)
    # Calls take longer than items: there are few, however small the page.
    assert meter.calls - calls <= 2 * SHARDS

    # What a dry run counts at once.
    read, counted = page(limit=MAX_ROWS_EXAMINED)
    assert len(counted.letters) == MAX_ROWS_EXAMINED
    assert read <= MAX_ROWS_EXAMINED + SHARDS * (MAX_ROWS_EXAMINED // 8)

    monkeypatch.setattr("functions.adapters.dynamodb.states.MAX_COUNTED_PER_SHARD", 100)
    read, states = meter.reading(JobStates(meter, table_name=TABLE_NAME).count)
    assert read == SHARDS * 100
    assert states.at_least == (Status.DLQ,)

    counters = HourlyCounters(meter, table_name=TABLE_NAME, retention_days=30)
    hours = [SIGNED_IN_AT_MS - n * HOUR_MS for n in range(24)]
    counters.add({hour: {"completed": 1} for hour in hours})
    read, tallies = meter.reading(counters.read, hours)
    assert (read, len(tallies)) == (24, 24)


def test_no_count_of_a_state_reads_more_than_ten_thousand_jobs():
    assert SHARDS * MAX_COUNTED_PER_SHARD == 10_000
