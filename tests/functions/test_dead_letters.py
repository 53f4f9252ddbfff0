"""The operators' list of dead jobs: newest first, filtered, a page at a time."""

import pytest

from functions.domain.model import ErrorClass, Failure, Status
from tests.builders import SIGNED_IN_AT_MS, a_job, a_sign_in
from tests.functions.events import a_body

MINUTE_MS = 60_000

#: `limit`, `since`... that break their rules
BAD_QUERIES = [
    {"limit": "0"},
    {"limit": "101"},
    {"limit": "-1"},
    {"limit": "ten"},
    {"limit": "1.5"},
    {"limit": ""},
    {"errorClass": "fatal"},
    {"errorClass": "TRANSIENT"},
    {"errorClass": ""},
    {"errorType": ""},
    {"errorType": "x" * 201},
    {"since": "yesterday"},
    {"since": "2025-12-18"},
    {"since": "2025-12-19T07:00:00"},
    {"since": "1766127600000"},
    {"until": "2025-02-30T07:00:00Z"},
    {"until": ""},
    {"cursor": "x" * 1001},
    {"status": "dlq"},
    {"error_class": "transient"},
    {"userId": "user-8161"},
]


@pytest.fixture
def bury(wired, cloud):
    """Return a way to write the n-th dead job, which died n minutes after 07:00."""

    def dead(n, *, error_class=ErrorClass.TRANSIENT, error_type="SimulatedOutage", died_at_ms=None):
        if died_at_ms is None:
            died_at_ms = SIGNED_IN_AT_MS + n * MINUTE_MS
        job = a_job(
            job_id=f"signin-{n:08d}-0000-7000-8000-000000000000",
            sign_in=a_sign_in(user_id=f"user-{n}"),
            status=Status.DLQ,
            processed_at_ms=died_at_ms,
            attempt_count=5,
            last_failure=Failure(
                error_class=error_class,
                error_type=error_type,
                error="It did not work.",
                stack_trace="in _obey",
            ),
        )
        wired.api.acceptance.add(job, window_start_ms=0)
        return job.job_id

    return dead


def listed(answer):
    assert answer.status == 200
    assert answer.json["count"] == len(answer.json["jobs"])
    return [int(job["jobId"][7:15]) for job in answer.json["jobs"]]


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
            }
        ],
        "nextCursor": None,
    }


def test_dead_jobs_are_listed_newest_first(admin, bury):
    for n in (3, 1, 4, 0, 5, 2):
        bury(n)

    assert listed(admin.dlq()) == [5, 4, 3, 2, 1, 0]


def test_an_answer_has_at_most_50_jobs_unless_asked_otherwise(admin, bury):
    for n in range(51):
        bury(n)

    assert listed(admin.dlq()) == list(range(50, 0, -1))
    assert listed(admin.dlq(limit="100")) == list(range(50, -1, -1))
    assert listed(admin.dlq(limit="1")) == [50]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"errorClass": "permanent"}, [5, 3]),
        ({"errorClass": "account"}, []),
        ({"errorType": "MessageRejected"}, [5]),
        ({"errorType": "messagerejected"}, []),
        ({"errorClass": "permanent", "errorType": "BadRequestException"}, [3]),
        ({"errorClass": "transient", "errorType": "BadRequestException"}, []),
        ({"since": "2025-12-19T07:03:00Z"}, [5, 4, 3]),
        ({"since": "2025-12-19T07:03:00.001Z"}, [5, 4]),
        ({"until": "2025-12-19T07:03:00Z"}, [2, 1, 0]),
        ({"until": "2025-12-19T07:03:00.001Z"}, [3, 2, 1, 0]),
        ({"since": "2025-12-19T15:01:00+08:00", "until": "2025-12-19T15:03:00+08:00"}, [2, 1]),
        ({"since": "2025-12-19T07:03:00Z", "until": "2025-12-19T07:03:00Z"}, []),
        ({"since": "2025-12-19T07:04:00Z", "until": "2025-12-19T07:01:00Z"}, []),
        ({"since": "2025-12-19T07:04:00Z", "errorClass": "permanent"}, [5]),
        ({"since": "0001-01-01T00:00:00+23:59"}, [5, 4, 3, 2, 1, 0]),
        ({"since": "1969-12-31T23:59:59Z"}, [5, 4, 3, 2, 1, 0]),
        ({"since": "2300-01-01T00:00:00Z"}, []),
        ({"since": "9999-12-31T23:59:59Z"}, []),
        ({"until": "1969-12-31T23:59:59Z"}, []),
        ({"until": "2300-01-01T00:00:00Z"}, [5, 4, 3, 2, 1, 0]),
        ({"until": "9999-12-31T23:59:59-23:59"}, [5, 4, 3, 2, 1, 0]),
    ],
)
def test_a_filter_admits_what_it_says(query, expected, admin, bury):
    kinds = {
        3: {"error_class": ErrorClass.PERMANENT, "error_type": "BadRequestException"},
        5: {"error_class": ErrorClass.PERMANENT, "error_type": "MessageRejected"},
    }
    for n in range(6):
        bury(n, **kinds.get(n, {}))

    assert listed(admin.dlq(**query)) == expected


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


def test_a_damaged_cursor_is_refused(admin, bury):
    for n in range(2):
        bury(n)
    good = admin.dlq(limit="1").json["nextCursor"]
    damaged = {
        "",
        "x",
        "****",
        "ключ",
        good[:-1],
        good[1:],
        good + "A",
        good.swapcase(),
        good[:8] + ("A" if good[8] != "A" else "B") + good[9:],
        "A" * len(good),
    }

    for cursor in damaged:
        answer = admin.dlq(cursor=cursor)

        assert answer.status == 400
        assert answer.json["detail"] == "The cursor is damaged; start again without one."


@pytest.mark.parametrize("query", BAD_QUERIES, ids=str)
def test_a_query_that_breaks_a_rule_is_refused_and_named(query, admin):
    answer = admin.dlq(**query)

    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["detail"] == "The query breaks the rules of these parameters."
    assert [fault["pointer"] for fault in answer.json["errors"]] == [f"/{name}" for name in query]
    for value in query.values():
        assert not value or value not in str(answer.json["errors"])


def test_all_wrong_parameters_are_named_at_once(admin):
    answer = admin.dlq(limit="0", since="now", errorClass="x", color="red")

    pointers = {fault["pointer"] for fault in answer.json["errors"]}
    assert pointers == {"/limit", "/since", "/errorClass", "/color"}


def test_a_parameter_that_may_be_personal_data_is_not_echoed(admin, said):
    answer = admin.dlq(**{"batbold@example.com": "1", "limit": "x"})

    assert answer.status == 400
    assert len(answer.json["errors"]) == 2
    assert "batbold" not in answer.text + said.text


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/admin/dlq"), ("GET", "/api/admin"), ("GET", "/api/jobs/signin-notification")],
)
def test_the_operators_door_serves_no_other_route(method, path, admin):
    answer = admin.call(method, path, key="local-admin-key")

    assert answer.status == 404
    assert answer.json["type"] == "urn:signin-notifier:problem:unknown-route"
