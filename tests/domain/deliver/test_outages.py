"""While the table is out of reach nothing is sent that it has not been told of."""

from dataclasses import replace

import pytest

from functions.domain.deliver import Completed, OutOfReach, comes_back_after_s
from functions.domain.model import Status
from tests.domain.deliver.delivery import NOW_MS
from tests.fakes import Outage


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
