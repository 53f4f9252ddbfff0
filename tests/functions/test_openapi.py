"""What the doors answer is what docs/openapi.json says."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from functions.adapters.report_links import LIFETIME_MS
from functions.bootstrap.report import report_parts
from openapi.document import document
from tests.functions.doors import POST_PATH
from tests.functions.events import a_body

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def described():
    return document()


@pytest.fixture
def check(described):
    """Return a way to check an answer against the description of its route."""

    def checked(answer, method, path):
        response = described["paths"][path][method]["responses"][str(answer.status)]
        assert set(response.get("headers", {})) <= set(answer.headers)
        if "content" not in response:
            assert answer.text == ""
            return answer.status
        media_type = answer.headers["Content-Type"].partition(";")[0]
        schema = response["content"][media_type]["schema"]
        whole = {**schema, "components": described["components"]}
        jsonschema.Draft202012Validator(
            whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        ).validate(answer.json if media_type.endswith("json") else answer.text)
        return answer.status

    return checked


def test_the_committed_description_is_up_to_date(described):
    assert json.loads((ROOT / "docs" / "openapi.json").read_text()) == described


def test_the_description_has_the_routes_of_the_stack_and_no_other(described):
    told = {
        f"{method.upper()} {path}"
        for path, operations in described["paths"].items()
        for method in operations
    }
    source = (ROOT / "infra" / "api.py").read_text()
    assert told == set(re.findall(r'"((?:GET|HEAD|POST) /[^"]*)"', source))


def test_a_conflict_is_described_as_success(described):
    conflict = described["paths"][POST_PATH]["post"]["responses"]["409"]
    assert "Already accepted: treat as success" in conflict["description"]


def test_every_answer_of_the_auth_flows_door_is_described(api, check):
    assert check(api.post(a_body()), "post", POST_PATH) == 202
    first = api.post(a_body(), idempotency_key="one")
    assert check(first, "post", POST_PATH) == 202
    assert check(api.post(a_body(), idempotency_key="one"), "post", POST_PATH) == 409
    other = api.post(a_body(provider="google"), idempotency_key="one")
    assert check(other, "post", POST_PATH) == 422
    assert check(api.post("{"), "post", POST_PATH) == 400
    assert check(api.post(a_body(email="x")), "post", POST_PATH) == 400
    assert check(api.post(a_body(), key=None), "post", POST_PATH) == 401
    assert check(api.post(a_body(), key="local-admin-key"), "post", POST_PATH) == 403
    assert check(api.post("x" * 16_385), "post", POST_PATH) == 413
    for _ in range(8):
        assert api.post(a_body()).status == 202
    assert check(api.post(a_body()), "post", POST_PATH) == 429
    path = "/api/jobs/{jobId}"
    assert check(api.get(first.json["jobId"]), "get", path) == 200
    assert check(api.get("42"), "get", path) == 404


def test_every_answer_of_the_operators_door_is_described(admin, api, bury, check):
    job_id = api.accept(a_body(location={"city": "Darkhan"}))
    for n in (1, 2, 3):
        bury(n)
    dlq, jobs = "/api/admin/dlq", "/api/admin/jobs"
    assert check(admin.dlq(), "get", dlq) == 200
    assert check(admin.dlq(limit="0"), "get", dlq) == 400
    assert check(admin.dlq(key=None), "get", dlq) == 401
    assert check(admin.jobs_of(a_body()["userId"]), "get", jobs) == 200
    assert check(admin.job(job_id), "get", f"{jobs}/{{jobId}}") == 200
    [dead, *_] = admin.dlq().json["jobs"]
    assert check(admin.job(dead["jobId"]), "get", f"{jobs}/{{jobId}}") == 200
    assert check(admin.job("42"), "get", f"{jobs}/{{jobId}}") == 404
    assert check(admin.stats(), "get", "/api/admin/stats") == 200
    replays, discards = f"{dlq}/replays", f"{dlq}/discards"
    assert check(admin.replay(filter={}, dryRun=True), "post", replays) == 200
    one = {"jobIds": [dead["jobId"], job_id]}
    assert check(admin.replay(filter=one, by="Dulmaa"), "post", replays) == 200
    assert check(admin.job(dead["jobId"]), "get", f"{jobs}/{{jobId}}") == 200
    assert check(admin.discard(filter={}), "post", discards) == 200
    assert check(admin.discard(), "post", discards) == 400


def test_every_answer_with_the_console_is_described(admin, check):
    page, file = "/api/admin/console", "/api/admin/console/{file}"
    first = admin.call("GET", page)
    assert check(first, "get", page) == 200
    known = {"if-none-match": first.headers["ETag"]}
    assert check(admin.call("GET", page, headers=known), "get", page) == 304
    for name in ("app.js", "console.css", "icon.svg"):
        assert check(admin.call("GET", f"{page}/{name}"), "get", file) == 200
    assert check(admin.call("GET", f"{page}/none.js"), "get", file) == 404


def test_every_answer_of_the_recipients_door_is_described(
    open_report, out_of_reach, mail, clock, check
):
    path, token, door = "/report/{token}", mail(), open_report()
    no_table = open_report(reader=out_of_reach("DYNAMODB", report_parts).reader)
    for method in ("GET", "HEAD", "POST"):
        assert check(door.call(method, token), method.lower(), path) == 200
        assert check(door.call(method, "x" * 72), method.lower(), path) == 404
        assert check(no_table.call(method, token), method.lower(), path) == 503
    clock.advance(LIFETIME_MS)
    assert check(door.look(token), "get", path) == 410
