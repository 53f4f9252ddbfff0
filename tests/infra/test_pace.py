"""How many functions share the send rate, and how they keep to it together."""

import pytest

from infra.pace import WORKER_BATCH_MS
from infra.stack import WORKER_TIMEOUT
from tests.infra.templates import a_config


@pytest.mark.parametrize(
    ("mails_per_second", "concurrency", "interval_ms", "batch_size"),
    [(1, 2, 2_000, 6), (14, 4, 286, 10), (100, 25, 250, 10), (10_000, 1_000, 100, 10)],
)
def test_workers_share_the_send_rate_and_take_what_they_can_send_in_time(
    mails_per_second, concurrency, interval_ms, batch_size
):
    config = _at(mails_per_second)
    assert (config.worker_max_concurrency, config.send_interval_ms, config.worker_batch_size) == (
        concurrency,
        interval_ms,
        batch_size,
    )


def test_at_every_rate_the_workers_together_keep_to_it_and_reach_it():
    for rate in range(1, 10_001):
        config = _at(rate)
        workers, interval_ms = config.worker_max_concurrency, config.send_interval_ms
        assert 2 <= workers <= 1_000
        assert 0.99 * rate <= 1_000 * workers / interval_ms <= rate
        assert workers * config.worker_batch_size * 1_000 / WORKER_BATCH_MS >= rate
        if rate <= 1_000_000 / WORKER_BATCH_MS:
            # the end of a batch hides in the interval: no send is late for it
            assert interval_ms >= WORKER_BATCH_MS
        else:
            assert workers == 1_000


def test_at_every_rate_a_message_has_its_turn_long_before_the_worker_runs_out_of_time():
    for rate in range(1, 10_001):
        config = _at(rate)
        last_turn_ms = (config.worker_batch_size - 1) * config.send_interval_ms
        assert last_turn_ms <= 12_000
        assert last_turn_ms + WORKER_BATCH_MS < WORKER_TIMEOUT.to_milliseconds() / 2


@pytest.mark.parametrize(("mails_per_second", "concurrency"), [(14, 2), (100, 6), (10_000, 600)])
def test_feedback_functions_keep_up_with_the_events_of_the_mails(mails_per_second, concurrency):
    assert _at(mails_per_second).feedback_max_concurrency == concurrency


def test_on_the_laptop_nothing_is_paced():
    assert (a_config("local").send_interval_ms, a_config("local").worker_batch_size) == (0, 10)


def _at(mails_per_second):
    return a_config("prod").model_copy(update={"mails_per_second": mails_per_second})
