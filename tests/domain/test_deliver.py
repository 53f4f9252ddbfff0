"""One attempt at one message, with every way that it can end."""

from dataclasses import replace

import pytest

from functions.domain.accept import WINDOW_MS
from functions.domain.deliver import (
    Completed,
    Dead,
    NotDue,
    NothingToDo,
    NotRendered,
    OutOfReach,
    Parked,
    Retrying,
    comes_back_after_s,
    deliver,
)
from functions.domain.errors import (
    AccountDeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    Unavailable,
    UnknownDeliveryError,
)
from functions.domain.feedback import DeliveryEvent
from functions.domain.life import after_due, after_success
from functions.domain.model import Delivery, ErrorClass, Message, Status
from functions.domain.ports import NotClaimed
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job, a_mail
from tests.fakes import InMemoryJobs, Outage, RecordingMailer, VirtualClock

NOW_MS = SIGNED_IN_AT_MS
LEASE_MS = 35_000
JOB_ID = a_job().job_id
MESSAGE = Message(job_id=JOB_ID, run=1)
SECRET = "batbold@example.com"
HELD = {"status": Status.PROCESSING, "fence": "theirs", "attempt_count": 1}


class World:
    """One job, one worker, and what they have around them."""

    def __init__(self):
        self.clock = VirtualClock(NOW_MS)
        self.jobs = InMemoryJobs()
        self.mailer = RecordingMailer()
        self.render = lambda _: a_mail()

    def add(self, **changes):
        job = a_job(**changes)
        self.jobs.add(job, window_start_ms=NOW_MS - WINDOW_MS)
        return job

    def deliver(self, message=MESSAGE):
        return deliver(
            message,
            jobs=self.jobs,
            renderer=self,
            mailer=self.mailer,
            clock=self.clock,
            fence="ours",
            lease_ms=LEASE_MS,
        )

    @property
    def stored(self):
        return self.jobs.read(JOB_ID, now_ms=self.clock())

    @property
    def mails(self):
        return [sent.mail for sent in self.mailer.sent]


@pytest.fixture
def world():
    return World()


def error_of(kind):
    return kind(error_type="TheirName", sentence="Our sentence.")


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


def test_a_message_that_comes_too_early_waits_the_rest(world):
    job = world.add(status=Status.RETRYING, not_before_ms=NOW_MS + 1_001)
    outcome = world.deliver()
    assert outcome == NotDue(wait_s=2)
    assert comes_back_after_s(outcome) == 2
    assert world.stored == job


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.DISCARDED, Status.PARKED])
def test_a_job_that_has_ended_or_is_parked_ends_its_message(world, status):
    job = world.add(status=status)
    outcome = world.deliver()
    assert outcome == NothingToDo()
    assert comes_back_after_s(outcome) is None
    assert (world.stored, world.mails) == (job, [])


def test_a_message_whose_job_is_gone_is_done(world):
    assert world.deliver() == NothingToDo()


@pytest.mark.parametrize("status", list(Status))
def test_a_message_of_an_older_run_is_done(world, status):
    job = world.add(status=status, run=2, fence="theirs" if status == "processing" else None)
    assert world.deliver() == NothingToDo()
    assert (world.stored, world.mails) == (job, [])


def test_a_dead_jobs_message_is_left_to_the_redrive_policy_and_not_told_again(world):
    job = world.add(status=Status.DLQ, processed_at_ms=NOW_MS, last_failure=a_failure())
    outcome = world.deliver()
    assert outcome == Dead(job=job, now=False)
    assert comes_back_after_s(outcome) == 0


def test_a_job_in_another_workers_hands_ends_the_message(world):
    job = world.add(**HELD, lease_until_ms=NOW_MS + 1, due_ms=NOW_MS + 1)
    assert world.deliver() == NothingToDo()
    assert (world.stored, world.mails) == (job, [])


def test_a_job_whose_worker_died_waits_before_it_is_tried_again(world):
    world.add(**HELD, lease_until_ms=NOW_MS, due_ms=NOW_MS)
    assert world.deliver() == Retrying(job=world.stored, wait_s=120)
    assert world.stored.last_failure.error_type == "LeaseExpired"
    assert world.mails == []


def test_a_job_whose_second_worker_died_is_dead(world):
    world.add(**HELD, lease_until_ms=NOW_MS, due_ms=NOW_MS, unknown_outcomes=1)
    assert world.deliver() == Dead(job=world.stored, now=True)
    assert world.mails == []


def test_no_attempt_is_made_while_the_table_is_out_of_reach(world):
    job = world.add()
    world.jobs.outages.append(Outage.BEFORE_IT_ACTED)

    outcome = world.deliver()

    assert outcome == OutOfReach()
    assert comes_back_after_s(outcome) == 60
    assert (world.stored, world.mails) == (job, [])


def test_a_mail_is_not_sent_if_the_answer_to_the_claim_was_lost(world):
    world.add()
    world.jobs.outages.append(Outage.AFTER_IT_ACTED)
    assert world.deliver() == OutOfReach()
    assert world.mails == []


def test_a_claim_whose_answer_was_lost_is_given_back_and_counts_for_nothing(world):
    job = world.add(attempt_count=1, tries=1, unknown_outcomes=1)
    for _ in range(3):
        world.jobs.outages.append(Outage.AFTER_IT_ACTED)
        assert world.deliver() == OutOfReach()
    waiting = replace(job, status=Status.RETRYING, tries=4, due_ms=NOW_MS + 120_000)
    assert world.stored == waiting
    assert isinstance(world.deliver(), Completed)
    assert len(world.mails) == 1


@pytest.mark.parametrize("second", list(Outage))
def test_a_table_that_stays_out_of_reach_is_no_error(world, second):
    world.add()
    world.jobs.outages.extend([Outage.AFTER_IT_ACTED, second])
    assert world.deliver() == OutOfReach()
    assert world.mails == []


def test_a_job_stays_claimed_if_its_end_could_not_be_written(world):
    world.add()

    class ThenSilence:
        def send(self, mail, *, job):
            world.jobs.outages.append(Outage.BEFORE_IT_ACTED)

    world.mailer = ThenSilence()
    assert world.deliver() == OutOfReach()
    assert (world.stored.status, world.stored.fence) == (Status.PROCESSING, "ours")
