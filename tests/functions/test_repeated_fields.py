"""A field that stands twice in a body: refused, because readers differ in which one counts."""

import json

import pytest

from functions.domain.model import Status
from tests.builders import job_number
from tests.functions.events import a_body

WHOLE = json.dumps(a_body(location={"city": "Darkhan"}))


def beginning_with(fields):
    """Return a sign-in that keeps all rules, with `fields` before its own."""
    return "{" + fields + "," + WHOLE[1:]


#: id, the body, the pointers that the answer names
REPEATED = [
    ("another value", beginning_with('"email": "thief@example.net"'), ["/email"]),
    ("the same value", beginning_with('"provider": "github"'), ["/provider"]),
    ("three times", beginning_with('"provider": "a", "provider": "b"'), ["/provider"]),
    ("escaped", beginning_with(r'"\u0065mail": "thief@example.net"'), ["/email"]),
    ("a value that breaks its rule", beginning_with('"userId": 17'), ["/userId"]),
    ("the longest number", beginning_with(f'"userId": {"7" * 4300}'), ["/userId"]),
    ("a deep list", beginning_with(f'"userId": {"[" * 150}{"]" * 150}'), ["/userId"]),
    ("two fields", beginning_with('"userId": "thief", "email": ""'), ["/email", "/userId"]),
    (
        "in an object",
        json.dumps(a_body())[:-1] + ', "location": {"city": "thief", "city": "Darkhan"}}',
        ["/location/city"],
    ),
    (
        "strange names in what does not count",
        beginning_with('"location": {"thief@example.net": 1, "thief@example.net": 2}'),
        ["/location"],
    ),
]


def assert_refused(answer, pointers):
    assert answer.status == 400
    assert answer.json["type"] == "urn:signin-notifier:problem:invalid-request"
    assert [fault["pointer"] for fault in answer.json["errors"]] == pointers
    assert "thief" not in answer.text


@pytest.mark.parametrize(
    ("_name", "body", "pointers"), REPEATED, ids=[name for name, *_ in REPEATED]
)
def test_a_sign_in_that_gives_a_field_twice_is_refused(_name, body, pointers, api, cloud, said):
    assert_refused(api.post(body), pointers)

    assert cloud.is_untouched()
    assert "thief" not in said.text


@pytest.mark.parametrize("command", ["replays", "discards"])
@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ('{"filter": {"errorType": "thief"}, "filter": {}}', ["/filter"]),
        ('{"filter": {"errorType": "thief", "errorType": null}}', ["/filter/errorType"]),
        ('{"filter": {}, "dryRun": true, "dryRun": false}', ["/dryRun"]),
    ],
)
def test_a_command_that_gives_a_field_twice_changes_nothing(
    command, body, pointers, admin, bury, cloud
):
    bury(1)

    assert_refused(admin.bulk(command, body), pointers)

    assert cloud.job(job_number(1).job_id).status is Status.DLQ


def test_the_same_name_in_different_objects_is_no_repetition(api):
    assert api.post(WHOLE).status == 202
