"""Whatever is broken, the rest is repaired, and the sweep says what was not."""

import pytest

from functions.bootstrap.sweeper import sweeper_parts
from functions.domain.errors import Unavailable
from functions.domain.model import Status
from tests.builders import SIGNED_IN_AT_MS, a_report, job_number
from tests.functions.sweeper.sweeps import QUIET, body, sent, told

CALLS_UNDER_WAY = 10


def test_while_the_queue_is_down_few_jobs_are_put_off_and_the_next_duties_run(
    open_sweeper, out_of_reach, leave, cloud, clock, said
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
    open_sweeper, wired, leave, cloud, said, broken
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


def test_a_sweep_whose_time_is_up_leaves_the_rest_to_the_next(
    sweeper, wired, leave, cloud, clock, said
):
    for n in range(3):
        leave(n)
    leave(4, Status.PARKED)
    letters = [leave(n, Status.COMPLETED, due_ms=None, processed_at_ms=1) for n in range(5, 20)]
    for job in letters:
        cloud.send_dead_letter(body(job))

    wired.report.reports.add(a_report(due_ms=clock()))

    sweeper.sweep(left_ms=9_000)

    counts = told(said)
    assert (counts["DueResent"], counts["DueLeftOver"]) == (0, 3)
    assert (counts["ParkedResent"], counts["ParkedLeftOver"]) == (0, 1)
    assert (counts["ReportsResent"], counts["ReportsLeftOver"]) == (0, 1)
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
