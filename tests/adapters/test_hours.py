"""The counters of each hour."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.adapters.dynamodb.hours import HourlyCounters
from functions.domain.statistics import HOUR_MS, Tally
from tests.builders import SIGNED_IN_AT_MS
from tests.jobs_table import TABLE_NAME, OneCallAtATime

HOUR = SIGNED_IN_AT_MS


@pytest.fixture
def client(table):
    return OneCallAtATime(table)


@pytest.fixture
def counters(client):
    return HourlyCounters(client, table_name=TABLE_NAME, retention_days=30)


def test_counters_of_an_hour_add_up(counters):
    counters.add({HOUR: {"completed": 2, "died#ReadTimeout": 1}})
    counters.add({HOUR: {"completed": 1, "dead": 1}, HOUR + HOUR_MS: {"refused": 4}})

    assert counters.read([HOUR, HOUR + HOUR_MS]) == {
        HOUR: Tally({"completed": 3, "dead": 1, "died#ReadTimeout": 1}),
        HOUR + HOUR_MS: Tally({"refused": 4}),
    }


def test_an_hour_without_counters_is_empty(counters):
    assert counters.read([HOUR]) == {HOUR: Tally()}


def test_a_week_of_hours_is_read_in_as_many_calls_as_it_needs(counters):
    hours = [HOUR + n * HOUR_MS for n in range(168)]
    counters.add({hour: {"accepted": number} for number, hour in enumerate(hours, start=1)})
    assert [tally.accepted for tally in counters.read(hours).values()] == list(range(1, 169))


def test_counters_raised_at_the_same_time_are_all_counted(counters):
    with ThreadPoolExecutor(max_workers=10) as threads:
        list(threads.map(lambda _: counters.add({HOUR: {"completed": 1}}), range(50)))
    assert counters.read([HOUR])[HOUR].completed == 50


def test_counters_are_kept_as_long_as_jobs(counters, client):
    counters.add({HOUR: {"completed": 1}})
    [item] = client.scan(TableName=TABLE_NAME)["Items"]
    assert int(item["expiresAt"]["N"]) == (HOUR + HOUR_MS) // 1000 + 30 * 86_400


def test_an_error_type_may_have_any_characters(counters):
    name = 'died#<img src=x onerror="alert(1)"> :#.[0]'
    counters.add({HOUR: {name: 1}})
    assert counters.read([HOUR])[HOUR] == Tally({name: 1})
