"""Every rule of the posted body, broken: refused whole, with nothing written and nothing told."""

import json

import pytest

from tests.functions.events import a_body, texts

KIB = 1024
NOT_UTF_8 = "The body is not valid UTF-8."
NOT_JSON = "The body is not valid JSON."
NOT_AN_OBJECT = "The body must be a JSON object."

#: ways to break a text that must stay on one line
BREAKS = {
    "CR LF": "Bat\r\nBcc: thief@example.net",
    "LF": "Bat\nbold",
    "NUL": "Bat\0bold",
    "DEL": "Bat\x7fbold",
    "C1": "Bat\x85bold",
    "LINE SEPARATOR": "Bat\u2028bold",
}
NO_ADDRESS = {
    "empty": "",
    "no at": "batbold.example.com",
    "no local part": "@example.com",
    "no domain": "batbold@",
    "two at": "bat@bold@example.com",
    "list": "batbold@example.com, thief@example.net",
    "list by semicolon": "batbold@example.com;thief@example.net",
    "display name": "Batbold <batbold@example.com>",
    "angle brackets": "<batbold@example.com>",
    "comment": "batbold(home)@example.com",
    "quoted": '"bat bold"@example.com',
    "scheme": "mailto:batbold@example.com",
    "Cyrillic local part": "батболд@example.com",
    "full-width local part": "\uff42at@example.com",
    "zero-width space": "bat\u200bbold@example.com",
    "blank before": " batbold@example.com",
    "blank after": "batbold@example.com ",
    "CR LF": "batbold@example.com\r\nBcc: thief@example.net",
    "LF at the end": "batbold@example.com\n",
    "dots": "bat..bold@example.com",
    "literal domain": "batbold@[127.0.0.1]",
    "one label": "batbold@localhost",
    "hyphen": "batbold@-example.com",
    "65 characters before the at": f"{'b' * 65}@example.com",
    "255 characters": f"{'b' * 64}@{'c' * 62}.{'d' * 62}.{'e' * 60}.com",
    "255 characters in punycode": f"b@{'.'.join(['ж' * 30] * 6)}.рф",
}
NO_TIME = {
    "number": 1_766_127_600_000,
    "no offset": "2025-12-19T07:00:00",
    "date": "2025-12-18",
    "words": "yesterday",
    "impossible day": "2025-02-30T07:00:00Z",
    "impossible hour": "2025-12-19T24:00:01Z",
    "impossible offset": "2025-12-19T07:00:00+24:00",
    "year 0": "0000-12-19T07:00:00Z",
    "week date": "2025-W51-5T07:00:00Z",
    "trailing line": "2025-12-19T07:00:00Z\n",
    "other digits": "٢٠٢٥-12-19T07:00:00Z",
    "older than 24 hours": "2025-12-18T06:59:59.999Z",
    "the first of all years": "0001-01-01T00:00:00+23:59",
    "ahead by more than 5 minutes": "2025-12-19T07:05:00.001Z",
    "the last of all years": "9999-12-31T23:59:59-23:59",
}
NO_TEXT = {"number": 17, "boolean": True, "list": ["batbold"], "object": {"bat": "bold"}}
TEXT_FIELDS = [
    "userId",
    "email",
    "name",
    "provider",
    "ipAddress",
    "userAgent",
    "locale",
    "timeZone",
]

