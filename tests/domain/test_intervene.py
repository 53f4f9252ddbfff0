"""What an operator's command makes of dead jobs, and of all others."""

from dataclasses import replace

import pytest

from functions.domain.errors import Unavailable
from functions.domain.feedback import DeliveryEvent
from functions.domain.intervene import Command, Why, intervene
from functions.domain.life import PICK_UP_MS
from functions.domain.model import Action, Delivery, Intervention, Message, Status
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_job, a_sign_in, job_number
from tests.fakes import Outage

NOW_MS = SIGNED_IN_AT_MS + 3_600_000
COMMANDS = {
    action: Command(action=action, by="Дорж", reason="SES is back")
    for action in (Action.REPLAYED, Action.DISCARDED)
}


def dead(n=0, **changes):
    values = {
        "status": Status.DLQ,
        "processed_at_ms": NOW_MS - 1_000,
        "attempt_count": 5,
        "tries": 7,
        "unknown_outcomes": 1,
        "times_parked": 2,
        "last_failure": a_failure(),
        "sign_in": a_sign_in(user_id=f"user-{n}"),
    }
    return job_number(n, **values | changes)


@pytest.fixture
def do(jobs, queue):
    def do(action, *job_ids, reader=None, moves=None):
        return intervene(
            job_ids,
            COMMANDS[action],
            reader=reader or jobs,
            jobs=moves or jobs,
            queue=queue,
            now_ms=NOW_MS,
        )

    return do


def noted(action):
    return Intervention(action=action, at_ms=NOW_MS, by="Дорж", reason="SES is back")


def test_a_replayed_job_begins_a_new_run_with_fresh_attempts(do, put, jobs, queue):
    job = put(dead())

    result = do(Action.REPLAYED, job.job_id)

    expected = replace(
        job,
        status=Status.ENQUEUED,
        processed_at_ms=None,
        run=2,
        attempt_count=0,
        unknown_outcomes=0,
        times_parked=0,
        not_before_ms=NOW_MS,
        due_ms=NOW_MS + PICK_UP_MS,
        last_failure=None,
        interventions=(noted(Action.REPLAYED),),
    )
    assert jobs.read(job.job_id, now_ms=NOW_MS) == expected
    assert expected.tries == 7
    assert result.done == (expected,)
    assert result.skipped == {}
    assert result.queued
    assert queue.sent == [Message(job_id=job.job_id, run=2)]


def test_a_discarded_job_has_ended_for_good_and_keeps_what_it_died_of(do, put, jobs, queue):
    job = put(dead())

    assert len(do(Action.DISCARDED, job.job_id).done) == 1

    assert jobs.read(job.job_id, now_ms=NOW_MS) == replace(
        job, status=Status.DISCARDED, interventions=(noted(Action.DISCARDED),)
    )
    assert queue.sent == []


@pytest.mark.parametrize("action", COMMANDS)
def test_a_command_given_twice_changes_nothing_more(action, do, put, jobs, queue):
    job = put(dead())
    do(action, job.job_id)
    before, sent = jobs.read(job.job_id, now_ms=NOW_MS), list(queue.sent)

    again = do(action, job.job_id)

    assert again.done == ()
    assert again.skipped == {job.job_id: Why.NOT_DEAD}
    assert jobs.read(job.job_id, now_ms=NOW_MS) == before
    assert queue.sent == sent


def test_an_id_that_is_named_twice_is_replayed_once(do, put, queue):
    job = put(dead())
    assert len(do(Action.REPLAYED, job.job_id, job.job_id).done) == 1
    assert len(queue.sent) == 1


def test_a_job_whose_mail_is_known_to_have_left_is_completed_and_not_sent(do, put, jobs, queue):
    job = put(dead())
    jobs.record(DeliveryEvent(job_id=job.job_id, delivery=Delivery.DELIVERED))

    result = do(Action.REPLAYED, job.job_id)

    assert result.done == ()
    assert result.skipped == {job.job_id: Why.WENT_OUT}
    stored = jobs.read(job.job_id, now_ms=NOW_MS)
    assert (stored.status, stored.run) == (Status.COMPLETED, 1)
    assert stored.interventions == (noted(Action.COMPLETED),)
    assert queue.sent == []


