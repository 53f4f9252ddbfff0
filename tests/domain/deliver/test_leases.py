"""A worker that lost its lease sends and changes nothing, and a dead one is not waited for."""

import pytest

from functions.domain.deliver import Completed, Dead, NothingToDo, Retrying
from functions.domain.errors import TransientDeliveryError
from functions.domain.life import after_due
from functions.domain.model import Status
from tests.builders import a_mail
from tests.domain.deliver.delivery import HELD, LEASE_MS, NOW_MS, error_of


def test_a_worker_that_slept_past_its_lease_before_sending_sends_nothing(world):
    world.add()

    def oversleep(_):
        world.clock.advance(LEASE_MS)
        return a_mail()

    world.render = oversleep
    assert world.deliver() == NothingToDo()
    assert world.mails == []
    assert (world.stored.status, world.stored.fence) == (Status.PROCESSING, "ours")


def test_a_worker_still_sends_in_the_last_moment_of_its_lease(world):
    world.add()

    def almost_oversleep(_):
        world.clock.advance(LEASE_MS - 1)
        return a_mail()

    world.render = almost_oversleep
    assert isinstance(world.deliver(), Completed)


@pytest.mark.parametrize("error", [None, error_of(TransientDeliveryError)])
def test_a_worker_that_lost_its_lease_while_sending_changes_nothing(world, error):
    world.add()

    class Slow:
        def send(self, mail, *, job):
            world.clock.advance(LEASE_MS)
            world.jobs.move(job, after_due(job, now_ms=world.clock()))
            if error:
                raise error

    world.mailer = Slow()
    assert world.deliver() == NothingToDo()
    assert world.stored.status is Status.RETRYING
    assert world.stored.last_failure.error_type == "LeaseExpired"


def test_a_job_whose_worker_died_waits_before_it_is_tried_again(world):
    world.add(**HELD, lease_until_ms=NOW_MS, due_ms=NOW_MS)
    assert world.deliver() == Retrying(job=world.stored, wait_s=120)
    assert world.stored.last_failure.error_type == "LeaseExpired"
    assert world.mails == []


def test_a_job_whose_second_worker_died_is_dead(world):
    world.add(**HELD, lease_until_ms=NOW_MS, due_ms=NOW_MS, unknown_outcomes=1)
    assert world.deliver() == Dead(job=world.stored, now=True)
    assert world.mails == []
