"""What the auth flow gets for a sign-in that is taken, and what we keep of it."""

import itertools
import json

import pytest

from functions.domain.model import SignIn, Status
from tests.builders import SIGNED_IN_AT_MS
from tests.functions.events import a_body, texts


def test_an_accepted_sign_in_is_answered_202_with_its_job(api):
    answer = api.post(a_body())

    job_id = answer.json["jobId"]
    assert answer.status == 202
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Location"] == f"/api/jobs/{job_id}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json == {
        "message": "Sign-in notification job enqueued",
        "jobId": job_id,
        "status": "enqueued",
    }


def test_an_accepted_sign_in_is_stored_as_it_was_posted(api):
    body = a_body(
        signedInAt="2025-12-19T14:59:00.250+08:00",
        locale="mn-MN",
        timeZone="Asia/Hovd",
        location={"city": "Дархан", "region": None, "country": "MN"},
    )

    job = api.stored(api.accept(body))

    assert job.status is Status.ENQUEUED
    assert job.created_at_ms == SIGNED_IN_AT_MS
    assert (job.run, job.attempt_count, job.processed_at_ms) == (1, 0, None)
    sign_in = job.sign_in
    assert (sign_in.user_id, sign_in.email) == ("user-8161", "batbold@example.com")
    assert (sign_in.name, sign_in.provider) == ("Batbold", "github")
    assert sign_in.signed_in_at_ms == SIGNED_IN_AT_MS - 59_750
    assert (sign_in.ip_address, sign_in.user_agent) == ("203.0.113.7", body["userAgent"])
    assert (sign_in.locale, sign_in.time_zone) == ("mn-MN", "Asia/Hovd")
    assert (sign_in.location.city, sign_in.location.country) == ("Дархан", "MN")
    assert sign_in.location.region is None


def test_only_the_user_the_address_and_the_provider_are_needed(api):
    body = {"userId": "user-8161", "email": "batbold@example.com", "provider": "credentials"}

    job = api.stored(api.accept(body))

    assert job.sign_in == SignIn(
        user_id="user-8161",
        email="batbold@example.com",
        provider="credentials",
        signed_in_at_ms=SIGNED_IN_AT_MS,
    )


@pytest.mark.parametrize(
    "field",
    ["name", "signedInAt", "ipAddress", "userAgent", "locale", "timeZone", "location", "timestamp"],
)
def test_an_optional_field_that_is_null_counts_as_absent(field, api):
    with_null = api.stored(api.accept(a_body(**{field: None})))
    without = api.stored(api.accept(a_body(**{field: ...})))

    assert with_null.sign_in == without.sign_in
    assert with_null.payload_hash == without.payload_hash


@pytest.mark.parametrize(
    ("given", "null"), [("signedInAt", "timestamp"), ("timestamp", "signedInAt")]
)
def test_the_time_may_have_either_name_and_the_other_may_be_null(given, null, api):
    body = {given: "2025-12-19T06:59:00Z", null: None}

    job = api.stored(api.accept(a_body(**body)))

    assert job.sign_in.signed_in_at_ms == SIGNED_IN_AT_MS - 60_000


def test_a_body_in_base64_is_read_as_the_same_sign_in(api):
    text = json.dumps(a_body(name="Бат-Эрдэнэ 🐎"), ensure_ascii=False)

    job = api.stored(api.accept(text.encode()))

    assert job.sign_in == api.stored(api.accept(text)).sign_in
    assert job.sign_in.name == "Бат-Эрдэнэ 🐎"


def test_one_message_goes_out_and_it_carries_no_personal_data(api, cloud):
    job_id = api.accept(a_body())

    (record,) = cloud.receive()

    assert json.loads(record["body"]) == {"jobId": job_id, "run": 1}


def test_the_answer_and_the_log_carry_no_personal_data(api, said):
    body = a_body(location={"city": "Darkhan", "region": "Darkhan-Uul", "country": "Mongolia"})

    answer = api.post(body, idempotency_key="session-51a7")

    for text in [*texts(body | {"provider": ...}), "session-51a7", "local-producer-key"]:
        assert text not in answer.text
        assert text not in said.text


def test_the_row_expires_after_the_retention_time(api, cloud):
    job_id = api.accept(a_body())

    expires_at_s = SIGNED_IN_AT_MS // 1000 + 30 * 86_400
    assert cloud.row(job_id)["expiresAt"] == {"N": str(expires_at_s)}


def test_ids_without_a_key_are_sorted_by_their_time(open_api, clock):
    # What is random in them falls, so that it does not sort them.
    api = open_api(random_bits=itertools.count(9, -1).__next__)
    ids = []
    for _ in range(5):
        ids.append(api.accept(a_body()))
        clock.advance(ms=1)

    assert ids == sorted(ids)
    assert len(set(ids)) == 5