def test_a_job_whose_mail_has_left_can_be_discarded(do, put, jobs):
    job = put(dead())
    jobs.record(DeliveryEvent(job_id=job.job_id, delivery=Delivery.DELIVERED))
    assert len(do(Action.DISCARDED, job.job_id).done) == 1


def test_a_message_without_a_sign_in_can_be_discarded_but_not_replayed(do, put, jobs):
    nobody = a_sign_in(user_id="", email="", provider="")
    job = put(dead(sign_in=nobody))

    assert do(Action.REPLAYED, job.job_id).skipped == {job.job_id: Why.NO_RECIPIENT}
    assert jobs.read(job.job_id, now_ms=NOW_MS) == job
    assert len(do(Action.DISCARDED, job.job_id).done) == 1


@pytest.mark.parametrize("action", COMMANDS)
@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DLQ}))
def test_only_dead_jobs_are_changed(action, status, do, put, jobs):
    job = put(a_job(status=status))
    assert do(action, job.job_id).skipped == {job.job_id: Why.NOT_DEAD}
    assert jobs.read(job.job_id, now_ms=NOW_MS) == job


def test_a_job_that_is_gone_is_skipped_and_the_others_have_their_turn(do, put):
    there = put(dead(1))
    result = do(Action.REPLAYED, dead(2).job_id, there.job_id)
    assert [job.job_id for job in result.done] == [there.job_id]
    assert result.skipped == {dead(2).job_id: Why.NOT_FOUND}


def test_of_two_operators_at_once_only_one_replays(do, put, jobs, queue):
    job = put(dead())

    class Slow:
        """Reads before the other operator's command, and goes on after it."""

        def read_many(self, job_ids, *, now_ms):
            found = jobs.read_many(job_ids, now_ms=now_ms)
            theirs = Command(action=Action.REPLAYED, by="Сараа", reason=None)
            intervene(job_ids, theirs, reader=jobs, jobs=jobs, queue=queue, now_ms=now_ms)
            return found

    result = do(Action.REPLAYED, job.job_id, reader=Slow())

    assert result.skipped == {job.job_id: Why.MOVED_MEANWHILE}
    assert len(queue.sent) == 1


@pytest.mark.parametrize(
    ("action", "status"),
    [(Action.REPLAYED, Status.COMPLETED), (Action.DISCARDED, Status.DISCARDED)],
)
def test_an_event_that_comes_in_between_is_heard(action, status, do, put, jobs, queue):
    job = put(dead())

    class Slow:
        """Reads before the event, and goes on after it."""

        def read_many(self, job_ids, *, now_ms):
            found = jobs.read_many(job_ids, now_ms=now_ms)
            jobs.record(DeliveryEvent(job_id=job.job_id, delivery=Delivery.SENT))
            return found

    do(action, job.job_id, reader=Slow())

    assert jobs.read(job.job_id, now_ms=NOW_MS).status is status
    assert queue.sent == []


def test_a_table_that_stops_answering_leaves_the_rest_named(do, put, jobs, queue):
    ids = [put(dead(n)).job_id for n in range(4)]

    class Failing:
        """Answers for the first job only."""

        asked = 0

        def move(self, before, after):
            self.asked += 1
            if self.asked > 1:
                raise Unavailable
            jobs.move(before, after)

    moves = Failing()
    result = do(Action.REPLAYED, *ids, moves=moves)

    assert [job.job_id for job in result.done] == ids[:1]
    assert result.skipped == dict.fromkeys(ids[1:], Why.UNAVAILABLE)
    assert moves.asked == 2
    assert [message.job_id for message in queue.sent] == ids[:1]


def test_a_table_that_cannot_be_read_changes_nothing(do, put, jobs, queue):
    job = put(dead())
    jobs.outages.append(Outage.BEFORE_IT_ACTED)
    with pytest.raises(Unavailable):
        do(Action.REPLAYED, job.job_id)
    assert jobs.read(job.job_id, now_ms=NOW_MS) == job
    assert queue.sent == []


def test_jobs_that_the_queue_does_not_take_are_replayed_all_the_same(do, put, jobs, queue):
    job = put(dead())
    queue.outages.append(Outage.BEFORE_IT_ACTED)

    result = do(Action.REPLAYED, job.job_id)

    assert len(result.done) == 1
    assert not result.queued
    assert jobs.read(job.job_id, now_ms=NOW_MS).due_ms == NOW_MS + PICK_UP_MS
