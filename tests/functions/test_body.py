"""Every rule of the body's fields, broken: refused whole, nothing written and nothing told."""

import pytest

from tests.functions.events import a_body, texts

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


@pytest.mark.parametrize(
    ("_name", "changes", "pointers"), FAULTS, ids=[name for name, *_ in FAULTS]
)
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
