"""Who may open which door."""

import re

import pytest

from tests.functions.cloud import ADMIN_KEY, PRODUCER_KEY
from tests.functions.doors import POST_PATH
from tests.functions.events import a_body

JOB_ID = "signin-019b3568-8180-7000-8000-000000000001"

#: `Authorization` headers that carry no key that anybody has
NO_KEY = {
    "none": None,
    "empty": "",
    "scheme alone": "Bearer",
    "scheme and blanks": "Bearer   ",
    "bare key": PRODUCER_KEY,
    "Basic": f"Basic {PRODUCER_KEY}",
    "Token": f"Token {PRODUCER_KEY}",
    "wrong": "Bearer wrong",
    "a key's start": f"Bearer {PRODUCER_KEY[:-1]}",
    "a key and more": f"Bearer {PRODUCER_KEY}x",
    "other case": f"Bearer {PRODUCER_KEY.upper()}",
    "two keys": f"Bearer {PRODUCER_KEY} {ADMIN_KEY}",
    "two headers": f"Bearer {PRODUCER_KEY},Bearer {ADMIN_KEY}",
    "not ASCII": "Bearer ключ",
}
SCHEMES = {"", "Bearer", "Basic", "Token"}


def authorization(header):
    return {} if header is None else {"authorization": header}


@pytest.mark.parametrize("header", NO_KEY.values(), ids=NO_KEY)
def test_a_request_without_a_valid_key_is_refused_before_it_is_read(header, api, cloud, said):
    for body in ('{"userId": "Batb', a_body(), "\ufffd", "x" * 20_000):
        answer = api.post(body, key=None, idempotency_key=" ", headers=authorization(header))

        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json["type"] == "urn:signin-notifier:problem:unauthenticated"
    assert cloud.is_untouched()
    for word in re.split(r"[ ,]+", header or ""):
        assert word in SCHEMES or word not in said.text


@pytest.mark.parametrize("header", NO_KEY.values(), ids=NO_KEY)
def test_neither_a_job_nor_the_dead_letters_are_shown_without_a_valid_key(header, api, admin):
    job_id = api.accept(a_body())

    for door, path in (
        (api, f"/api/jobs/{job_id}"),
        (api, "/api/jobs/x"),
        (admin, "/api/admin/dlq"),
    ):
        answer = door.call("GET", path, key=None, headers=authorization(header))

        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(scheme, api):
    answer = api.post(a_body(), key=None, headers={"authorization": f"{scheme} {PRODUCER_KEY}"})

    assert answer.status == 202


def test_an_operators_key_does_not_post_sign_ins(api, cloud):
    for body in (a_body(), "{"):
        answer = api.post(body, key=ADMIN_KEY)

        assert answer.status == 403
        assert answer.json["type"] == "urn:signin-notifier:problem:key-for-another-door"
        assert "WWW-Authenticate" not in answer.headers
    assert cloud.is_untouched()


def test_a_producers_key_does_not_list_dead_letters(admin):
    for query in ({}, {"limit": "no number"}):
        answer = admin.dlq(key=PRODUCER_KEY, **query)

        assert answer.status == 403
        assert answer.json["type"] == "urn:signin-notifier:problem:key-for-another-door"


@pytest.mark.parametrize("key", [PRODUCER_KEY, ADMIN_KEY])
def test_producers_and_operators_may_look_at_a_job(key, api):
    job_id = api.accept(a_body())

    assert api.get(job_id, key=key).status == 200


def test_no_key_is_ever_logged(api, admin, said):
    api.post(a_body())
    api.post(a_body(), key=ADMIN_KEY)
    api.call("POST", POST_PATH, headers={"authorization": "Bearer not-a-key"})
    admin.dlq()

    for key in (PRODUCER_KEY, ADMIN_KEY, "not-a-key"):
        assert key not in said.text
