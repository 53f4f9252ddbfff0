"""A job whose mail is known to have left is completed, and no other mail is sent."""

import pytest

from functions.domain.deliver import Completed, comes_back_after_s, deliver
from functions.domain.errors import (
    AccountDeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    UnknownDeliveryError,
)
from functions.domain.feedback import DeliveryEvent
from functions.domain.life import after_success
from functions.domain.model import Delivery, Status
from functions.domain.ports import NotClaimed
from tests.domain.deliver.delivery import HELD, JOB_ID, LEASE_MS, MESSAGE, NOW_MS, error_of


@pytest.mark.parametrize(
    "kind",
    [TransientDeliveryError, PermanentDeliveryError, AccountDeliveryError, UnknownDeliveryError],
)
def test_a_failed_attempt_completes_a_job_whose_mail_is_told_meanwhile_to_have_left(world, kind):
    world.add(attempt_count=4, unknown_outcomes=1)

    class Told:
        def send(self, mail, *, job):
            world.jobs.record(DeliveryEvent(job_id=JOB_ID, delivery=Delivery.DELIVERED))
            raise error_of(kind)

    world.mailer = Told()
    outcome = world.deliver()

    assert isinstance(outcome, Completed)
    assert comes_back_after_s(outcome) is None
    assert (world.stored.status, world.stored.last_failure) == (Status.COMPLETED, None)
    assert world.stored.processed_at_ms == NOW_MS
    assert [a.failure.error_class for a in world.stored.attempts] == [kind.error_class]


def test_a_job_whose_worker_died_is_completed_if_its_mail_is_told_meanwhile_to_have_left(world):
    job = world.add(**HELD, lease_until_ms=NOW_MS, due_ms=NOW_MS, unknown_outcomes=1)

    class Told:
        def claim(self, message, **_):
            world.jobs.record(DeliveryEvent(job_id=JOB_ID, delivery=Delivery.SENT))
            return NotClaimed(job)

        move = world.jobs.move

    outcome = deliver(
        MESSAGE,
        jobs=Told(),
        renderer=world,
        mailer=world.mailer,
        clock=world.clock,
        fence="ours",
        lease_ms=LEASE_MS,
    )
    assert isinstance(outcome, Completed)
    assert (world.stored.status, world.mails) == (Status.COMPLETED, [])


@pytest.mark.parametrize("status", [Status.ENQUEUED, Status.RETRYING])
def test_a_waiting_job_whose_mail_went_out_is_completed_without_sending(world, status):
    world.add(status=status)
    world.jobs.record(DeliveryEvent(job_id=JOB_ID, delivery=Delivery.SENT))
    before = world.stored

    assert world.deliver() == Completed(job=after_success(before, now_ms=NOW_MS))
    assert world.stored.status is Status.COMPLETED
    assert world.mails == []
