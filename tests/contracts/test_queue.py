"""`Queue`: what was sent arrives; whatever stands in the way is `Unavailable`."""

import pytest

from functions.adapters.sqs import JobQueue, parse_message
from functions.domain.errors import Unavailable
from functions.domain.model import Message
from tests.builders import a_job
from tests.fakes import InMemoryQueue, Outage


class InMemory:
    """The fake, and how it is read and cut off."""

    def __init__(self):
        self.queue = InMemoryQueue()

    def arrived(self):
        return self.queue.sent

    def cut_off(self):
        self.queue.outages.append(Outage.BEFORE_IT_ACTED)


class InSqs:
    """A queue of SQS, and how it is read and cut off."""

    def __init__(self, client):
        self._client = client
        self._url = client.create_queue(QueueName="jobs")["QueueUrl"]
        self.queue = JobQueue(client, queue_url=self._url)

    def arrived(self):
        arrived = []
        while messages := self._client.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=10
        ).get("Messages"):
            arrived += [parse_message(message["Body"]) for message in messages]
        return arrived

    def cut_off(self):
        self._client.delete_queue(QueueUrl=self._url)


@pytest.fixture(params=["in memory", "in SQS"])
def place(request):
    if request.param == "in memory":
        return InMemory()
    return InSqs(request.getfixturevalue("aws")("sqs"))


def test_what_was_sent_arrives(place):
    messages = [Message(job_id=a_job().job_id, run=run) for run in (1, 2)]
    for message in messages:
        place.queue.send(message)
    assert sorted(place.arrived(), key=lambda message: message.run) == messages


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
def test_many_messages_are_sent_at_once(count, place):
    messages = [Message(job_id=a_job().job_id, run=run) for run in range(1, count + 1)]
    place.queue.send_all(messages)
    assert sorted(place.arrived(), key=lambda message: message.run) == messages


def test_a_queue_that_cannot_take_many_messages_is_unavailable(place):
    place.cut_off()
    with pytest.raises(Unavailable):
        place.queue.send_all([Message(job_id=a_job().job_id, run=1)])


def test_a_queue_that_cannot_take_a_message_is_unavailable(place):
    place.cut_off()
    with pytest.raises(Unavailable):
        place.queue.send(Message(job_id=a_job().job_id, run=1))


def test_a_message_that_cannot_be_put_off_is_unavailable(place):
    place.cut_off()
    with pytest.raises(Unavailable):
        place.queue.put_off("a receipt handle", wait_s=2)
