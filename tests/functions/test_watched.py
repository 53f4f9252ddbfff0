"""Everything that operators' alarms, dashboard and queries stand on is really written."""

import json

import pytest

from functions.bootstrap.api import api_parts
from functions.bootstrap.report import report_parts
from functions.bootstrap.sweeper import sweeper_parts
from functions.bootstrap.worker import worker_parts
from functions.domain.model import Status
from tests.builders import SIGNED_IN_AT_MS, job_number
from tests.functions.events import a_body, record
from tests.watched import LINES, METRICS


def event(event_type, job_id, **more):
    body = {
        "eventType": event_type,
        "mail": {"timestamp": "2017-08-05T00:40:02.012Z", "tags": {"jobId": [job_id]}},
        **more,
    }
    return record(json.dumps(body), message_id=event_type)


class Broken:
    """A part that fails as nobody foresaw."""

    def due(self, statuses, *, now_ms, limit):
        raise KeyError

    def add(self, by_hour):
        raise KeyError

    def claim(self, message, **_):
        raise KeyError

    def take(self):
        return {}


@pytest.fixture
def report_unheard(open_report, out_of_reach, mail):
    """Return a way to report the n-th job while the bus is silent."""
    door = open_report(bus=out_of_reach("EVENTBRIDGE", report_parts).bus)
    return lambda n: door.confirm(mail(n))


@pytest.fixture
def eventful(
    open_api, open_worker, feedback, open_sweeper, report_unheard, out_of_reach, cloud, said
):
    """A day on which all happened that can happen."""
    api, worker = open_api(), open_worker()
    for _ in range(11):
        api.post(a_body())
    for wish in ("fail-1", "reject", "paused-1"):
        api.accept(a_body(userId=wish, email=f"{wish}@simulator.test"))
    worker.take(cloud.receive())

    told_of = job_number(1)
    cloud.put(told_of)
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "a@example.com"}]}
    feedback.take([event("Bounce", told_of.job_id, bounce=bounce)])
    feedback.take([event("Complaint", told_of.job_id, complaint={})])

    # A worker died in its second attempt of unknown outcome, and another after its mail had left.
    for n, unknown_outcomes in ((2, 1), (3, 0)):
        cloud.put(
            job_number(
                n,
                status=Status.PROCESSING,
                fence="fence",
                lease_until_ms=SIGNED_IN_AT_MS,
                due_ms=SIGNED_IN_AT_MS,
                unknown_outcomes=unknown_outcomes,
            )
        )
    feedback.take([event("Delivery", job_number(3).job_id)])
    cloud.send_dead_letter("rubbish")
    open_sweeper().sweep()

    api.accept(a_body(userId="unsigned"))
    unsigned = out_of_reach("SECRETS_MANAGER", worker_parts).renderer
    open_worker(renderer=unsigned).take(cloud.receive())

    report_unheard(4)
    open_sweeper(dead_letters=out_of_reach("SQS", sweeper_parts).dead_letters).sweep()
    open_worker(jobs=Broken()).take(cloud.receive())
    from functions.sweeper import DutyFailed  # noqa: PLC0415 - reads the environment at import

    with pytest.raises(DutyFailed):
        open_sweeper(repairs=Broken()).sweep()
    open_api(counters=Broken()).post(a_body())
    open_api(queue=out_of_reach("SQS", api_parts).queue).post(a_body(userId="late"))
    return said


def test_every_metric_is_written_with_its_unit_and_there_are_no_others(eventful):
    written = {
        metric["Name"]: metric["Unit"]
        for document in eventful.metrics
        for directive in document["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
    }
    assert written == METRICS


def test_every_line_that_queries_read_has_the_fields_that_they_read(eventful):
    for message, fields in LINES.items():
        lines = [line for line in eventful.log if line["message"] == message]
        assert lines, message
        for line in lines:
            assert fields <= line.keys()
    # What the sweeper ends is told apart by its status alone.
    repaired = [line["status"] for line in eventful.log if line["message"] == "job repaired"]
    assert sorted(repaired) == ["completed", "dlq"]
