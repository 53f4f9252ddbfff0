"""Every refusal of the auth flow's door, as RFC 9457 wants it."""

import json

import pytest

from functions.answers import PROBLEMS, problem
from functions.domain.errors import (
    AlreadyAccepted,
    BodyTooLarge,
    Fault,
    IdempotencyKeyReused,
    Invalid,
    JobNotFound,
    KeyForAnotherDoor,
    LimitReached,
    Refused,
    Unauthenticated,
    Unavailable,
)
from functions.domain.model import Status
from tests.functions.cloud import ADMIN_KEY
from tests.functions.events import a_body


def with_its_subclasses(error):
    return {error}.union(*(with_its_subclasses(kind) for kind in error.__subclasses__()))


def test_every_refusal_and_outage_has_its_problem():
    assert set(PROBLEMS) == (with_its_subclasses(Refused) - {Refused}) | with_its_subclasses(
        Unavailable
    )


def test_every_problem_has_a_type_of_its_own():
    slugs = [slug for _, slug, _ in PROBLEMS.values()]

    assert len(set(slugs)) == len(slugs)


#: error, status, title, problem type, sentence, members and headers of its own
ANSWERS = [
    (
        Unauthenticated(),
        401,
        "Unauthorized",
        "unauthenticated",
        "Send a valid key as 'Authorization: Bearer <key>'.",
        {},
        {"WWW-Authenticate": "Bearer"},
    ),
    (
        KeyForAnotherDoor(),
        403,
        "Forbidden",
        "key-for-another-door",
        "This key is valid, but not for this route.",
        {},
        {},
    ),
    (
        BodyTooLarge("17 KiB"),
        413,
        # Python 3.13 names it as RFC 9110 does.
        {"Request Entity Too Large", "Content Too Large"},
        "body-too-large",
        "The body must not be longer than 16 KiB.",
        {},
        {},
    ),
    (
        Invalid("Two fields are wrong.", [Fault("/email", "is required"), Fault("/x", "no")]),
        400,
        "Bad Request",
        "invalid-request",
        "Two fields are wrong.",
        {
            "errors": [
                {"pointer": "/email", "detail": "is required"},
                {"pointer": "/x", "detail": "no"},
            ]
        },
        {},
    ),
    (
        Invalid("The body is not valid JSON."),
        400,
        "Bad Request",
        "invalid-request",
        "The body is not valid JSON.",
        {},
        {},
    ),
    (JobNotFound(), 404, "Not Found", "job-not-found", "There is no such job.", {}, {}),
    (
        AlreadyAccepted(job_id="signin-1", status=Status.RETRYING),
        409,
        "Conflict",
        "already-accepted",
        "This sign-in was accepted before; the original job stands.",
        {"jobId": "signin-1", "jobStatus": "retrying"},
        {},
    ),
    (
        IdempotencyKeyReused(),
        422,
        {"Unprocessable Entity", "Unprocessable Content"},
        "idempotency-key-reused",
        "This Idempotency-Key was used for another payload.",
        {},
        {},
    ),
    (
        LimitReached(retry_after_s=1234),
        429,
        "Too Many Requests",
        "limit-reached",
        "Too many sign-in notifications. Please try again later.",
        {},
        {
            "Retry-After": "1234",
            "RateLimit-Policy": '"user";q=10;w=3600',
            "RateLimit": '"user";r=0;t=1234',
        },
    ),
    (
        Unavailable("DynamoDB said something"),
        503,
        "Service Unavailable",
        "unavailable",
        "The service can't answer now. Repeat the same request, with the same key.",
        {},
        {"Retry-After": "5"},
    ),
]


def test_every_problem_has_its_answer_in_the_table():
    assert {type(error) for error, *_ in ANSWERS} == set(PROBLEMS)


@pytest.mark.parametrize(
    ("error", "status", "title", "slug", "sentence", "members", "headers"),
    ANSWERS,
    ids=[type(error).__name__ for error, *_ in ANSWERS],
)
def test_an_error_is_answered_with_its_problem(
    error, status, title, slug, sentence, members, headers
):
    answer = problem(error)

    assert answer.status_code == status
    body = json.loads(answer.body)
    assert body.pop("title") in ({title} if isinstance(title, str) else title)
    assert body == {
        "type": f"urn:signin-notifier:problem:{slug}",
        "status": status,
        "detail": sentence,
        "error": sentence,
        **members,
    }
    assert answer.headers == {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        **headers,
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/jobs"),
        ("GET", "/api/jobs/signin-notification/"),
        ("GET", "/api/admin/dlq"),
        ("PUT", "/api/jobs/signin-notification"),
        ("DELETE", "/api/jobs/signin-019b3568-8180-7000-8000-000000000001"),
        ("POST", "/api/jobs/signin-019b3568-8180-7000-8000-000000000001"),
        ("OPTIONS", "/api/jobs/signin-notification"),
        ("GET", "/api/jobs/batbold@example.com/mails"),
    ],
)
def test_a_route_that_nobody_serves_is_a_problem_too(method, path, api, cloud, said):
    for key in (None, "local-producer-key"):
        answer = api.call(method, path, key=key)

        assert answer.status == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json == {
            "type": "urn:signin-notifier:problem:unknown-route",
            "title": "Not Found",
            "status": 404,
            "detail": "There is no such route.",
            "error": "There is no such route.",
        }
    assert cloud.is_untouched()
    assert "batbold" not in said.text


class Broken(Exception):
    """What nobody foresaw."""


#: named here, so that no frame's source line holds it
ADDRESS = "batbold@example.com"


def test_an_unforeseen_error_is_a_problem_that_tells_nothing(open_api, said):
    class Acceptance:
        def add(self, job, *, window_start_ms):
            raise Broken(job.sign_in.email)

    answer = open_api(acceptance=Acceptance()).post(a_body())

    assert answer.status == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json == {
        "type": "urn:signin-notifier:problem:unforeseen",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong on our side.",
        "error": "Something went wrong on our side.",
    }
    line = said.logged("request failed")
    assert (line["level"], line["error_type"]) == ("ERROR", "Broken")
    assert "in post_sign_in" in line["frames"]
    assert "in add" in line["frames"]
    assert "batbold@example.com" not in said.text


def test_an_unforeseen_error_of_an_operators_request_is_told_the_same_way(open_admin, said):
    class DeadLetters:
        def page(self, wanted, *, limit, cursor, now_ms):
            raise Broken(ADDRESS)

    answer = open_admin(dead_letters=DeadLetters()).dlq()

    assert (answer.status, answer.json["type"]) == (500, "urn:signin-notifier:problem:unforeseen")
    assert said.logged("request failed")["error_type"] == "Broken"
    assert "batbold@example.com" not in said.text


def test_a_request_that_is_refused_is_logged_by_its_problem(api, said):
    api.post("{}")
    api.post(a_body(), key=ADMIN_KEY)

    refusals = [line["problem"] for line in said.log if line["message"] == "request refused"]
    assert refusals == ["invalid-request", "key-for-another-door"]
