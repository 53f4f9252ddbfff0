"""One batch in: each message ends by itself, and only what is not done stays on the queue."""

import json

import pytest

from functions.domain.errors import AccountDeliveryError
from functions.domain.model import Message, Status
from tests.functions.events import a_body, record, texts


def message(job_id):
    return json.dumps({"jobId": job_id, "run": 1})


@pytest.fixture
def batch(open_worker, put_off):
    """Return a way to take a batch; what it gives is a pair: who stays, and for how long."""
    worker = open_worker(queue=put_off)

    def take(records):
        put_off.waits.clear()
        stayed = worker.take(records)
        names = {record["receiptHandle"]: record["messageId"] for record in records}
        return stayed, {names[handle]: wait_s for handle, wait_s in put_off.waits.items()}

    return take


def test_a_batch_of_sign_ins_is_mailed_once_each_and_leaves_the_queue(api, batch, cloud):
    job_ids = [api.accept(a_body(userId=f"u{n}", email=f"u{n}@example.com")) for n in range(10)]

    stayed, waits = batch(cloud.receive())

    assert (stayed, waits) == (set(), {})
    assert sorted(mail.destinations["ToAddresses"][0] for mail in cloud.mails) == [
        f"u{n}@example.com" for n in range(10)
    ]
    assert {api.stored(job_id).status for job_id in job_ids} == {Status.COMPLETED}


def test_every_message_of_a_mixed_batch_ends_as_it_deserves(api, batch, cloud, clock):
    addresses = {
        "ok": "batbold@example.com",
        "fails": "down@simulator.test",
        "refused": "reject@simulator.test",
        "early": "down@simulator.test",
        "dead": "reject@simulator.test",
        "completed": "done@example.com",
        "stale run": "stale@example.com",
    }
    jobs = {name: api.accept(a_body(userId=name, email=to)) for name, to in addresses.items()}
    names = {job_id: name for name, job_id in jobs.items()}
    received = {names[json.loads(r["body"])["jobId"]]: r for r in cloud.receive()}
    batch([received[name] for name in ("early", "dead", "completed")])
    clock.advance(ms=500)
    cloud.mails.clear()

    cloud.raise_run(jobs["stale run"])
    named = [{**one, "messageId": name} for name, one in received.items()]
    nobodys = message("signin-019b3568-8180-7000-8000-00000000ffff")

    stayed, waits = batch([*named, record(nobodys, message_id="unknown job")])

    assert stayed == {"fails", "refused", "early", "dead"}
    assert waits == {"fails": 2, "refused": 0, "early": 2, "dead": 0}
    assert [mail.destinations["ToAddresses"] for mail in cloud.mails] == [["batbold@example.com"]]
    assert {name: api.stored(job_id).status.value for name, job_id in jobs.items()} == {
        "ok": "completed",
        "fails": "retrying",
        "refused": "dlq",
        "early": "retrying",
        "dead": "dlq",
        "completed": "completed",
        "stale run": "enqueued",
    }


@pytest.mark.parametrize(
    "body",
    [
        "rubbish",
        "",
        "null",
        "[]",
        "{}",
        '{"jobId": "signin-019b3568-8180-7000-8000-000000000001"}',
        '{"jobId": "signin-019b3568-8180-7000-8000-000000000001", "run": 0}',
        '{"jobId": "signin-019b3568-8180-7000-8000-000000000001", "run": "1"}',
        '{"jobId": "signin-019b3568-8180-7000-8000-000000000001", "run": 1, "email": "a@b.mn"}',
        '{"jobId": "signin-019b3568-8180-7000-8000-000000000001\\n", "run": 1}',
        '{"jobId": "user#user-8161", "run": 1}',
        '{"default": "an event of somebody else"}',
    ],
)
def test_a_message_that_is_no_job_fails_on_at_once_and_holds_nobody_up(
    body, api, batch, cloud, said
):
    job_id = api.accept(a_body())
    (good,) = cloud.receive()
    api.accept(a_body(userId="other"))
    (received,) = cloud.receive()
    rubbish = {**received, "body": body}

    stayed, waits = batch([rubbish, good])

    assert stayed == {rubbish["messageId"]}
    assert waits == {rubbish["messageId"]: 0}
    assert api.stored(job_id).status is Status.COMPLETED
    line = said.logged("message is no job")
    assert (line["level"], line["message_id"]) == ("ERROR", rubbish["messageId"])
    assert "a@b.mn" not in said.text


def test_a_message_put_off_by_no_time_is_there_again_at_once(api, worker, cloud):
    api.accept(a_body(email="reject@simulator.test"))
    worker.take(cloud.receive())

    (again,) = cloud.receive()
    assert again["attributes"]["ApproximateReceiveCount"] == "2"


