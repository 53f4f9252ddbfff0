"""The same sign-in twice is one mail; a key belongs to one user and one payload."""

import uuid
from collections import Counter

import pytest

from functions.domain.accept import keyed_job_id
from tests.functions.events import a_body

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"

GOOD_KEYS = {
    "one character": "k",
    "all visible ones": "".join(map(chr, range(0x21, 0x7F))),
    "255 characters": "k" * 255,
    "255 characters in quotes": f'"{"k" * 255}"',
    "blanks around": f"  {KEY}\t",
    "a quote alone": '"',
    "an open quote": '"key',
}
BAD_KEYS = {
    "empty": "",
    "blank": "  ",
    "empty in quotes": '""',
    "256 characters": "k" * 256,
    "256 characters in quotes": f'"{"k" * 256}"',
    "a blank within": "two words",
    "a blank in quotes": '" key"',
    "Cyrillic": "түлхүүр",
    "control character": "key\x00",
    "DEL": "key\x7f",
    "line break": "key\r\nX-Admin: 1",
}


@pytest.mark.parametrize("key", GOOD_KEYS.values(), ids=GOOD_KEYS)
def test_a_key_makes_the_same_sign_in_one_job(key, api, cloud):
    job_id = api.accept(a_body(), idempotency_key=key)

    again = api.post(a_body(), idempotency_key=key)

    assert (again.status, again.json["status"]) == (409, 409)
    assert again.json["type"] == "urn:signin-notifier:problem:already-accepted"
    assert (again.json["jobId"], again.json["jobStatus"]) == (job_id, "enqueued")
    assert len(cloud.receive()) == 1


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_key_that_is_not_1_to_255_visible_ascii_characters_is_refused(key, api, cloud, said):
    answer = api.post(a_body(), idempotency_key=key)

    assert answer.status == 400
    assert answer.json["detail"] == (
        "The Idempotency-Key header must be 1 to 255 visible ASCII characters."
    )
    assert "errors" not in answer.json
    assert cloud.is_untouched()
    assert "k" * 256 not in answer.text + said.text


@pytest.mark.parametrize(
    ("bare", "quoted"), [("key", '"key"'), ('k"e\\y', r'"k\"e\\y"'), (KEY, f' "{KEY}" ')]
)
def test_a_key_is_the_same_quoted_or_bare(bare, quoted, api):
    job_id = api.accept(a_body(), idempotency_key=bare)

    assert api.post(a_body(), idempotency_key=quoted).json["jobId"] == job_id


def test_a_key_names_its_job_by_a_uuid_of_user_and_key(api):
    job_id = api.accept(a_body(), idempotency_key=KEY)

    assert uuid.UUID(job_id.removeprefix("signin-")).version == 5
    assert job_id == keyed_job_id("user-8161", KEY)


def test_a_key_of_another_payload_is_refused_and_the_original_stands(api, cloud):
    job_id = api.accept(a_body(), idempotency_key=KEY)
    before = cloud.rows()

    answer = api.post(a_body(ipAddress="198.51.100.1"), idempotency_key=KEY)

    assert answer.status == 422
    assert answer.json["type"] == "urn:signin-notifier:problem:idempotency-key-reused"
    assert "jobId" not in answer.json
    assert cloud.rows() == before
    assert api.stored(job_id).sign_in.ip_address == "203.0.113.7"


def test_two_users_may_use_the_same_key(api):
    first = api.accept(a_body(userId="user-1"), idempotency_key=KEY)
    second = api.accept(a_body(userId="user-2"), idempotency_key=KEY)

    assert first != second


def test_a_repeat_says_how_the_job_stands_now(api, worker, cloud):
    api.accept(a_body(), idempotency_key=KEY)
    worker.take(cloud.receive())

    assert api.post(a_body(), idempotency_key=KEY).json["jobStatus"] == "completed"


def test_a_repeat_uses_no_quota(api):
    for _ in range(11):
        api.post(a_body(), idempotency_key=KEY)

    answers = Counter(api.post(a_body()).status for _ in range(10))

    assert answers == {202: 9, 429: 1}


def test_a_repeat_at_the_limit_is_still_told_of_its_original(api):
    job_ids = [api.accept(a_body(), idempotency_key=f"key-{n}") for n in range(10)]

    assert api.post(a_body(), idempotency_key="key-10").status == 429
    for n, job_id in enumerate(job_ids):
        again = api.post(a_body(), idempotency_key=f"key-{n}")
        assert (again.status, again.json["jobId"]) == (409, job_id)
    assert api.post(a_body(name="Other"), idempotency_key="key-3").status == 422


def test_a_refused_key_may_be_used_once_there_is_room(api, clock):
    for _ in range(10):
        api.accept(a_body())
    assert api.post(a_body(), idempotency_key=KEY).status == 429

    clock.advance(seconds=3600)

    assert api.post(a_body(), idempotency_key=KEY).status == 202


def test_a_key_is_free_again_when_its_job_has_expired(api, clock):
    job_id = api.accept(a_body(), idempotency_key=KEY)

    clock.advance(seconds=30 * 86_400)

    assert api.accept(a_body(name="Other"), idempotency_key=KEY) == job_id
    assert api.stored(job_id).sign_in.name == "Other"


@pytest.mark.parametrize("field", ["signedInAt", "timestamp"])
def test_a_sign_in_with_its_time_has_a_key_all_the_same(field, api, cloud, clock):
    body = a_body(**{field: "2025-12-19T14:59:00+08:00"})
    job_id = api.accept(body)
    clock.advance(seconds=30)

    again = api.post(body)

    assert (again.status, again.json["jobId"]) == (409, job_id)
    assert len(cloud.receive()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"signedInAt": "2025-12-19T06:59:00Z"},
        {"signedInAt": ..., "timestamp": "2025-12-19T06:59:00Z"},
        {"name": None, "locale": None},
        {"email": "batbold@EXAMPLE.com"},
        {"ipAddress": "::ffff:203.0.113.7"},
    ],
)
def test_a_sign_in_told_in_other_words_is_the_same(changes, api):
    told = {"name": ..., "signedInAt": "2025-12-19T14:59:00+08:00"}
    job_id = api.accept(a_body(**told))

    again = api.post(a_body(**told | changes))

    assert (again.status, again.json["jobId"]) == (409, job_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"userId": "user-2"},
        {"email": "other@example.com"},
        {"name": "Other"},
        {"provider": "google"},
        {"signedInAt": "2025-12-19T06:59:00.000001Z"},
        {"ipAddress": "198.51.100.1"},
        {"userAgent": "curl/8"},
        {"locale": "en"},
        {"timeZone": "UTC"},
        {"location": {"city": "Darkhan"}},
    ],
)
def test_a_sign_in_that_differs_in_anything_is_another(changes, api):
    body = a_body(signedInAt="2025-12-19T06:59:00Z")
    api.accept(body)

    assert api.post(body | changes).status == 202


def test_a_sign_in_without_time_and_key_is_new_each_time(api, cloud):
    job_ids = {api.accept(a_body()) for _ in range(3)}

    assert len(job_ids) == len(cloud.receive()) == 3
    assert {uuid.UUID(job_id.removeprefix("signin-")).version for job_id in job_ids} == {7}
