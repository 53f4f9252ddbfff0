"""Reports: one per sign-in, and the application told at least once."""

from dataclasses import replace

import pytest

from functions.domain.errors import Unavailable
from functions.domain.life import PICK_UP_MS, RESEND_MS
from functions.domain.model import Report
from functions.domain.report import (
    NothingToRepeat,
    NotRepeated,
    Pending,
    Repeated,
    Reported,
    ReportedBefore,
    repeat,
    report,
)
from tests.builders import a_job
from tests.fake_reporting import InMemoryReports, RecordingBus
from tests.fakes import Outage, VirtualClock

JOB = a_job()


class Surroundings:
    def __init__(self):
        self.reports, self.bus, self.clock = InMemoryReports(), RecordingBus(), VirtualClock()

    def report(self):
        return report(JOB, reports=self.reports, bus=self.bus, clock=self.clock)

    def repeat(self):
        return repeat(JOB.job_id, reports=self.reports, bus=self.bus, clock=self.clock)

    @property
    def stored(self):
        return self.reports.read(JOB.job_id, now_ms=self.clock())


@pytest.fixture
def around():
    return Surroundings()


def test_a_report_names_job_user_and_time_and_nothing_else(around):
    assert around.report() == Reported()
    [told] = around.bus.told
    assert told == Report(
        job_id=JOB.job_id,
        user_id=JOB.sign_in.user_id,
        reported_at_ms=around.clock(),
        due_ms=around.clock() + PICK_UP_MS,
    )


def test_what_was_told_is_not_pending(around):
    around.report()
    assert around.stored == replace(around.bus.told[0], due_ms=None)
    around.clock.advance(PICK_UP_MS)
    assert around.repeat() == NothingToRepeat()


def test_the_second_report_tells_nobody(around):
    around.report()
    assert around.report() == ReportedBefore()
    assert len(around.bus.told) == 1


def test_while_the_first_is_pending_a_second_report_tells_nobody(around):
    around.bus.outages.append(Outage.BEFORE_IT_ACTED)
    assert isinstance(around.report(), Pending)
    assert around.report() == ReportedBefore()
    assert around.bus.told == []


def test_a_report_is_durable_before_anybody_is_told(around):
    around.reports.outages.append(Outage.BEFORE_IT_ACTED)
    with pytest.raises(Unavailable):
        around.report()
    assert around.bus.told == []


@pytest.mark.parametrize("outage", Outage)
def test_what_the_bus_did_not_answer_for_is_told_again_by_the_sweeper(around, outage):
    around.bus.outages.append(outage)
    assert isinstance(around.report(), Pending)
    around.clock.advance(PICK_UP_MS - 1)
    assert around.repeat() == NothingToRepeat()
    around.clock.advance(1)
    assert around.repeat() == Repeated()
    assert around.stored.due_ms is None
    assert {told.job_id for told in around.bus.told} == {JOB.job_id}
    assert around.repeat() == NothingToRepeat()


def test_a_report_whose_mark_was_lost_is_told_again(around):
    # The answers to: add, and mark.
    around.reports.outages.append(None)
    around.reports.outages.append(Outage.BEFORE_IT_ACTED)
    assert isinstance(around.report(), Pending)
    around.clock.advance(PICK_UP_MS)
    assert around.repeat() == Repeated()
    assert len(around.bus.told) == 2


def test_while_the_bus_is_down_repeats_wait_longer_and_longer(around):
    around.bus.outages.extend([Outage.BEFORE_IT_ACTED] * 9)
    around.report()
    waits = []
    for _ in range(8):
        around.clock.advance(around.stored.due_ms - around.clock())
        assert isinstance(around.repeat(), NotRepeated)
        waits.append(around.stored.due_ms - around.clock())
    assert waits == [*RESEND_MS, RESEND_MS[-1], RESEND_MS[-1]]
    around.clock.advance(waits[-1])
    assert around.repeat() == Repeated()


def test_of_two_sweeps_at_once_one_tells_the_application(around):
    around.bus.outages.append(Outage.BEFORE_IT_ACTED)
    around.report()
    around.clock.advance(PICK_UP_MS)

    class Raced:
        """Lets the other sweep run between our read and our write."""

        put_off = around.reports.put_off

        def read(self, job_id, *, now_ms):
            found = around.reports.read(job_id, now_ms=now_ms)
            assert around.repeat() == Repeated()
            return found

    ours = repeat(JOB.job_id, reports=Raced(), bus=around.bus, clock=around.clock)
    assert ours == NothingToRepeat()
    assert len(around.bus.told) == 1


def test_there_is_nothing_to_repeat_of_a_job_that_nobody_reported(around):
    assert around.repeat() == NothingToRepeat()
