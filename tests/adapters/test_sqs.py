"""The queue: what its messages look like, and what is none of ours."""

import json

import pytest

from functions.adapters.sqs import DeadLetterQueue, JobQueue, Received, parse_message
from functions.domain.errors import Unavailable
from functions.domain.model import Message
from tests.builders import a_job

JOB_ID = a_job().job_id
MESSAGE = Message(job_id=JOB_ID, run=2)


def body(**fields):
    return json.dumps({"jobId": JOB_ID, "run": 2} | fields)


@pytest.fixture
def sqs(aws):
    return aws("sqs")


@pytest.fixture
def url(sqs):
    return sqs.create_queue(QueueName="jobs", Attributes={"VisibilityTimeout": "180"})["QueueUrl"]


def receive(sqs, url):
    return sqs.receive_message(QueueUrl=url).get("Messages", [])


def test_a_message_carries_the_job_and_the_run_and_nothing_else(sqs, url):
    JobQueue(sqs, queue_url=url).send(MESSAGE)
    (received,) = receive(sqs, url)
    assert json.loads(received["Body"]) == {"jobId": JOB_ID, "run": 2}


def test_a_message_that_was_put_off_for_no_time_is_there_again(sqs, url):
    queue = JobQueue(sqs, queue_url=url)
    queue.send(MESSAGE)
    (received,) = receive(sqs, url)
    assert receive(sqs, url) == []

    queue.put_off(received["ReceiptHandle"], wait_s=0)

    (again,) = receive(sqs, url)
    assert again["MessageId"] == received["MessageId"]


@pytest.mark.parametrize("silence", ["hangs", "resets", "closes"])
def test_a_queue_that_does_not_answer_is_unavailable(service, client_of, silence):
    getattr(service, silence)()
    queue = JobQueue(client_of("sqs", service.url), queue_url=f"{service.url}/1/jobs")
    with pytest.raises(Unavailable):
        queue.send(MESSAGE)
    with pytest.raises(Unavailable):
        queue.put_off("a receipt handle", wait_s=2)


def test_a_message_that_is_refused_makes_its_batch_unavailable_and_keeps_no_other(
    service, client_of
):
    refused = {"Id": "3", "SenderFault": False, "Code": "InternalError"}
    service.answers(200, json.dumps({"Successful": [], "Failed": [refused]}).encode())
    service.answers(200, json.dumps({"Successful": []}).encode())
    queue = JobQueue(client_of("sqs", service.url), queue_url=f"{service.url}/1/jobs")

    with pytest.raises(Unavailable):
        queue.send_all([Message(job_id=JOB_ID, run=run) for run in range(1, 12)])

    sent = [len(json.loads(body)["Entries"]) for body in service.bodies]
    assert sent == [10, 1]


@pytest.fixture
def dead_letters(sqs, url):
    return DeadLetterQueue(sqs, queue_url=url)


def test_an_empty_dead_letter_queue_has_no_messages(dead_letters):
    assert dead_letters.receive() == []
    assert dead_letters.count() == 0


def test_dead_letters_come_ten_at_a_time_and_are_not_shown_again_for_a_while(
    sqs, url, dead_letters
):
    bodies = {f"letter {n}" for n in range(13)}
    for text in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=text)
    assert dead_letters.count() == 13

    batches = [dead_letters.receive() for _ in range(3)]

    assert [len(batch) for batch in batches] == [10, 3, 0]
    assert {letter.body for batch in batches for letter in batch} == bodies
    assert dead_letters.count() == 0


def test_a_deleted_dead_letter_is_gone_and_another_comes_back(sqs, url, dead_letters):
    for text in ("deleted", "kept"):
        sqs.send_message(QueueUrl=url, MessageBody=text)
    letters = {letter.body: letter for letter in dead_letters.receive()}

    dead_letters.delete(letters["deleted"])

    JobQueue(sqs, queue_url=url).put_off(letters["kept"].receipt_handle, wait_s=0)
    assert [letter.body for letter in dead_letters.receive()] == ["kept"]


@pytest.mark.parametrize("silence", ["hangs", "resets", "closes"])
def test_a_dead_letter_queue_that_does_not_answer_is_unavailable(service, client_of, silence):
    getattr(service, silence)()
    queue = DeadLetterQueue(client_of("sqs", service.url), queue_url=f"{service.url}/1/dead")
    with pytest.raises(Unavailable):
        queue.receive()
    with pytest.raises(Unavailable):
        queue.delete(Received(body="", receipt_handle="a receipt handle"))
    with pytest.raises(Unavailable):
        queue.count()


def test_a_message_is_read_back():
    assert parse_message(body()) == MESSAGE


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        " ",
        "null",
        "true",
        "7",
        '"signin"',
        "[]",
        "{}",
        "{",
        "hello",
        "\x00",
        "\ud800",
        "ÿþ{}",
        "[" * 100_000,
        '{"a":' * 100_000,
        body() + body(),
        json.dumps([{"jobId": JOB_ID, "run": 2}]),
        json.dumps({"jobId": JOB_ID}),
        json.dumps({"run": 2}),
        json.dumps({"job_id": JOB_ID, "run": 2}),
        body(more="x"),
    ],
)
def test_what_is_not_json_of_our_form_is_no_message(rubbish):
    assert parse_message(rubbish) is None


@pytest.mark.parametrize(
    "job_id",
    [
        None,
        7,
        "",
        "signin-",
        JOB_ID.upper(),
        JOB_ID + "\n",
        "\n" + JOB_ID,
        JOB_ID + "0",
        JOB_ID[:-1],
        "user#" + JOB_ID,
        "signin-" + "g" * 36,
        "signin-" + "٣" * 36,
        [JOB_ID],
    ],
)
def test_what_does_not_name_a_job_is_no_message(job_id):
    assert parse_message(body(jobId=job_id)) is None


@pytest.mark.parametrize("run", [None, 0, -1, 1.0, 1.5, "1", True, [1], 10**40, float("nan")])
def test_what_does_not_name_a_run_is_no_message(run):
    assert parse_message(body(run=run)) is None


def test_a_run_of_countless_digits_is_no_message():
    assert parse_message(f'{{"jobId": "{JOB_ID}", "run": {"9" * 100_000}}}') is None
