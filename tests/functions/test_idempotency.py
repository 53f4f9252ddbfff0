"""The same sign-in twice is one mail; a key belongs to one user and one payload."""

import json
import uuid
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.accept import keyed_job_id, parse_idempotency_key
from functions.domain.request import parse_request
from tests.builders import SIGNED_IN_AT_MS
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


pairs = st.tuples(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))


@given(one=pairs, other=pairs)
def test_no_two_pairs_of_user_and_key_share_an_id(one, other):
    assert (keyed_job_id(*one) == keyed_job_id(*other)) == (one == other)


@given(
    st.text(min_size=2, max_size=20).flatmap(
        lambda t: st.tuples(st.just(t), st.integers(1, len(t) - 1), st.integers(1, len(t) - 1))
    )
)
def test_where_a_user_ends_and_a_key_begins_matters(cut):
    text, here, there = cut
    one, other = (text[:here], text[here:]), (text[:there], text[there:])

    assert (keyed_job_id(*one) == keyed_job_id(*other)) == (one == other)


visible = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255)


@given(visible)
def test_any_key_is_read_from_its_quoted_form(key):
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')

    assert parse_idempotency_key(f'"{escaped}"') == key


optional = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from([None, "Batbold"]),
        "ipAddress": st.sampled_from([None, "203.0.113.7"]),
        "userAgent": st.sampled_from([None, "curl/8"]),
        "locale": st.sampled_from([None, "mn"]),
        "timeZone": st.sampled_from([None, "UTC"]),
        "location": st.sampled_from([None, {"city": "Darkhan", "country": None}]),
        "signedInAt": st.sampled_from([None, "2025-12-19T06:59:00Z"]),
    },
)


def payload_hash(body):
    raw = json.dumps(body).encode()
    return parse_request(raw, now_ms=SIGNED_IN_AT_MS, trusted_proxies=0).payload_hash()


@given(more=optional, shuffle=st.randoms())
def test_neither_the_order_of_fields_nor_a_null_changes_a_payload(more, shuffle):
    body = {"userId": "u", "email": "u@example.com", "provider": "github", **more}
    fields = [(name, value) for name, value in body.items() if value is not None]
    shuffle.shuffle(fields)

    assert payload_hash(dict(fields)) == payload_hash(body)
