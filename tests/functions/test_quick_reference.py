"""What docs/QUICK-REFERENCE.md adds of its own to what it is made of."""

import re

import pytest

from infra.config import ROOT
from reference.comments import comments_of
from tests.functions.cloud import ADMIN_KEY, PRODUCER_KEY

PAGE = (ROOT / "docs" / "QUICK-REFERENCE.md").read_text()
KEYS = {"producer": PRODUCER_KEY, "admin": ADMIN_KEY}
ROUTE = re.compile(r"^\| `([A-Z, ]+) (/\S+)` \| ([a-z, ]*) \|", re.MULTILINE)


def test_every_route_opens_to_the_keys_that_are_named_and_to_no_other(api, admin, open_report):
    report = open_report()
    routes = [
        (method, path, keys)
        for methods, path, keys in ROUTE.findall(PAGE)
        for method in methods.split(", ")
    ]
    assert {path.split("/")[1] for _, path, _ in routes} == {"api", "report"}
    for method, path, keys in routes:
        if path.startswith("/report/"):
            answer = report.call(method, "x" * 72)
            assert (keys, answer.status) == ("", 404)  # the link is the key
            continue
        door = admin if path.startswith("/api/admin/") else api
        opened = {
            role
            for role, key in {**KEYS, "": None}.items()
            if door.call(method, path, key=key, body="{}").status not in {401, 403}
        }
        expected = set(filter(None, keys.split(", "))) or {*KEYS, ""}
        assert opened == expected, path


def test_a_name_that_nothing_is_said_of_is_refused_with_its_place():
    with pytest.raises(SystemExit, match=r"test_quick_reference\.py:\d+: say above `unsaid`"):
        comments_of(Unsaid)


class Unsaid:
    #: this one is said, by
    #: https://example.com/source
    said = 1
    unsaid = 2
