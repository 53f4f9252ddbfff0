"""Replays and discards as operators command them: dry first, then page by page."""

import pytest

from functions.bootstrap.admin import admin_parts
from functions.domain.model import ErrorClass, Status
from tests.builders import SIGNED_IN_AT_MS, job_ids, job_number
from tests.functions.events import a_body

ALL = {"filter": {}}


def changed(answer, done):
    assert answer.status == 200, answer.text
    assert answer.json["skipped"] == len(answer.json["skippedJobs"])
    return answer.json[done], answer.json["skippedJobs"], answer.json["nextCursor"]


def test_a_dry_run_counts_and_changes_nothing(admin, bury, cloud):
    for n in range(3):
        bury(n)
    before = cloud.rows()

    for command in ("replays", "discards"):
        answer = admin.bulk(command, {**ALL, "dryRun": True})
        assert (answer.status, answer.json) == (200, {"matched": 3, "nextCursor": None})

    assert cloud.rows() == before
    assert cloud.receive() == []


def test_a_replay_sends_what_a_dry_run_counted(admin, bury, cloud, worker, said):
    for n in range(12):
        bury(n)

    assert changed(admin.replay(**ALL), "replayed") == (12, [], None)

    assert said.counted("NotQueued") == []
    worker.take(cloud.receive())
    assert {cloud.job(job_id).status for job_id in job_ids(*range(12))} == {Status.COMPLETED}
    assert len(cloud.mails) == 12


def test_a_job_that_dies_of_two_outages_is_mailed_after_a_replay(
    admin, api, worker, cloud, clock, said
):
    job_id = api.accept(a_body(email="fail-7@simulator.test"))
    for _ in range(5):
        worker.take(cloud.receive())
        clock.advance(seconds=20)
        cloud.resend(job_id)
    assert cloud.job(job_id).status is Status.DLQ
    clock.advance(seconds=3_600)

    assert changed(admin.replay(filter={"jobIds": [job_id]}), "replayed") == (1, [], None)
    said.forget()
    cloud.receive()
    for _ in range(3):
        cloud.resend(job_id)
        worker.take(cloud.receive())
        clock.advance(seconds=20)

    job = cloud.job(job_id)
    assert (job.status, job.run, job.attempt_count, job.tries) == (Status.COMPLETED, 2, 3, 8)
    # Counted from the replay on: nobody waits while a job is dead.
    assert said.counted("EnqueueToSent") == [40_000.0]


def test_pages_lead_through_all_that_match_and_no_further(admin, bury):
    for n in range(7):
        bury(n)
    bury(7, error_class=ErrorClass.PERMANENT, error_type="MessageRejected")
    wanted = {"filter": {"errorClass": "transient"}, "limit": 3}

    counts, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        count, skipped, cursor = changed(admin.replay(**wanted, **more), "replayed")
        assert skipped == []
        counts.append(count)
        if cursor is None:
            break

    assert counts == [3, 3, 1]
    assert admin.dlq().json["jobs"][0]["jobId"] == job_ids(7)[0]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"errorType": "MessageRejected"}, [3]),
        ({"errorClass": "permanent"}, [3]),
        ({"since": "2025-12-19T07:02:00Z"}, [2, 3]),
        ({"until": "2025-12-19T07:02:00Z"}, [0, 1]),
        ({"since": "2025-12-19T07:01:00Z", "until": "2025-12-19T15:02:00+08:00"}, [1]),
        ({"jobIds": job_ids(0, 2)}, [0, 2]),
        ({"errorClass": None, "jobIds": None}, [0, 1, 2, 3]),
    ],
    ids=str,
)
def test_a_filter_admits_exactly_those(wanted, numbers, admin, bury, cloud):
    for n in range(3):
        bury(n)
    bury(3, error_class=ErrorClass.PERMANENT, error_type="MessageRejected")

    assert admin.discard(filter=wanted, dryRun=True).json["matched"] == len(numbers)
    assert admin.discard(filter=wanted).json["discarded"] == len(numbers)

    discarded = {n for n in range(4) if cloud.job(job_ids(n)[0]).status is Status.DISCARDED}
    assert discarded == set(numbers)


def test_what_was_skipped_is_named_with_the_reason(admin, bury, cloud):
    bury(1)
    bury(2)
    cloud.hear_delivered(job_ids(2)[0])
    cloud.put(job_number(3))

    wanted = {"jobIds": job_ids(1, 2, 3, 4)}

    assert admin.replay(filter=wanted, dryRun=True).json["matched"] == 2
    answer = admin.replay(filter=wanted)

    assert changed(answer, "replayed") == (
        1,
        [
            {"jobId": job_ids(2)[0], "reason": "went-out"},
            {"jobId": job_ids(3)[0], "reason": "not-dead"},
            {"jobId": job_ids(4)[0], "reason": "not-found"},
        ],
        None,
    )
    assert cloud.job(job_ids(2)[0]).status is Status.COMPLETED


def test_who_did_it_and_why_is_kept_on_the_job_and_not_logged(admin, bury, said):
    bury(1)
    admin.replay(filter={"jobIds": job_ids(1)}, by="Дорж", reason="SES is back <b>now</b>")

    line = said.logged("job changed by hand")
    assert (line["job_id"], line["action"], line["run"]) == (job_ids(1)[0], "replayed", 2)
    assert "Дорж" not in said.text
    job = admin.job(job_ids(1)[0]).json

    assert job["interventions"] == [
        {
            "action": "replayed",
            "at": "2025-12-19T07:00:00.000Z",
            "by": "Дорж",
            "reason": "SES is back <b>now</b>",
        }
    ]


def test_a_discarded_job_stays_discarded(admin, bury, cloud, worker, sweeper, clock):
    bury(1)
    assert changed(admin.discard(filter={"jobIds": job_ids(1)}), "discarded") == (1, [], None)

    clock.advance(seconds=7_200)
    sweeper.sweep()
    assert changed(admin.replay(filter={"jobIds": job_ids(1)}), "replayed") == (
        0,
        [{"jobId": job_ids(1)[0], "reason": "not-dead"}],
        None,
    )
    cloud.resend(job_ids(1)[0])
    assert worker.take(cloud.receive()) == set()
    assert cloud.job(job_ids(1)[0]).status is Status.DISCARDED
    assert cloud.mails == []


def test_the_sweeper_removes_the_dead_letter_of_a_replayed_job(admin, bury, cloud, sweeper):
    bury(1)
    cloud.send_dead_letter(f'{{"jobId": "{job_ids(1)[0]}", "run": 1}}')
    admin.replay(**ALL)

    sweeper.sweep()

    assert cloud.count_dead_letters() == 0


def test_jobs_that_the_queue_does_not_take_are_sent_by_the_sweeper(
    open_admin, out_of_reach, bury, cloud, sweeper, clock, said
):
    bury(1)
    cut_off = out_of_reach("SQS", admin_parts)
    admin = open_admin(queue=cut_off.queue)

    assert changed(admin.replay(**ALL), "replayed") == (1, [], None)
    assert said.counted("NotQueued") == [1.0]

    clock.advance(seconds=61)
    sweeper.sweep()
    assert len(cloud.receive()) == 1


def test_a_dry_run_may_count_more_at_once_than_a_command_changes(admin, bury):
    for n in range(101):
        bury(n, died_at_ms=SIGNED_IN_AT_MS + n)
    assert admin.replay(**ALL, dryRun=True).json["matched"] == 101
    assert admin.replay(**ALL).json["replayed"] == 100
