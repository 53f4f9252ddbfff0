"""`record`: what the provider's events tell, in whatever order they come."""

from collections import defaultdict
from dataclasses import replace
from itertools import permutations, product

import pytest

from functions.adapters.dynamodb.deliveries import Recorded
from functions.domain.accept import WINDOW_MS
from functions.domain.feedback import RANK, DeliveryEvent
from functions.domain.model import Delivery, Message, Status
from functions.domain.ports import NotClaimed
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job, a_sign_in, job_number

NOW_MS = SIGNED_IN_AT_MS

HISTORIES = [
    [Delivery.SENT, Delivery.DELAYED, Delivery.DELIVERED, Delivery.COMPLAINED],
    [Delivery.SENT, Delivery.DELIVERED, Delivery.BOUNCED_HARD],
    [Delivery.SENT, Delivery.DELAYED, Delivery.BOUNCED_SOFT],
    [Delivery.SENT, Delivery.BOUNCED_SOFT, Delivery.DELIVERED],
    [Delivery.SENT, Delivery.REJECTED],
]


def accepted(jobs, n=0, **changes):
    job = job_number(n, sign_in=a_sign_in(user_id=f"user-{n}"), **changes)
    jobs.add(job, window_start_ms=NOW_MS - WINDOW_MS)
    return job


def tell(jobs, job, delivery):
    return jobs.record(DeliveryEvent(job_id=job.job_id, delivery=delivery))


@pytest.mark.parametrize("delivery", list(Delivery))
def test_an_event_is_written_on_its_job_and_tells_that_a_mail_was_taken(jobs, delivery):
    job = accepted(jobs)
    assert tell(jobs, job, delivery) is Recorded.WRITTEN
    assert jobs.read(job.job_id, now_ms=NOW_MS) == replace(job, delivery=delivery, went_out=True)


@pytest.mark.parametrize("status", list(Status))
def test_an_event_changes_nothing_else_in_any_state(jobs, status):
    ended_at_ms = NOW_MS if status in {Status.COMPLETED, Status.DLQ, Status.DISCARDED} else None
    job = accepted(jobs, status=status, processed_at_ms=ended_at_ms, last_failure=a_failure())
    tell(jobs, job, Delivery.DELIVERED)
    assert jobs.read(job.job_id, now_ms=NOW_MS) == replace(
        job, delivery=Delivery.DELIVERED, went_out=True
    )


def test_an_event_of_no_job_makes_no_row(jobs):
    assert tell(jobs, a_job(), Delivery.SENT) is Recorded.NO_SUCH_JOB
    assert jobs.read(a_job().job_id, now_ms=NOW_MS) is None


def test_an_event_that_comes_twice_is_written_once(jobs):
    job = accepted(jobs)
    outcomes = [tell(jobs, job, Delivery.BOUNCED_HARD) for _ in range(2)]
    assert outcomes == [Recorded.WRITTEN, Recorded.OUTRANKED]


@pytest.mark.parametrize("history", HISTORIES, ids=" ".join)
def test_every_order_of_events_ends_in_the_same_delivery(jobs, history):
    for n, order in enumerate(permutations(history)):
        job = accepted(jobs, n)
        for delivery in (*order, *order):
            tell(jobs, job, delivery)
        assert jobs.read(job.job_id, now_ms=NOW_MS).delivery is history[-1]


def test_what_stands_in_the_end_depends_on_which_events_came_and_on_nothing_else(jobs):
    """Any one and any two events, in each order, with repeats; the histories above are longer."""
    ends = defaultdict(set)
    sequences = [events for n in (1, 2) for events in product(Delivery, repeat=n)]
    for n, events in enumerate(sequences):
        job = accepted(jobs, n)
        for delivery in events:
            tell(jobs, job, delivery)
        told = jobs.read(job.job_id, now_ms=NOW_MS)
        ends[frozenset(events)].add((told.delivery, told.went_out))
    assert ends == {events: {(max(events, key=RANK.get), True)} for events in ends}
    assert len(ends) == 7 + 21


@pytest.mark.parametrize("order", list(permutations([Delivery.SENT, Delivery.REJECTED])))
def test_a_mail_that_was_taken_and_held_back_is_not_claimed_again_and_says_so(jobs, order):
    job = accepted(jobs, status=Status.RETRYING)
    for delivery in order:
        tell(jobs, job, delivery)
    claim = jobs.claim(
        Message(job_id=job.job_id, run=1), fence="ours", now_ms=NOW_MS, lease_until_ms=NOW_MS + 1
    )
    assert claim == NotClaimed(replace(job, delivery=Delivery.REJECTED, went_out=True))
