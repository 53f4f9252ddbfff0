"""The clock's door: jobs that stand still are moved on, the oldest first, within a budget."""

import json

from functions.domain.model import Status
from tests.builders import a_failure, job_number
from tests.functions.sweeper.sweeps import MINUTE_MS, QUIET, sent, told


def test_a_sweep_that_finds_nothing_says_so(sweeper, cloud, said):
    sweeper.sweep()
    assert told(said) == QUIET
    assert cloud.is_untouched()


def test_jobs_that_wait_too_long_get_another_message(sweeper, leave, cloud, clock, said):
    jobs = [leave(1), leave(2, Status.RETRYING)]
    leave(3, due_ms=clock() + 1)

    sweeper.sweep()

    assert sent(cloud) == [job.job_id for job in jobs]
    assert {cloud.job(job.job_id).due_ms for job in jobs} == {clock() + MINUTE_MS}
    assert told(said) == QUIET | {"DueResent": 2}


def test_a_second_sweep_sends_nothing_again(sweeper, leave, cloud):
    leave(1)
    sweeper.sweep()
    cloud.receive()
    sweeper.sweep()
    assert cloud.receive() == []


def test_a_job_whose_worker_died_waits_again(sweeper, leave, cloud, clock, said):
    job = leave(1, Status.PROCESSING, fence="theirs", lease_until_ms=clock() - 1, attempt_count=1)

    sweeper.sweep()

    assert cloud.job(job.job_id).status is Status.RETRYING
    assert cloud.receive() == []
    assert told(said) == QUIET | {"DueMovedOn": 1}


def test_parked_jobs_are_released(sweeper, leave, cloud, said):
    job = leave(1, Status.PARKED)

    sweeper.sweep()

    assert cloud.job(job.job_id).status is Status.ENQUEUED
    assert sent(cloud) == [job.job_id]
    assert told(said) == QUIET | {"ParkedResent": 1}


def test_a_repair_is_logged_with_its_job(sweeper, leave, said):
    job = leave(1)
    sweeper.sweep()
    line = said.logged("job repaired")
    assert line["job_id"] == job.job_id
    assert (line["repair"], line["status"], line["times_resent"]) == ("Resent", "enqueued", 1)
    assert job.sign_in.email not in said.text


def test_what_is_beyond_the_budget_is_left_over_and_the_oldest_come_first(
    sweeper, leave, cloud, said, monkeypatch
):
    monkeypatch.setattr("functions.duties.DUE_BUDGET", 3)
    jobs = [leave(n) for n in range(5)]

    sweeper.sweep()

    assert sent(cloud) == [job.job_id for job in jobs[2:]]
    assert told(said) == QUIET | {"DueResent": 3, "DueLeftOver": 2}


def test_parked_jobs_have_a_budget_of_their_own(sweeper, leave, cloud, said, monkeypatch):
    monkeypatch.setattr("functions.duties.DUE_BUDGET", 1)
    monkeypatch.setattr("functions.duties.PARKED_BUDGET", 2)
    for n in range(4, 9):
        leave(n, Status.PARKED)
    job = leave(1)

    sweeper.sweep()

    assert job.job_id in sent(cloud)
    assert told(said) == QUIET | {"DueResent": 1, "ParkedResent": 2, "ParkedLeftOver": 3}


def test_what_waits_for_somebody_is_told_at_each_sweep(sweeper, leave, clock, cloud, said):
    for n in range(3):
        leave(n, Status.PARKED, due_ms=clock() + MINUTE_MS)
    for n in range(10, 12):
        cloud.put(job_number(n, status=Status.DLQ, processed_at_ms=1, last_failure=a_failure()))

    for _ in range(2):
        sweeper.sweep()
        assert (said.counted("ParkedNow"), said.counted("DeadNow")) == ([3.0], [2.0])
        said.forget()


def test_a_message_that_was_sent_again_is_of_the_jobs_run(sweeper, leave, cloud):
    job = leave(1, run=3)
    sweeper.sweep()
    (record,) = cloud.receive()
    assert json.loads(record["body"]) == {"jobId": job.job_id, "run": 3}
