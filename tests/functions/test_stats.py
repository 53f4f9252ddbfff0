"""Statistics as operators read them: states now, and what happened in each hour."""

import pytest

from functions.adapters.dynamodb.states import StateCounts
from functions.adapters.event_source import SourceState
from functions.domain.model import Status
from tests.builders import SIGNED_IN_AT_MS
from tests.functions.cloud import PRODUCER_KEY
from tests.functions.events import a_body
from tests.functions.wiring import SourceInState

NOTHING = {
    "accepted": 0,
    "refused": 0,
    "completed": 0,
    "retried": 0,
    "dead": 0,
    "successRate": None,
    "meanMs": None,
    "p95Ms": None,
    "deadByErrorType": {},
}


def test_a_service_that_nobody_has_used_says_so(admin):
    stats = admin.stats(hours="2").json

    assert stats["now"] == dict.fromkeys(["enqueued", "processing", "retrying", "parked", "dlq"], 0)
    assert stats["nowAtLeast"] == []
    assert stats["sum"] == NOTHING
    assert stats["hours"] == [
        {"hour": "2025-12-19T06:00:00.000Z", **NOTHING},
        {"hour": "2025-12-19T07:00:00.000Z", **NOTHING},
    ]


def test_states_with_more_jobs_than_were_counted_are_named(open_admin):
    class Many:
        def count(self):
            return StateCounts(counts={Status.DLQ: 10_000}, at_least=(Status.DLQ,))

    stats = open_admin(states=Many()).stats().json

    assert (stats["now"], stats["nowAtLeast"]) == ({"dlq": 10_000}, ["dlq"])


def test_what_became_of_each_sign_in_is_counted(admin, api, worker, cloud, clock):
    for address in ("ok", "ok", "reject", "down", "paused-1"):
        api.accept(a_body(userId=address, email=f"{address}@simulator.test"))
    for _ in range(9):
        api.accept(a_body(userId="busy", email="ok@simulator.test"))
    clock.advance(ms=400)
    worker.take(cloud.receive())
    api.accept(a_body(userId="busy", email="ok@simulator.test"))
    for _ in range(2):
        assert api.post(a_body(userId="busy")).status == 429

    stats = admin.stats().json

    assert stats["now"] == {"enqueued": 1, "processing": 0, "retrying": 1, "parked": 1, "dlq": 1}
    assert len(stats["hours"]) == 24
    assert stats["hours"][-1] == {
        "hour": "2025-12-19T07:00:00.000Z",
        "accepted": 14,
        "refused": 2,
        "completed": 11,
        "retried": 1,
        "dead": 1,
        "successRate": pytest.approx(11 / 12),
        "meanMs": 400,
        "p95Ms": 500,
        "deadByErrorType": {"SimulatedRejection": 1},
    }
    assert {name: value for name, value in stats["hours"][-1].items() if name != "hour"} == (
        stats["sum"]
    )


def test_the_sum_goes_over_the_hours_that_were_asked_for(admin, api, worker, cloud, clock):
    for _ in range(3):
        api.accept(a_body())
        worker.take(cloud.receive())
        clock.advance(seconds=3_600)

    assert [admin.stats(hours=str(n)).json["sum"]["completed"] for n in (1, 2, 3, 4, 168)] == [
        0,
        1,
        2,
        3,
        3,
    ]


def test_an_attempt_that_the_sweeper_ends_is_counted_too(admin, api, sweeper, cloud, clock):
    job_id = api.accept(a_body())
    cloud.claim(job_id, lease_until_ms=SIGNED_IN_AT_MS + 1_000)
    clock.advance(seconds=60)

    sweeper.sweep()

    stats = admin.stats().json["sum"]
    assert (stats["accepted"], stats["retried"]) == (1, 1)


def test_a_batch_costs_one_write_of_counters(api, open_worker, cloud):
    for n in range(10):
        api.accept(a_body(userId=f"user-{n}", email="ok@simulator.test"))

    class Counting:
        calls = 0

        def add(self, by_hour):
            self.calls += len(by_hour)

    counters = Counting()
    open_worker(counters=counters).take(cloud.receive())
    assert counters.calls == 1


def test_counters_that_cannot_be_written_cost_no_mail_and_no_refusal(
    api, open_api, open_worker, cloud, said
):
    class Broken:
        def add(self, by_hour):
            raise KeyError(a_body()["email"])

    job_id = api.accept(a_body())

    assert open_worker(counters=Broken()).take(cloud.receive()) == set()

    assert cloud.job(job_id).status == "completed"
    assert said.counted("CountersLost") == [1.0]
    line = said.logged("counters not written")
    assert line["error_type"] == "KeyError"
    assert a_body()["email"] not in said.text
    for _ in range(9):
        api.accept(a_body())
    assert open_api(counters=Broken()).post(a_body()).status == 429


@pytest.mark.parametrize("hours", ["0", "169", "-1", "x", "", "1.5"])
def test_an_impossible_number_of_hours_is_refused(hours, admin):
    answer = admin.stats(hours=hours)
    assert answer.status == 400
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/hours"]


@pytest.mark.parametrize("state", [*SourceState, None])
def test_whether_the_worker_is_fed_is_told_if_it_is_known(state, open_admin):
    admin = open_admin(worker_source=SourceInState(state))
    assert admin.stats().json["worker"] == state


def test_a_producer_sees_no_statistics(admin):
    assert admin.call("GET", "/api/admin/stats", key=PRODUCER_KEY).status == 403
