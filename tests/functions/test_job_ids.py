"""No two sign-ins share an id by accident, and no sign-in has two payloads."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.domain.accept import keyed_job_id, parse_idempotency_key
from functions.domain.request import parse_request
from tests.builders import SIGNED_IN_AT_MS

#: a busy machine is no failure
unhurried = settings(deadline=None)

pairs = st.tuples(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))


@unhurried
@given(one=pairs, other=pairs)
def test_no_two_pairs_of_user_and_key_share_an_id(one, other):
    assert (keyed_job_id(*one) == keyed_job_id(*other)) == (one == other)


@unhurried
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


@unhurried
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


@unhurried
@given(more=optional, shuffle=st.randoms())
def test_neither_the_order_of_fields_nor_a_null_changes_a_payload(more, shuffle):
    body = {"userId": "u", "email": "u@example.com", "provider": "github", **more}
    fields = [(name, value) for name, value in body.items() if value is not None]
    shuffle.shuffle(fields)

    assert payload_hash(dict(fields)) == payload_hash(body)