#: id, the fields that break a rule, the pointers that the answer names
FAULTS = [
    *((f"{name} missing", {name: ...}, [f"/{name}"]) for name in ("userId", "email", "provider")),
    *((f"{name} null", {name: None}, [f"/{name}"]) for name in ("userId", "email", "provider")),
    *((f"{name} empty", {name: ""}, [f"/{name}"]) for name in ("userId", "provider")),
    *((f"{f}: {w}", {f: value}, [f"/{f}"]) for f in TEXT_FIELDS for w, value in NO_TEXT.items()),
    *(
        (f"{name}: {how}", {name: text}, [f"/{name}"])
        for name in ("userId", "name", "provider")
        for how, text in BREAKS.items()
    ),
    *(
        (f"location.{name}: {how}", {"location": {name: text}}, [f"/location/{name}"])
        for name in ("city", "region", "country")
        for how, text in BREAKS.items()
    ),
    *((f"email: {how}", {"email": text}, ["/email"]) for how, text in NO_ADDRESS.items()),
    *((f"signedInAt: {how}", {"signedInAt": t}, ["/signedInAt"]) for how, t in NO_TIME.items()),
    *((f"timestamp: {how}", {"timestamp": t}, ["/timestamp"]) for how, t in NO_TIME.items()),
    *(
        (f"{name} of {size}", {name: "7" * size}, [f"/{name}"])
        for name, size in (("userId", 257), ("name", 201), ("provider", 65), ("ipAddress", 513))
    ),
    *(
        (f"location.{name} of 101", {"location": {name: "7" * 101}}, [f"/location/{name}"])
        for name in ("city", "region", "country")
    ),
    ("location text", {"location": "Darkhan"}, ["/location"]),
    ("location list", {"location": ["Darkhan"]}, ["/location"]),
    ("location.city number", {"location": {"city": 17}}, ["/location/city"]),
    ("location.zip unknown", {"location": {"zip": "45000"}}, ["/location/zip"]),
    ("unknown", {"isAdmin": True}, ["/isAdmin"]),
    ("snake case", {"user_id": "user-8161"}, ["/user_id"]),
    ("unknown, personal name", {"batbold@example.com": True}, [""]),
    (
        "both names of the time",
        {"signedInAt": "2025-12-19T06:59:00Z", "timestamp": "2025-12-19T06:59:00Z"},
        ["/timestamp"],
    ),
    (
        "all at once",
        {
            "userId": ...,
            "email": "Batbold",
            "name": "Bat\nbold",
            "provider": 17,
            "signedInAt": "yesterday",
            "ipAddress": [],
            "location": {"city": "7" * 101, "zip": "45000"},
            "isAdmin": True,
        },
        [
            "/userId",
            "/email",
            "/name",
            "/provider",
            "/signedInAt",
            "/ipAddress",
            "/location/city",
            "/location/zip",
            "/isAdmin",
        ],
    ),
]

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


def ids(table):
    return [name for name, *_ in table]


@pytest.mark.parametrize(("_name", "changes", "pointers"), FAULTS, ids=ids(FAULTS))
def test_a_field_that_breaks_its_rule_is_refused_and_named(
    _name, changes, pointers, api, cloud, said
):
    body = a_body(**changes)

    answer = api.post(body)

    assert answer.status == 400
    assert answer.json["type"] == "urn:signin-notifier:problem:invalid-request"
    assert answer.json["detail"] == "The request breaks the rules of these fields."
    assert sorted(fault["pointer"] for fault in answer.json["errors"]) == sorted(pointers)
    assert all(fault["detail"] for fault in answer.json["errors"])
    assert cloud.is_untouched()
    for text in texts(body):
        if len(text) > 2 and text != body.get("provider"):
            assert text not in answer.text
            assert text not in said.text


@pytest.mark.parametrize(("_name", "body", "sentence"), UNREADABLE, ids=ids(UNREADABLE))
def test_a_body_that_cannot_be_read_is_refused(_name, body, sentence, api, cloud, said):
    answer = api.post(body)

    assert answer.status == 400
    assert answer.json["type"] == "urn:signin-notifier:problem:invalid-request"
    assert answer.json["detail"] == sentence
    assert "errors" not in answer.json
    assert cloud.is_untouched()
    assert "atbold" not in answer.text + said.text


def test_a_request_without_any_body_is_refused(api, cloud):
    answer = api.call("POST", "/api/jobs/signin-notification", key="local-producer-key")

    assert answer.status == 400
    assert answer.json["detail"] == NOT_JSON
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
