"""Queries of the operators' list that break a rule: refused whole, and all of them named."""

import base64

import pytest

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


def test_a_damaged_cursor_is_refused(admin, bury):
    for n in range(2):
        bury(n)
    good = admin.dlq(limit="1").json["nextCursor"]
    inside = base64.urlsafe_b64decode(good + "=" * (-len(good) % 4))
    damaged = {
        base64.urlsafe_b64encode(inside[:-1] + b"f").decode().rstrip("="),
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
