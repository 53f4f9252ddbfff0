"""The operators' list of dead jobs: newest first, filtered, a page at a time."""

from functions.domain.model import ErrorClass, Status
from tests.builders import SIGNED_IN_AT_MS, a_failure, job_number
from tests.functions.events import a_body


def listed(answer):
    assert answer.status == 200
    assert answer.json["count"] == len(answer.json["jobs"])
    return [int(job["jobId"][-12:], 16) for job in answer.json["jobs"]]


def test_a_stage_without_dead_jobs_lists_none(admin, api, cloud, worker):
    api.accept(a_body())
    worker.take(cloud.receive())
    api.accept(a_body(email="down@simulator.test"))
    worker.take(cloud.receive())
    api.accept(a_body())

    answer = admin.dlq()

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json == {"count": 0, "jobs": [], "nextCursor": None}


def test_a_dead_job_is_listed_with_what_is_known_of_it(admin, api, cloud, worker, clock):
    job_id = api.accept(a_body(email="reject@simulator.test"))
    clock.advance(seconds=3)
    worker.take(cloud.receive())

    assert admin.dlq().json == {
        "count": 1,
        "jobs": [
            {
                "jobId": job_id,
                "jobType": "user.signin.notification",
                "status": "dlq",
                "error": "The simulator was asked to refuse the mail.",
                "errorClass": "permanent",
                "errorType": "SimulatedRejection",
                "attemptCount": 1,
                "createdAt": "2025-12-19T07:00:00.000Z",
                "processedAt": "2025-12-19T07:00:03.000Z",
                "recipient": "r***@simulator.test",
                "mayHaveLeft": False,
            }
        ],
        "nextCursor": None,
    }


def test_a_dead_job_whose_mail_may_have_left_is_listed_as_one(admin, cloud):
    cloud.put(
        job_number(
            1,
            status=Status.DLQ,
            processed_at_ms=SIGNED_IN_AT_MS,
            unknown_outcomes=2,
            last_failure=a_failure(error_class=ErrorClass.UNKNOWN),
        )
    )
    [dead] = admin.dlq().json["jobs"]
    assert dead["mayHaveLeft"] is True


def test_dead_jobs_are_listed_newest_first(admin, bury):
    for n in (3, 1, 4, 0, 5, 2):
        bury(n)

    assert listed(admin.dlq()) == [5, 4, 3, 2, 1, 0]


def test_an_answer_has_at_most_50_jobs_unless_asked_otherwise(admin, bury):
    for n in range(51):
        bury(n)

    assert listed(admin.dlq()) == list(range(50, 0, -1))
    assert listed(admin.dlq(limit="100")) == list(range(50, -1, -1))


def test_a_filter_by_class_and_type_admits_exactly_those(admin, bury):
    bury(0)
    bury(1, error_class=ErrorClass.PERMANENT, error_type="BadRequestException")
    bury(2)
    bury(3, error_class=ErrorClass.PERMANENT, error_type="MessageRejected")

    assert [
        listed(admin.dlq(**query))
        for query in (
            {"errorClass": "permanent"},
            {"errorClass": "account"},
            {"errorType": "MessageRejected"},
            {"errorType": "messagerejected"},
            {"errorClass": "permanent", "errorType": "BadRequestException"},
            {"errorClass": "transient", "errorType": "BadRequestException"},
            {"errorClass": "permanent", "since": "2025-12-19T07:02:00Z"},
        )
    ] == [[3, 1], [], [3], [], [1], [], [3]]


def test_since_is_included_and_until_is_not(admin, bury):
    for n in range(4):
        bury(n)

    assert [
        listed(admin.dlq(**query))
        for query in (
            {"since": "2025-12-19T07:02:00Z"},
            {"since": "2025-12-19T07:02:00.001Z"},
            {"until": "2025-12-19T07:02:00Z"},
            {"until": "2025-12-19T07:02:00.001Z"},
            {"since": "2025-12-19T15:01:00+08:00", "until": "2025-12-19T15:03:00+08:00"},
            {"since": "2025-12-19T07:02:00Z", "until": "2025-12-19T07:02:00Z"},
            {"since": "2025-12-19T07:03:00Z", "until": "2025-12-19T07:01:00Z"},
        )
    ] == [[3, 2], [3], [1, 0], [2, 1, 0], [2, 1], [], []]


def test_times_of_any_year_can_be_asked_for(admin, bury):
    for n in range(2):
        bury(n)

    for early in ("0001-01-01T00:00:00+23:59", "1969-12-31T23:59:59Z"):
        assert listed(admin.dlq(since=early)) == [1, 0]
        assert listed(admin.dlq(until=early)) == []
    for late in ("2300-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"):
        assert listed(admin.dlq(since=late)) == []
        assert listed(admin.dlq(until=late)) == [1, 0]


def pages(admin, **query):
    """Return the numbers on each page, from the first to the last."""
    found = []
    cursor = {}
    while True:
        answer = admin.dlq(**query, **cursor)
        found.append(listed(answer))
        if answer.json["nextCursor"] is None:
            return found
        cursor = {"cursor": answer.json["nextCursor"]}


def test_a_cursor_leads_on_to_the_next_page_until_the_last(admin, bury):
    for n in range(7):
        bury(n)

    assert pages(admin, limit="3") == [[6, 5, 4], [3, 2, 1], [0]]
    assert pages(admin, limit="7") == [[6, 5, 4, 3, 2, 1, 0]]


def test_jobs_that_died_in_the_same_millisecond_are_each_listed_once(admin, bury):
    for n in range(7):
        bury(n, died_at_ms=SIGNED_IN_AT_MS)

    assert pages(admin, limit="2") == [[6, 5], [4, 3], [2, 1], [0]]


def test_a_job_that_dies_between_two_pages_shifts_nothing(admin, bury):
    for n in range(4):
        bury(n)
    first = admin.dlq(limit="2")

    bury(4)

    assert listed(first) == [3, 2]
    assert listed(admin.dlq(limit="2", cursor=first.json["nextCursor"])) == [1, 0]


def test_a_cursor_goes_on_under_the_same_filter(admin, bury):
    for n in range(8):
        bury(n, error_class=ErrorClass.PERMANENT if n % 2 else ErrorClass.TRANSIENT)

    # The last page found nothing more behind what the one before examined.
    assert pages(admin, limit="2", errorClass="permanent") == [[7, 5], [3, 1], []]
    assert pages(admin, limit="2", since="2025-12-19T07:02:00Z", until="2025-12-19T07:07:00Z") == [
        [6, 5],
        [4, 3],
        [2],
    ]


def test_a_cursor_is_opaque_and_carries_no_personal_data(admin, bury):
    for n in range(2):
        bury(n)

    cursor = admin.dlq(limit="1").json["nextCursor"]

    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert "signin" not in cursor
