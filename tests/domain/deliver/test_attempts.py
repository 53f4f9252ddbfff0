"""One attempt at one message, with every way that sending can end."""

import pytest

from functions.domain.deliver import (
    Completed,
    Dead,
    NotRendered,
    Parked,
    Retrying,
    comes_back_after_s,
)
from functions.domain.errors import (
    AccountDeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    Unavailable,
    UnknownDeliveryError,
)
from functions.domain.model import ErrorClass, Status
from tests.builders import a_mail
from tests.domain.deliver.delivery import SECRET, error_of


def test_a_mail_that_is_taken_completes_its_job(world):
    world.add()
    outcome = world.deliver()
    assert outcome == Completed(job=world.stored)
    assert world.stored.status is Status.COMPLETED
    assert world.mails == [a_mail()]
    assert comes_back_after_s(outcome) is None


@pytest.mark.parametrize(("attempts", "wait_s"), [(0, 2), (1, 4), (2, 8), (3, 16)])
def test_a_transient_failure_brings_the_message_back(world, attempts, wait_s):
    world.add(attempt_count=attempts)
    world.mailer.fail_next(error_of(TransientDeliveryError))

    outcome = world.deliver()

    assert outcome == Retrying(job=world.stored, wait_s=wait_s)
    assert comes_back_after_s(outcome) == wait_s
    assert world.stored.last_failure.error_type == "TheirName"
    assert world.stored.last_failure.error == "Our sentence."


def test_the_fifth_transient_failure_is_left_to_the_redrive_policy_at_once(world):
    world.add(attempt_count=4)
    world.mailer.fail_next(error_of(TransientDeliveryError))

    outcome = world.deliver()

    assert outcome == Dead(job=world.stored, now=True)
    assert world.stored.status is Status.DLQ
    assert comes_back_after_s(outcome) == 0


def test_a_permanent_failure_is_dead_after_one_attempt(world):
    world.add()
    world.mailer.fail_next(error_of(PermanentDeliveryError))
    assert world.deliver() == Dead(job=world.stored, now=True)


def test_our_accounts_failure_parks_the_job_and_ends_the_message(world):
    world.add()
    world.mailer.fail_next(error_of(AccountDeliveryError))

    outcome = world.deliver()

    assert outcome == Parked(job=world.stored)
    assert world.stored.attempt_count == 0
    assert comes_back_after_s(outcome) is None


def test_an_unknown_outcome_comes_back_after_two_minutes_and_dies_the_second_time(world):
    world.add()
    world.mailer.fail_next(error_of(UnknownDeliveryError), mail_leaves=True)
    assert world.deliver() == Retrying(job=world.stored, wait_s=120)

    world.clock.advance(seconds=120)
    world.mailer.fail_next(error_of(UnknownDeliveryError), mail_leaves=True)
    assert world.deliver() == Dead(job=world.stored, now=True)
    assert len(world.mails) == 2


def test_a_mail_that_cannot_be_rendered_is_a_permanent_failure_without_the_errors_text(world):
    world.add()

    def stumble(_):
        raise KeyError(SECRET)

    world.render = stumble
    assert world.deliver() == Dead(job=world.stored, now=True)
    failure = world.stored.last_failure
    assert (failure.error_class, failure.error_type) == (ErrorClass.PERMANENT, "KeyError")
    assert SECRET not in str(failure)
    assert world.mails == []


def test_a_mail_whose_link_cannot_be_signed_now_waits_and_counts_no_attempt(world):
    before = world.add()

    def silent(_):
        raise Unavailable

    world.render = silent
    outcome = world.deliver()

    assert outcome == NotRendered()
    assert comes_back_after_s(outcome) == 60
    assert world.mails == []
    assert (world.stored.status, world.stored.fence) == (Status.RETRYING, None)
    assert world.stored.attempt_count == before.attempt_count
    assert world.stored.attempts == ()
    world.render = lambda _: a_mail()
    assert world.deliver() == Completed(job=world.stored)


def test_a_transport_that_fails_unforeseen_leaves_the_outcome_unknown(world):
    world.add()
    world.mailer.fail_next(ValueError(SECRET))
    assert world.deliver() == Retrying(job=world.stored, wait_s=120)
    failure = world.stored.last_failure
    assert (failure.error_class, failure.error_type) == (ErrorClass.UNKNOWN, "ValueError")
    assert SECRET not in str(failure)
