"""What only the fakes can do: fall silent on request, and stand still."""

from dataclasses import replace

import pytest

from functions.domain.accept import WINDOW_MS
from functions.domain.errors import TransientDeliveryError, Unavailable
from functions.domain.model import Mail, Message
from functions.domain.ports import Exists
from tests.builders import SIGNED_IN_AT_MS, a_job
from tests.fake_jobs import InMemoryJobs
from tests.fakes import InMemoryQueue, Outage, RecordingMailer, Sent, VirtualClock

JOB = a_job()
MAIL = Mail(recipient="user@example.com", subject="s", text="t", html="h")


def add(jobs):
    return jobs.add(JOB, window_start_ms=SIGNED_IN_AT_MS - WINDOW_MS)


def test_an_outage_before_a_write_leaves_nothing_behind():
    jobs = InMemoryJobs()
    jobs.outages.append(Outage.BEFORE_IT_ACTED)
    with pytest.raises(Unavailable):
        add(jobs)
    assert jobs.read(JOB.job_id, now_ms=SIGNED_IN_AT_MS) is None


def test_an_outage_after_a_write_loses_only_its_answer():
    jobs = InMemoryJobs()
    jobs.outages.append(Outage.AFTER_IT_ACTED)
    with pytest.raises(Unavailable):
        add(jobs)
    assert isinstance(add(jobs), Exists)


def test_an_outage_after_a_refusal_loses_its_answer_too():
    jobs = InMemoryJobs()
    jobs.outages.append(Outage.AFTER_IT_ACTED)
    with pytest.raises(Unavailable):
        jobs.move(JOB, JOB)


@pytest.mark.parametrize(
    ("outage", "sent"), [(Outage.BEFORE_IT_ACTED, 0), (Outage.AFTER_IT_ACTED, 1)]
)
def test_a_queue_may_have_taken_a_message_that_it_did_not_answer_for(outage, sent):
    queue = InMemoryQueue()
    queue.outages.append(outage)
    with pytest.raises(Unavailable):
        queue.send(Message(job_id=JOB.job_id, run=1))
    assert len(queue.sent) == sent


def test_a_job_without_a_due_time_is_no_open_job():
    jobs = InMemoryJobs()
    with pytest.raises(AssertionError, match="due time"):
        jobs.add(replace(JOB, due_ms=None), window_start_ms=0)


@pytest.mark.parametrize(("mail_leaves", "sent"), [(False, []), (True, [Sent(MAIL, JOB)])])
def test_a_mailer_fails_as_often_as_it_is_told_to(mail_leaves, sent):
    mailer = RecordingMailer()
    error = TransientDeliveryError(error_type="Throttled", sentence="Later.")
    mailer.fail_next(error, mail_leaves=mail_leaves)

    with pytest.raises(TransientDeliveryError):
        mailer.send(MAIL, job=JOB)
    assert mailer.sent == sent

    mailer.send(MAIL, job=JOB)
    assert mailer.sent == [*sent, Sent(MAIL, JOB)]


def test_the_clock_moves_only_when_it_is_told_to():
    clock = VirtualClock(1_000)
    assert (clock(), clock()) == (1_000, 1_000)
    clock.advance(250)
    assert clock() == 1_250
