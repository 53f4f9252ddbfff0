"""The sweeper's duty of reports: what stayed pending is told, on a budget of its own."""

import pytest

from functions.bootstrap.sweeper import sweeper_parts
from functions.domain.model import Status
from tests.builders import SIGNED_IN_AT_MS, a_report, job_number
from tests.functions.sweeper.sweeps import MINUTE_MS, QUIET, told


@pytest.fixture
def leave(wired, clock):
    """Return a way to leave the n-th job's report pending, overdue by n milliseconds more."""

    def left(n, **changes):
        values = {"job_id": job_number(n).job_id, "due_ms": clock() - n}
        report = a_report(**values | changes)
        wired.report.reports.add(report)
        return report

    return left


def heard(cloud):
    return sorted(event["detail"]["id"] for event in cloud.events())


def due_ms(wired, report):
    return wired.report.reports.read(report.job_id, now_ms=SIGNED_IN_AT_MS).due_ms


def test_reports_that_stayed_pending_are_told_once(sweeper, leave, cloud, clock, said):
    reports = [leave(1), leave(2)]
    leave(3, due_ms=clock() + 1)

    sweeper.sweep()

    assert heard(cloud) == [report.job_id for report in reports]
    assert told(said) == QUIET | {"ReportsResent": 2}
    assert "user-123" not in said.text
    sweeper.sweep()
    assert heard(cloud) == []


def test_what_is_beyond_the_budget_is_left_over_and_the_oldest_come_first(
    sweeper, leave, cloud, said, monkeypatch
):
    monkeypatch.setattr("functions.duties.REPORT_BUDGET", 3)
    reports = [leave(n) for n in range(5)]

    sweeper.sweep()

    assert heard(cloud) == [report.job_id for report in reports[2:]]
    assert told(said) == QUIET | {"ReportsResent": 3, "ReportsLeftOver": 2}


def test_while_the_bus_is_down_one_report_is_put_off_and_the_next_duties_run(
    open_sweeper, out_of_reach, wired, leave, cloud, clock, said
):
    reports = [leave(n) for n in range(3)]
    cloud.put(job_number(9, due_ms=clock()))

    open_sweeper(bus=out_of_reach("EVENTBRIDGE", sweeper_parts).bus).sweep()

    assert told(said) == QUIET | {"DueResent": 1, "ReportsNotResent": 1, "ReportsLeftOver": 2}
    assert [due_ms(wired, report) - clock() for report in reports] == [0, -1, MINUTE_MS]
    assert said.logged("report not repeated")["job_id"] == reports[2].job_id


def test_jobs_are_repaired_while_reports_can_t_be_read(
    open_sweeper, out_of_reach, leave, cloud, clock, said
):
    leave(1)
    cloud.put(job_number(9, due_ms=clock()))
    open_sweeper(reports=out_of_reach("DYNAMODB", sweeper_parts).reports).sweep()
    assert said.counted("DueResent") == [1.0]
    assert said.logged("duty interrupted")["duty"] == "reports"


def test_one_report_that_makes_the_bus_stumble_stops_no_other(
    open_sweeper, wired, leave, cloud, said
):
    poison, other = leave(2), leave(1)

    error = KeyError("batbold@example.com")

    class Stumbling:
        def publish(self, report):
            if report.job_id == poison.job_id:
                raise error
            wired.sweeper.bus.publish(report)

    open_sweeper(bus=Stumbling()).sweep()

    assert heard(cloud) == [other.job_id]
    assert told(said) == QUIET | {"ReportsResent": 1, "RepairFailed": 1}
    assert said.logged("repair failed unforeseen")["job_id"] == poison.job_id
    assert "batbold" not in said.text


def test_a_pending_report_is_no_job_to_whoever_counts_jobs(sweeper, leave, admin, cloud):
    leave(1)
    job = job_number(1, status=Status.COMPLETED, processed_at_ms=SIGNED_IN_AT_MS)
    cloud.put(job)
    assert set(admin.stats().json["now"].values()) == {0}
    assert admin.dlq().json["jobs"] == []
    sweeper.sweep()
    assert cloud.job(job.job_id) == job
