"""Replays and discards that nobody may command, or that break a rule: nothing is changed."""

import pytest

from functions.domain.model import Status
from tests.builders import job_ids
from tests.functions.cloud import PRODUCER_KEY


def test_the_filter_has_to_be_meant(admin, bury, cloud):
    bury(1)
    answer = admin.replay()
    assert answer.status == 400
    assert answer.json["errors"] == [{"pointer": "/filter", "detail": "is required"}]
    assert cloud.job(job_ids(1)[0]).status is Status.DLQ


@pytest.mark.parametrize("command", ["replays", "discards"])
@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ("", None),
        ("[]", None),
        ("{", None),
        (b"\xff", None),
        ({"filter": []}, ["/filter"]),
        ({"filter": {"status": "dlq"}}, ["/filter/status"]),
        ({"filter": {"jobIds": []}}, ["/filter/jobIds"]),
        ({"filter": {"jobIds": ["user#user-1"]}}, ["/filter/jobIds/0"]),
        ({"filter": {"jobIds": ["hour#1766127600000"]}}, ["/filter/jobIds/0"]),
        ({"filter": {"jobIds": job_ids(*range(101))}}, ["/filter/jobIds"]),
        ({"filter": {"jobIds": job_ids(1), "errorClass": "transient"}}, ["/filter/jobIds"]),
        ({"filter": {"jobIds": job_ids(1)}, "limit": 1}, ["/limit"]),
        ({"filter": {"jobIds": job_ids(1)}, "cursor": "x"}, ["/cursor"]),
        ({"filter": {"errorClass": "fatal"}}, ["/filter/errorClass"]),
        ({"filter": {"since": 1766127600}}, ["/filter/since"]),
        ({"filter": {}, "limit": 0}, ["/limit"]),
        ({"filter": {}, "limit": 101}, ["/limit"]),
        ({"filter": {}, "dryRun": True, "limit": 2001}, ["/limit"]),
        ({"filter": {}, "dryRun": "yes"}, ["/dryRun"]),
        ({"filter": {}, "by": "x" * 101, "reason": "y" * 501}, ["/by", "/reason"]),
        ({"filter": {}, "by": "a\nb"}, ["/by"]),
        ({"filter": {}, "force": True}, ["/force"]),
        ({"filter": {}, "cursor": "damaged"}, None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_command_that_breaks_a_rule_changes_nothing(command, body, pointers, admin, bury, cloud):
    bury(1)
    before = cloud.rows()

    answer = admin.bulk(command, body)

    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    if pointers is not None:
        assert [fault["pointer"] for fault in answer.json["errors"]] == pointers
    assert cloud.rows() == before
    assert cloud.receive() == []


def test_a_huge_command_is_refused(admin):
    assert admin.replay(filter={}, reason="x" * 20_000).status == 413


@pytest.mark.parametrize("command", ["replays", "discards"])
@pytest.mark.parametrize(("key", "status"), [(None, 401), ("wrong", 401), (PRODUCER_KEY, 403)])
def test_only_the_admin_key_commands(command, key, status, admin, bury, cloud):
    bury(1)
    assert admin.bulk(command, {"filter": {}}, key=key).status == status
    assert cloud.job(job_ids(1)[0]).status is Status.DLQ
