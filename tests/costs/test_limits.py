"""Where the service ends as load grows."""

import pytest

from costs.facts import Facts
from costs.limits import limits
from infra import pace


@pytest.fixture
def every(facts):
    return limits(facts)


@pytest.mark.parametrize(
    ("what", "binds_above"),
    [
        ("SES's sandbox", 1),
        ("SES's send rate", 14),
        ("the route's own throttle", 200),
        # one write for each batch of one
        ("the hour's row of counters", 1_000),
        # 14 write units for each sign-in
        ("a new table's first writes", 4_000 // 14),
        ("the table's writes", 40_000 // 14),
        ("the worker's event source", 1_000 * 1_000 // pace.WORKER_BATCH_MS),
        # the acceptance's put, double, and the claim's delete
        ("the sparse index, `enqueued", 16_000 // 3),
        ("the sparse index, `processing", 16_000 // 2),
        ("API Gateway's throttle", 10_000),
    ],
)
def test_a_limit_binds_where_its_uses_reach_it(every, what, binds_above):
    [limit] = [limit for limit in every if limit.what.startswith(what)]
    assert limit.binds_above == binds_above
    assert limit.used(binds_above) <= limit.value < limit.used(binds_above + 1)


def test_limits_come_in_the_order_in_which_load_reaches_them(every):
    reached = [limit.binds_above for limit in every]
    assert reached == sorted(reached)


def test_functions_in_use_are_those_that_the_stack_allows(every):
    [limit] = [limit for limit in every if limit.what.startswith("Lambda's concurrency")]
    assert limit.used(100) == 100 * 0.020 + pace.workers(100) + pace.feedback_functions(100)


def test_the_workers_are_reckoned_with_no_less_time_than_a_batch_was_measured_to_take():
    assert Facts.read().ms("worker.batch_ms") <= pace.WORKER_BATCH_MS
