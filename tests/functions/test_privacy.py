"""The check of every door's output would see what it looks for."""

import json

import pytest

from tests.functions.cloud import PRODUCER_KEY
from tests.functions.events import a_body, texts
from tests.functions.privacy import betrayals

BETRAYING = [
    *texts(a_body(provider=...)),
    "Email address dulmaa@yellow-books.example is on the suppression list",
    "Dulmaa <dulmaa@дархан.мон>",
    "from 198.51.100.99:443",
    "from [2001:DB8::1]:443",
    "Mozilla/4.0",
    "Дорж",
    "SES is back",
    PRODUCER_KEY,
]


@pytest.mark.parametrize("text", BETRAYING)
@pytest.mark.parametrize("in_ascii", [True, False])
def test_what_is_personal_or_secret_is_seen_in_log_lines_and_metrics(text, in_ascii):
    assert betrayals(json.dumps({"message": "m", "more": [text]}, ensure_ascii=in_ascii))
    assert betrayals(json.dumps({f"Count of {text}": 1}, ensure_ascii=in_ascii))


@pytest.mark.parametrize("text", BETRAYING)
def test_what_is_personal_or_secret_is_seen_in_any_other_line(text):
    assert betrayals(f"UserWarning: {text}")


def test_the_token_of_a_link_is_seen(mail):
    assert betrayals(json.dumps({"path": f"/report/{mail()}"})) == {"a link"}


def test_a_line_that_names_a_job_alone_is_not_taken_for_a_person(api, worker, cloud, said):
    api.accept(a_body())
    worker.take(cloud.receive())
    assert said.metrics
    assert [betrayals(line) for line in said.text.splitlines()] == [set()] * 4
