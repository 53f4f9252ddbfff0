"""A body that is too large, or no JSON object in UTF-8: refused, with nothing written."""

import json

import pytest

from tests.functions.cloud import PRODUCER_KEY
from tests.functions.doors import POST_PATH
from tests.functions.events import a_body

KIB = 1024
NOT_UTF_8 = "The body is not valid UTF-8."
NOT_JSON = "The body is not valid JSON."
NOT_AN_OBJECT = "The body must be a JSON object."

#: id, the body as it comes, what the answer says
UNREADABLE = [
    ("no body", "", NOT_JSON),
    ("blanks", "  \n ", NOT_JSON),
    ("cut off", json.dumps(a_body())[:-1], NOT_JSON),
    ("trailing comma", '{"userId": "Batbold",}', NOT_JSON),
    ("comment", '{"userId": "Batbold" /* him */}', NOT_JSON),
    ("single quotes", "{'userId': 'Batbold'}", NOT_JSON),
    ("a form", "userId=Batbold&email=batbold%40example.com", NOT_JSON),
    ("two objects", '{"userId": "Batbold"} {}', NOT_JSON),
    ("byte order mark", "\ufeff" + json.dumps(a_body()), NOT_JSON),
    ("lone surrogate", '{"userId": "Batbold\\ud800"}', NOT_JSON),
    ("deep list", "[" * 8000 + "]" * 8000, NOT_JSON),
    ("deep object", '{"location":' * 1000 + "1" + "}" * 1000, NOT_JSON),
    ("list", json.dumps([a_body()]), NOT_AN_OBJECT),
    ("number", "17", NOT_AN_OBJECT),
    ("text", '"Batbold"', NOT_AN_OBJECT),
    ("true", "true", NOT_AN_OBJECT),
    ("null", "null", NOT_AN_OBJECT),
    ("U+FFFD", json.dumps(a_body(name="Bat\ufffdbold"), ensure_ascii=False), NOT_UTF_8),
    ("U+FFFD alone", "\ufffd", NOT_UTF_8),
    (
        "Latin-1",
        json.dumps(a_body(name="Bätbold"), ensure_ascii=False).encode("latin-1"),
        NOT_UTF_8,
    ),
    ("UTF-16", json.dumps(a_body()).encode("utf-16"), NOT_UTF_8),
    ("cut character", b'{"userId": "Batbold\xd0"}', NOT_UTF_8),
]


@pytest.mark.parametrize(
    ("_name", "body", "sentence"), UNREADABLE, ids=[name for name, *_ in UNREADABLE]
)
def test_a_body_that_cannot_be_read_is_refused(_name, body, sentence, api, cloud, said):
    answer = api.post(body)

    assert answer.status == 400
    assert answer.json["type"] == "urn:signin-notifier:problem:invalid-request"
    assert answer.json["detail"] == sentence
    assert "errors" not in answer.json
    assert cloud.is_untouched()
    assert "atbold" not in answer.text + said.text


def test_a_request_without_any_body_is_refused(api, cloud):
    answer = api.call("POST", POST_PATH, key=PRODUCER_KEY)

    assert answer.status == 400
    assert answer.json["detail"] == NOT_JSON
    assert cloud.is_untouched()


@pytest.mark.parametrize(
    ("body", "is_base64"),
    [("no base64!", True), ("eyJ", True), ("ключ", True), ('{"userId": "\ud800"}', False)],
)
def test_a_body_that_api_gateway_would_not_send_is_refused_too(body, is_base64, api, cloud):
    answer = api.call("POST", POST_PATH, body=body, key=PRODUCER_KEY, is_base64=is_base64)

    assert answer.status == 400
    assert answer.json["detail"] == "The body could not be decoded."
    assert cloud.is_untouched()


def a_body_of(size, *, letter="x"):
    """Return a body of so many bytes that keeps all rules: a user agent may have any length."""
    short = len(json.dumps(a_body(userAgent=""), ensure_ascii=False).encode())
    count, rest = divmod(size - short, len(letter.encode()))
    return json.dumps(a_body(userAgent=letter * count + "x" * rest), ensure_ascii=False)


@pytest.mark.parametrize("letter", ["x", "Ж"])
def test_a_body_of_16_kib_is_taken(letter, api):
    body = a_body_of(16 * KIB, letter=letter)
    assert len(body.encode()) == 16 * KIB

    assert api.post(body).status == 202
    assert api.post(body.encode()).status == 202


@pytest.mark.parametrize("letter", ["x", "Ж"])
def test_a_body_of_one_byte_more_is_too_large(letter, api, cloud):
    body = a_body_of(16 * KIB + 1, letter=letter)
    assert len(body.encode()) == 16 * KIB + 1

    for answer in (api.post(body), api.post(body.encode())):
        assert answer.status == 413
        assert answer.json["type"] == "urn:signin-notifier:problem:body-too-large"
    assert cloud.is_untouched()
