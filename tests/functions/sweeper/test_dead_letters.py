"""Letters that say nothing new are deleted, and those without a job are listed."""

import pytest

from functions.domain.accept import keyed_job_id
from functions.domain.model import Status
from tests.builders import SIGNED_IN_AT_MS, job_number
from tests.functions.sweeper.sweeps import MINUTE_MS, QUIET, body, told


def test_a_deleted_letter_says_nothing_that_the_table_does_not_know(sweeper, leave, cloud, said):
    later_run = leave(1, run=2, due_ms=SIGNED_IN_AT_MS + MINUTE_MS)
    completed = leave(2, Status.COMPLETED, due_ms=None, processed_at_ms=SIGNED_IN_AT_MS)
    waiting = leave(3, due_ms=SIGNED_IN_AT_MS + MINUTE_MS)
    cloud.send_dead_letter(body(later_run, run=1))
    cloud.send_dead_letter(body(completed))
    cloud.send_dead_letter(body(waiting))

    sweeper.sweep()

    assert cloud.count_dead_letters() == 0
    assert cloud.receive() == []
    assert told(said) == QUIET | {"DeadLettersDeleted": 3}


def test_letters_of_dead_jobs_and_of_jobs_in_work_stay(
    sweeper, leave, bury_one, cloud, clock, said
):
    lease_ms = clock() + 1
    working = leave(2, Status.PROCESSING, fence="t", lease_until_ms=lease_ms, due_ms=lease_ms)
    for job in (bury_one(1), working):
        cloud.send_dead_letter(body(job))
    before = cloud.rows()

    sweeper.sweep()

    assert cloud.count_dead_letters() == 2
    assert cloud.rows() == before
    assert told(said) == QUIET


@pytest.mark.parametrize(
    "text", ["rubbish", "{}", '{"jobId": "user#batbold@example.com"}', "Ж" * 99]
)
def test_a_rubbish_letter_gets_a_row_and_is_listed_once(sweeper, admin, cloud, said, text):
    cloud.send_dead_letter(text)
    sweeper.sweep()
    assert told(said) == QUIET | {"DeadLettersListed": 1}
    assert "batbold" not in said.text
    said.forget()

    # The same letter, shown again.
    cloud.send_dead_letter(text)
    sweeper.sweep()

    assert told(said) == QUIET
    assert cloud.count_dead_letters() == 2
    answer = admin.dlq()
    assert [job["jobId"] for job in answer.json["jobs"]] == [keyed_job_id("", text)]
    assert answer.json["jobs"][0]["errorType"] == "NoSuchJob"


def test_a_letter_whose_job_is_gone_is_listed_under_its_id(sweeper, admin, cloud, said):
    job = job_number(1)
    cloud.send_dead_letter(body(job))

    sweeper.sweep()

    assert [listed["jobId"] for listed in admin.dlq().json["jobs"]] == [job.job_id]
    assert said.logged("dead letter without a job")["job_id"] == job.job_id


def test_letters_beyond_the_budget_are_left_over(sweeper, bury_one, cloud, said, monkeypatch):
    monkeypatch.setattr("functions.duties.DEAD_LETTER_BATCHES", 2)
    for n in range(25):
        cloud.send_dead_letter(body(bury_one(n)))

    sweeper.sweep()

    assert told(said) == QUIET | {"DeadLettersLeftOver": 5}
