"""The metrics that alarms and dashboards stand on: their names, units and namespace."""

import pytest

from functions.domain.errors import AccountDeliveryError
from tests.functions.events import a_body


def emf(said):
    """Return the one EMF document that a door wrote."""
    (document,) = said.metrics
    (directive,) = document["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "SigninNotifier"
    assert directive["Dimensions"] == [["service"]]
    assert document["service"] == "signin-notifier"
    assert set(document) == {"_aws", "service", *(m["Name"] for m in directive["Metrics"])}
    units = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    return {name: (unit, document[name]) for name, unit in units.items()}


def test_an_accepted_sign_in_is_counted(api, said):
    api.accept(a_body())

    assert emf(said) == {"Accepted": ("Count", [1.0])}


def test_a_sign_in_over_the_limit_is_counted(api, said):
    for _ in range(10):
        api.accept(a_body())
    said.forget()

    api.post(a_body())

    assert emf(said) == {"Refused": ("Count", [1.0])}


@pytest.mark.parametrize("body", ["{", a_body(email="nobody")])
def test_a_request_that_is_wrong_has_no_metric(body, api, said):
    api.post(body)

    assert said.metrics == []


def test_a_completed_job_is_counted_with_the_time_since_its_acceptance(
    api, worker, cloud, clock, said
):
    api.accept(a_body())
    said.forget()
    clock.advance(ms=1_234)

    worker.take(cloud.receive())

    assert emf(said) == {
        "Completed": ("Count", [1.0]),
        "EnqueueToSent": ("Milliseconds", [1234.0]),
    }


@pytest.mark.parametrize(
    ("address", "name"), [("down@simulator.test", "Retried"), ("reject@simulator.test", "Dead")]
)
def test_an_attempt_that_failed_is_counted_by_what_follows(address, name, api, worker, cloud, said):
    api.accept(a_body(email=address))
    said.forget()

    worker.take(cloud.receive())

    assert emf(said) == {name: ("Count", [1.0])}


def test_a_parked_job_is_counted(api, open_worker, cloud, said):
    class Paused:
        def send(self, mail, *, job):
            raise AccountDeliveryError(error_type="SendingPausedException", sentence="Paused.")

    api.accept(a_body())
    said.forget()

    open_worker(mailer=Paused()).take(cloud.receive())

    assert emf(said) == {"Parked": ("Count", [1.0])}


def test_a_batch_is_one_document_with_all_its_values(api, worker, cloud, said):
    for address in ("a@example.com", "b@example.com", "reject@simulator.test"):
        api.accept(a_body(email=address))
    said.forget()

    worker.take(cloud.receive())

    assert emf(said) == {
        "Completed": ("Count", [1.0, 1.0]),
        "EnqueueToSent": ("Milliseconds", [0.0, 0.0]),
        "Dead": ("Count", [1.0]),
    }


def test_a_dead_job_is_counted_once(api, worker, cloud, said):
    api.accept(a_body(email="reject@simulator.test"))
    records = cloud.receive()

    for _ in range(3):
        worker.take(records)

    assert said.counted("Dead") == [1.0]


def test_a_job_is_logged_from_its_acceptance_to_its_end(api, worker, cloud, clock, said):
    job_id = api.accept(a_body(email="fail-1@simulator.test"))
    records = cloud.receive()
    worker.take(records)
    clock.advance(seconds=2)
    worker.take(records)

    told = [
        {
            name: line[name]
            for name in ("level", "message", "attempt", "error_type", "wait_s", "elapsed_ms")
            if name in line
        }
        for line in said.log
    ]
    assert told == [
        {"level": "INFO", "message": "job accepted"},
        {
            "level": "WARNING",
            "message": "job retrying",
            "attempt": 1,
            "error_type": "SimulatedOutage",
            "wait_s": 2,
        },
        {"level": "INFO", "message": "job completed", "attempt": 2, "elapsed_ms": 2000},
    ]
    assert {line["job_id"] for line in said.log} == {job_id}
    assert {line["service"] for line in said.log} == {"signin-notifier"}
    assert all(line["function_request_id"] for line in said.log)
