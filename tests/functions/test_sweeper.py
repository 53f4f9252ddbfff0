"""The clock's door: what a crash left behind is repaired, whatever else is broken."""

import json

import pytest

from functions.bootstrap.sweeper import sweeper_parts
from functions.domain.accept import keyed_job_id
from functions.domain.errors import Unavailable
from functions.domain.model import Status
from tests.builders import SIGNED_IN_AT_MS, a_failure, job_number

MINUTE_MS = 60_000
CALLS_UNDER_WAY = 10
QUIET = {
    "Completed": 0,
    "Dead": 0,
    "DueResent": 0,
    "DueNotResent": 0,
    "DueMovedOn": 0,
    "DueLeftOver": 0,
    "ParkedResent": 0,
    "ParkedNotResent": 0,
    "ParkedMovedOn": 0,
    "ParkedLeftOver": 0,
    "ReportsResent": 0,
    "ReportsNotResent": 0,
    "ReportsLeftOver": 0,
    "DeadLettersDeleted": 0,
    "DeadLettersListed": 0,
    "DeadLettersLeftOver": 0,
    "RepairFailed": 0,
    "Swept": 1,
}


def told(said):
    """Return the sum of each metric of the one document that was written, but for the gauges."""
    (document,) = said.metrics
    (directive,) = document["_aws"]["CloudWatchMetrics"]
    assert {metric["Unit"] for metric in directive["Metrics"]} == {"Count"}
    names = {metric["Name"] for metric in directive["Metrics"]} - {"ParkedNow", "DeadNow"}
    return {name: sum(document[name]) for name in names}


def body(job, **changes):
    return json.dumps({"jobId": job.job_id, "run": job.run} | changes)


@pytest.fixture
def leave(cloud, clock):
    """Return a way to leave the n-th job behind in a state, overdue by n milliseconds more."""

    def left(n, status=Status.ENQUEUED, **changes):
        values = {"status": status, "due_ms": clock() - n} | changes
        job = job_number(n, created_at_ms=SIGNED_IN_AT_MS, **values)
        cloud.put(job)
        return job

    return left


@pytest.fixture
def bury_one(leave):
    """Return a way to leave a dead job behind."""
    return lambda n: leave(
        n,
        Status.DLQ,
        due_ms=None,
        processed_at_ms=SIGNED_IN_AT_MS,
        last_failure=a_failure(),
    )


def sent(cloud):
    return sorted(json.loads(record["body"])["jobId"] for record in cloud.receive())


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
    monkeypatch.setattr("functions.sweeper.DUE_BUDGET", 3)
    jobs = [leave(n) for n in range(5)]

    sweeper.sweep()

    assert sent(cloud) == [job.job_id for job in jobs[2:]]
    assert told(said) == QUIET | {"DueResent": 3, "DueLeftOver": 2}


def test_parked_jobs_have_a_budget_of_their_own(sweeper, leave, cloud, said, monkeypatch):
    monkeypatch.setattr("functions.sweeper.DUE_BUDGET", 1)
    monkeypatch.setattr("functions.sweeper.PARKED_BUDGET", 2)
    for n in range(4, 9):
        leave(n, Status.PARKED)
    job = leave(1)

    sweeper.sweep()

    assert job.job_id in sent(cloud)
    assert told(said) == QUIET | {"DueResent": 1, "ParkedResent": 2, "ParkedLeftOver": 3}


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
    monkeypatch.setattr("functions.sweeper.DEAD_LETTER_BATCHES", 2)
    for n in range(25):
        cloud.send_dead_letter(body(bury_one(n)))

    sweeper.sweep()

    assert told(said) == QUIET | {"DeadLettersLeftOver": 5}


def test_while_the_queue_is_down_few_jobs_are_put_off_and_the_next_duties_run(
    open_sweeper, out_of_reach, leave, bury_one, cloud, clock, said
):
    jobs = [leave(n) for n in range(60)]
    cloud.send_dead_letter("rubbish")

    open_sweeper(queue=out_of_reach("SQS", sweeper_parts).queue).sweep()

    put_off = [job for job in jobs if cloud.job(job.job_id).due_ms > clock()]
    assert 1 <= len(put_off) <= CALLS_UNDER_WAY
    counts = told(said)
    assert counts["DueNotResent"] == len(put_off)
    assert counts["DueLeftOver"] == len(jobs) - len(put_off)
    assert counts["DeadLettersListed"] == 1
    assert counts["Swept"] == 1


def test_jobs_are_repaired_while_the_dead_letter_queue_is_down(
    open_sweeper, out_of_reach, leave, cloud, said
):
    job = leave(1)
    parts = out_of_reach("SQS", sweeper_parts)

    open_sweeper(dead_letters=parts.dead_letters).sweep()

    assert sent(cloud) == [job.job_id]
    assert said.counted("DutyInterrupted") == [1.0]
    assert said.counted("Swept") == [1.0]
    line = said.logged("duty interrupted")
    assert (line["level"], line["duty"]) == ("WARNING", "dead letters")


def test_dead_letters_are_deleted_while_the_index_is_down(
    open_sweeper, out_of_reach, leave, cloud, said
):
    cloud.send_dead_letter(body(leave(1)))
    parts = out_of_reach("DYNAMODB", sweeper_parts)

    open_sweeper(repairs=parts.repairs).sweep()

    assert cloud.count_dead_letters() == 0
    assert said.counted("DutyInterrupted") == [2.0]
    assert said.counted("DeadLettersDeleted") == [1.0]