def test_a_message_put_off_is_not_there_before_its_time(api, worker, cloud):
    # For two minutes: nothing here takes as long.
    api.accept(a_body(email="unknown-lost@simulator.test"))
    worker.take(cloud.receive())

    assert cloud.receive() == []


def test_a_message_delivered_twice_is_one_mail(api, batch, cloud):
    api.accept(a_body())
    (received,) = cloud.receive()

    assert batch([received, {**received, "messageId": "twin"}]) == (set(), {})
    assert batch([received]) == (set(), {})
    assert len(cloud.mails) == 1


def claim_for_another_worker(wired, job_id, clock):
    wired.worker.jobs.claim(
        Message(job_id=job_id, run=1),
        fence="theirs",
        now_ms=clock(),
        lease_until_ms=clock() + wired.worker.lease_ms,
    )


def test_a_job_in_another_workers_hands_is_left_there(api, wired, batch, cloud, clock):
    job_id = api.accept(a_body())
    (received,) = cloud.receive()
    claim_for_another_worker(wired, job_id, clock)
    clock.advance(seconds=35, ms=-1)

    assert batch([received]) == (set(), {})
    assert api.stored(job_id).fence == "theirs"
    assert cloud.mails == []


def test_a_job_whose_worker_died_is_tried_once_more_after_two_minutes(
    api, wired, batch, cloud, clock
):
    job_id = api.accept(a_body())
    (received,) = cloud.receive()
    claim_for_another_worker(wired, job_id, clock)
    clock.advance(seconds=35)

    assert batch([received]) == ({received["messageId"]}, {received["messageId"]: 120})
    shown = api.get(job_id).json
    assert (shown["status"], shown["errorType"]) == ("retrying", "LeaseExpired")
    clock.advance(seconds=120)
    assert batch([received]) == (set(), {})
    assert len(cloud.mails) == 1


def test_a_job_that_the_account_cannot_send_is_parked_and_its_message_is_done(
    api, open_worker, put_off, cloud, clock, said
):
    class Paused:
        def send(self, mail, *, job):
            raise AccountDeliveryError(error_type="SendingPausedException", sentence="Paused.")

    job_id = api.accept(a_body())

    assert open_worker(mailer=Paused(), queue=put_off).take(cloud.receive()) == set()

    assert put_off.waits == {}
    job = api.stored(job_id)
    assert (job.status, job.attempt_count) == (Status.PARKED, 0)
    assert job.due_ms == clock() + 600_000
    assert said.logged("job parked")["error_class"] == "account"
    assert said.counted("Parked") == [1.0]


class Unforeseen(Exception):
    """What nobody foresaw."""


def test_one_records_unforeseen_error_is_not_its_batchs(api, open_worker, wired, cloud, said):
    unlucky = api.accept(a_body(userId="unlucky"))
    lucky = api.accept(a_body())
    # Made here, so that no frame's source line holds its text.
    error = Unforeseen("batbold@example.com")

    class Jobs:
        move = wired.worker.jobs.move
        take = wired.worker.jobs.take

        def claim(self, message, **claim):
            if message.job_id == unlucky:
                raise error
            return wired.worker.jobs.claim(message, **claim)

    records = cloud.receive()
    stayed = open_worker(jobs=Jobs()).take(records)

    assert stayed == {r["messageId"] for r in records if unlucky in r["body"]}
    assert api.stored(lucky).status is Status.COMPLETED
    line = said.logged("delivery failed unforeseen")
    assert (line["job_id"], line["error_type"]) == (unlucky, "Unforeseen")
    assert "in claim" in line["frames"]


def test_the_log_names_the_job_and_no_person(api, worker, cloud, said):
    addresses = ["ok@simulator.test", "down@simulator.test", "reject@simulator.test"]
    bodies = [a_body(userId=f"user-{to}", email=to, name="Batbold Ganbold") for to in addresses]
    job_ids = [api.accept(body) for body in bodies]
    records = cloud.receive()
    worker.take(records)
    worker.take(records)

    assert len(said.log) == 9
    assert {line["job_id"] for line in said.log} == set(job_ids)
    for text in [text for body in bodies for text in texts(body | {"provider": ...})]:
        assert text not in said.text
    assert "local-producer-key" not in said.text


def test_a_message_waits_for_its_turn_before_its_job_is_claimed(api, open_worker, cloud):
    job_id = api.accept(a_body())
    seen = []

    class Turn:
        def wait(self):
            seen.append(cloud.job(job_id).status)

    open_worker(pace=Turn()).take(cloud.receive())

    assert seen == [Status.ENQUEUED]
    assert cloud.job(job_id).status is Status.COMPLETED
