"""`Reports`: one report of a job, pending until the application was told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from functions.domain.errors import AlreadyReported, Superseded
from tests.builders import SIGNED_IN_AT_MS, a_job, a_report, job_number
from tests.contracts.conftest import RETENTION_DAYS

NOW_MS = SIGNED_IN_AT_MS + 3_600_000
EXPIRY_MS = SIGNED_IN_AT_MS + RETENTION_DAYS * 86_400_000


def add(reports, n, **changes):
    report = a_report(job_id=job_number(n).job_id, **changes)
    reports.add(report)
    return report


def due(reports, *, now_ms=NOW_MS, limit=100):
    return reports.due(now_ms=now_ms, limit=limit)


def test_a_report_is_read_as_it_was_written(reports):
    report = add(reports, 1, user_id="хэрэглэгч", times_repeated=3)
    assert reports.read(report.job_id, now_ms=NOW_MS) == report


def test_a_job_that_nobody_reported_has_none(reports):
    assert reports.read(a_job().job_id, now_ms=NOW_MS) is None


def test_a_second_report_of_a_job_changes_nothing(reports):
    report = add(reports, 1)
    with pytest.raises(AlreadyReported):
        add(reports, 1, reported_at_ms=NOW_MS, due_ms=NOW_MS)
    assert reports.read(report.job_id, now_ms=NOW_MS) == report


def test_of_fifty_reports_at_once_one_is_written(reports):
    def attempt(_):
        try:
            add(reports, 1)
        except AlreadyReported:
            return 0
        return 1

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(attempt, range(50))) == 1


def test_a_report_that_was_told_is_still_one_and_never_due(reports):
    report = add(reports, 1)
    reports.mark_sent(report)
    assert reports.read(report.job_id, now_ms=NOW_MS) == replace(report, due_ms=None)
    assert due(reports) == []
    with pytest.raises(AlreadyReported):
        add(reports, 1)


def test_to_mark_what_is_gone_makes_nothing(reports):
    reports.mark_sent(a_report())
    assert reports.read(a_report().job_id, now_ms=NOW_MS) is None


def test_reports_are_due_when_their_time_has_come_the_oldest_first(reports):
    expected = [add(reports, n, due_ms=NOW_MS - n).job_id for n in (40, 30, 2, 0)]
    add(reports, 5, due_ms=NOW_MS + 1)
    assert due(reports) == expected
    assert due(reports, limit=2) == expected[:2]
    assert reports.count_due(now_ms=NOW_MS) == 4


def test_a_report_that_was_put_off_is_due_later(reports):
    report = add(reports, 1)
    later = replace(report, due_ms=NOW_MS + 1, times_repeated=1)
    reports.put_off(report, later)
    assert reports.read(report.job_id, now_ms=NOW_MS) == later
    assert due(reports) == []
    assert due(reports, now_ms=NOW_MS + 1) == [report.job_id]


def test_what_somebody_else_has_put_off_is_not_put_off_again(reports):
    report = add(reports, 1)
    theirs = replace(report, due_ms=NOW_MS, times_repeated=1)
    reports.put_off(report, theirs)
    with pytest.raises(Superseded):
        reports.put_off(report, replace(report, due_ms=NOW_MS + 1))
    assert reports.read(report.job_id, now_ms=NOW_MS) == theirs


def test_what_was_told_meanwhile_is_not_put_off(reports):
    report = add(reports, 1)
    reports.mark_sent(report)
    with pytest.raises(Superseded):
        reports.put_off(report, replace(report, due_ms=NOW_MS))
    assert due(reports) == []


def test_what_is_gone_is_not_put_off(reports):
    with pytest.raises(Superseded):
        reports.put_off(a_report(), a_report(due_ms=NOW_MS))


def test_an_expired_report_counts_as_gone(reports):
    report = add(reports, 1)
    assert reports.read(report.job_id, now_ms=EXPIRY_MS - 1) == report
    assert reports.read(report.job_id, now_ms=EXPIRY_MS) is None
    assert due(reports, now_ms=EXPIRY_MS - 1) == [report.job_id]
    assert due(reports, now_ms=EXPIRY_MS) == []
    assert reports.count_due(now_ms=EXPIRY_MS) == 0
    add(reports, 1, reported_at_ms=EXPIRY_MS)
