"""Which move of a job counts as what, and in which hour."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.errors import Superseded
from functions.domain.life import after_failure, after_success
from functions.domain.model import Action, Attempt, ErrorClass, Intervention, Status
from functions.domain.statistics import (
    BUCKET_ENDS_MS,
    HOUR_MS,
    CountedMoves,
    Tally,
    hour_of,
    refusal,
    total,
)
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job

HOUR = SIGNED_IN_AT_MS
LATER_MS = SIGNED_IN_AT_MS + HOUR_MS + 1_234


class Writes:
    """Moves that are written, unless somebody was faster."""

    superseded = False

    def move(self, before, after):
        if self.superseded:
            raise Superseded


@pytest.fixture
def moves():
    return CountedMoves(Writes())


def held(**changes):
    return a_job(**{"status": Status.PROCESSING, "tries": 1, "attempt_count": 1, **changes})


def later(**changes):
    """A job in a worker's hands that has failed before."""
    before = Attempt(started_at_ms=HOUR, ended_at_ms=HOUR, failure=a_failure())
    return held(attempts=(before,), **changes)


def failed(job, error_class=ErrorClass.TRANSIENT, now_ms=LATER_MS, **failure):
    return after_failure(
        job, a_failure(error_class=error_class, **failure), started_at_ms=HOUR, now_ms=now_ms
    )


def test_a_completed_job_counts_in_the_hour_of_its_end_with_the_time_it_took(moves):
    job = later()
    moves.move(job, after_success(job, now_ms=LATER_MS))

    [(hour, counts)] = moves.take().items()
    tally = Tally(counts)
    assert hour == HOUR + HOUR_MS
    assert (tally.completed, tally.dead, tally.retried, tally.accepted) == (1, 0, 0, 0)
    assert tally.mean_ms == HOUR_MS + 1_234
    assert tally.success_rate == 1.0


def test_a_job_counts_as_accepted_once_in_its_own_hour_when_its_first_attempt_ends(moves):
    first = held()
    waiting = failed(first)
    moves.move(first, waiting)
    second = replace(waiting, status=Status.PROCESSING, tries=2, attempt_count=2)
    moves.move(second, after_success(second, now_ms=LATER_MS))

    counts = moves.take()
    assert Tally(counts[HOUR]) == Tally({"accepted": 1})
    assert (Tally(counts[HOUR + HOUR_MS]).completed, Tally(counts[HOUR + HOUR_MS]).retried) == (
        1,
        1,
    )


def test_a_claim_that_was_given_back_is_no_attempt(moves):
    job = held(tries=2)
    moves.move(job, after_success(job, now_ms=LATER_MS))
    assert total(Tally(counts) for counts in moves.take().values()).accepted == 1


def test_a_waiting_job_that_turns_out_to_have_been_mailed_is_not_accepted_again(moves):
    first = held()
    waiting = failed(first, ErrorClass.UNKNOWN)
    moves.move(first, waiting)
    moves.move(waiting, after_success(waiting, now_ms=LATER_MS))
    assert total(Tally(counts) for counts in moves.take().values()).accepted == 1


def test_a_dead_job_counts_in_the_hour_of_its_death_by_what_it_died_of(moves):
    job = later(attempt_count=5)
    moves.move(job, failed(job, ErrorClass.PERMANENT, error_type="MessageRejected"))
    [(hour, counts)] = moves.take().items()
    tally = Tally(counts)
    assert hour == HOUR + HOUR_MS
    assert tally.dead_by_error_type == {"MessageRejected": 1}
    assert (tally.dead, tally.success_rate) == (1, 0.0)


def test_a_parked_job_is_neither_retried_nor_dead(moves):
    job = later()
    moves.move(job, failed(job, ErrorClass.ACCOUNT))
    assert moves.take() == {}


def test_a_message_that_is_only_sent_again_counts_as_nothing(moves):
    waiting = failed(later())
    moves.move(waiting, replace(waiting, due_ms=LATER_MS + 1, times_resent=1))
    assert moves.take() == {}


def test_a_write_that_was_superseded_counts_as_nothing():
    writes = Writes()
    writes.superseded = True
    moves = CountedMoves(writes)
    job = held()
    with pytest.raises(Superseded):
        moves.move(job, after_success(job, now_ms=LATER_MS))
    assert moves.take() == {}


def test_what_was_taken_is_not_taken_again(moves):
    job = held()
    moves.move(job, after_success(job, now_ms=LATER_MS))
    assert moves.take()
    assert moves.take() == {}


def test_a_replayed_job_took_the_time_since_its_replay_and_is_not_accepted_again(moves):
    replayed = Intervention(action=Action.REPLAYED, at_ms=LATER_MS - 250)
    job = held(run=2, interventions=(replayed,))
    moves.move(job, after_success(job, now_ms=LATER_MS))
    tally = total(Tally(counts) for counts in moves.take().values())
    assert (tally.mean_ms, tally.accepted) == (250, 0)


def test_clocks_that_differ_make_no_time_less_than_none(moves):
    job = later()
    moves.move(job, after_success(job, now_ms=job.created_at_ms - 5))
    assert total(Tally(counts) for counts in moves.take().values()).mean_ms == 0


def test_moves_of_many_threads_are_all_counted(moves, giving_way):
    job = later()
    done = after_success(job, now_ms=LATER_MS)
    with ThreadPoolExecutor(max_workers=10) as threads:
        list(threads.map(lambda _: moves.move(job, done), range(20)))
    [tally] = map(Tally, moves.take().values())
    assert tally.completed == 20


def test_a_refused_sign_in_counts_in_its_hour():
    assert refusal(LATER_MS) == {HOUR + HOUR_MS: {"refused": 1}}
    assert hour_of(HOUR) == HOUR
    assert hour_of(HOUR - 1) == HOUR - HOUR_MS


def test_an_hour_in_which_nothing_happened_has_no_rate_and_no_times():
    tally = Tally()
    assert (tally.success_rate, tally.mean_ms, tally.p95_ms) == (None, None, None)
    assert tally.dead_by_error_type == {}


@given(st.lists(st.integers(0, 10 * BUCKET_ENDS_MS[-1]), min_size=1, max_size=200))
def test_at_least_95_of_100_mails_took_no_longer_than_p95(times):
    moves = CountedMoves(Writes())
    job = later()
    for took_ms in times:
        moves.move(job, after_success(job, now_ms=SIGNED_IN_AT_MS + took_ms))
    tally = total(Tally(counts) for counts in moves.take().values())

    within = sum(took_ms <= tally.p95_ms for took_ms in times)
    assert within >= 0.95 * len(times) or tally.p95_ms == BUCKET_ENDS_MS[-1]
    shorter = [end for end in BUCKET_ENDS_MS if end < tally.p95_ms]
    if shorter:
        assert sum(took_ms <= shorter[-1] for took_ms in times) < 0.95 * len(times)
    assert tally.completed == len(times)
    assert tally.mean_ms == sum(times) // len(times)


def test_error_types_are_listed_by_how_often_jobs_died_of_them():
    tally = Tally({"died#A": 1, "died#B": 3, "died#C": 2, "dead": 6})
    assert list(tally.dead_by_error_type.items()) == [("B", 3), ("C", 2), ("A", 1)]