DUTIES = {
    "due": {"DeadLettersDeleted", "ParkedResent"},
    "parked": {"DeadLettersDeleted", "DueResent"},
    "dead letters": {"DueResent", "ParkedResent"},
}


@pytest.mark.parametrize("broken", DUTIES)
def test_a_duty_that_fails_unforeseen_stops_no_other_and_is_an_error_in_the_end(
    open_sweeper, wired, leave, bury_one, cloud, said, broken
):
    leave(1)
    leave(2, Status.PARKED)
    job = job_number(4, status=Status.COMPLETED, processed_at_ms=SIGNED_IN_AT_MS)
    cloud.put(job)
    cloud.send_dead_letter(body(job))

    error = KeyError("batbold@example.com")

    class Broken:
        count_due = wired.sweeper.repairs.count_due
        delete = wired.sweeper.dead_letters.delete

        def due(self, statuses, **options):
            if ("parked" if Status.PARKED in statuses else "due") == broken:
                raise error
            return wired.sweeper.repairs.due(statuses, **options)

        def receive(self):
            if broken == "dead letters":
                raise error
            return wired.sweeper.dead_letters.receive()

    from functions.sweeper import DutyFailed  # noqa: PLC0415 - reads the environment at import

    with pytest.raises(DutyFailed) as failed:
        open_sweeper(repairs=Broken(), dead_letters=Broken()).sweep()

    assert failed.value.__context__ is None
    counts = told(said)
    assert {name for name in counts if counts[name]} == DUTIES[broken] | {"Swept", "DutyFailed"}
    assert counts["RepairFailed"] == 0
    line = said.logged("duty failed unforeseen")
    assert (line["level"], line["duty"], line["error_type"]) == ("ERROR", broken, "KeyError")
    assert "in due" in line["frames"] or "in receive" in line["frames"]
    assert "batbold" not in said.text


def test_a_sweep_says_that_it_ran_and_that_nothing_failed_even_if_nothing_answers(
    open_sweeper, out_of_reach, said
):
    down = out_of_reach("DYNAMODB", sweeper_parts)
    letters = out_of_reach("SQS", sweeper_parts).dead_letters
    open_sweeper(repairs=down.repairs, reports=down.reports, dead_letters=letters).sweep()
    assert told(said) == {"Swept": 1, "RepairFailed": 0, "DutyInterrupted": 4}


def test_what_waits_for_somebody_is_told_at_each_sweep(sweeper, leave, clock, cloud, said):
    for n in range(3):
        leave(n, Status.PARKED, due_ms=clock() + MINUTE_MS)
    for n in range(10, 12):
        cloud.put(job_number(n, status=Status.DLQ, processed_at_ms=1, last_failure=a_failure()))

    for _ in range(2):
        sweeper.sweep()
        assert (said.counted("ParkedNow"), said.counted("DeadNow")) == ([3.0], [2.0])
        said.forget()


def test_a_sweep_whose_time_is_up_leaves_the_rest_to_the_next(sweeper, leave, cloud, said):
    for n in range(3):
        leave(n)
    leave(4, Status.PARKED)
    letters = [leave(n, Status.COMPLETED, due_ms=None, processed_at_ms=1) for n in range(5, 20)]
    for job in letters:
        cloud.send_dead_letter(body(job))

    sweeper.sweep(left_ms=9_000)

    counts = told(said)
    assert (counts["DueResent"], counts["DueLeftOver"]) == (0, 3)
    assert (counts["ParkedResent"], counts["ParkedLeftOver"]) == (0, 1)
    assert counts["DeadLettersDeleted"] == 10
    assert counts["DeadLettersLeftOver"] == 5
    assert counts["Swept"] == 1


class Poisoned:
    """A table that one job's row makes stumble."""

    def __init__(self, reader, job_id, error):
        self._reader = reader
        self._job_id = job_id
        self._error = error

    def read(self, job_id, *, now_ms):
        if job_id == self._job_id:
            raise self._error
        return self._reader.read(job_id, now_ms=now_ms)


def test_one_poisoned_row_stops_no_other_repair(open_sweeper, wired, leave, cloud, said):
    poison, *others = [leave(n) for n in (9, 1, 2)]
    cloud.send_dead_letter(body(poison))
    cloud.send_dead_letter(body(others[0]))
    error = KeyError("batbold@example.com")

    open_sweeper(reader=Poisoned(wired.sweeper.reader, poison.job_id, error)).sweep()

    assert sent(cloud) == [job.job_id for job in others]
    assert cloud.count_dead_letters() == 1
    assert told(said) == QUIET | {"DueResent": 2, "DeadLettersDeleted": 1, "RepairFailed": 2}
    lines = [line for line in said.log if line["message"] == "repair failed unforeseen"]
    assert [line["job_id"] for line in lines] == [poison.job_id] * 2
    assert {line["error_type"] for line in lines} == {"KeyError"}
    assert all("in read" in line["frames"] for line in lines)
    assert "batbold" not in said.text


def test_a_table_that_falls_silent_is_no_poisoned_row(open_sweeper, wired, leave, cloud, said):
    job = leave(1)

    open_sweeper(reader=Poisoned(wired.sweeper.reader, job.job_id, Unavailable())).sweep()

    assert said.counted("DutyInterrupted") == [1.0]
    assert sum(said.counted("RepairFailed")) == 0
    assert cloud.receive() == []


def test_a_message_that_was_sent_again_is_of_the_jobs_run(sweeper, leave, cloud):
    job = leave(1, run=3)
    sweeper.sweep()
    (record,) = cloud.receive()
    assert json.loads(record["body"]) == {"jobId": job.job_id, "run": 3}
