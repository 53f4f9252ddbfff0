"""Nothing personal and nothing secret is told to the log: every test that opens a door holds it."""

import json
import re

from functions.adapters.report_links import TOKEN
from tests.builders import a_job_with_everything, a_sign_in
from tests.functions.cloud import ADMIN_KEY, LINK_KEY, PRODUCER_KEY
from tests.functions.events import a_body

#: whoever it is, and wherever a test got it from, such as the text of an error that it raises
_FORMS = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]"),
    "an IPv4 address": re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
    "an IPv6 address": re.compile(r"\b(?:2001:db8|fe80):", re.IGNORECASE),
    "a user agent": re.compile(r"Mozilla/"),
    "a link": TOKEN,
}


def _personal_texts():
    people = [a_sign_in(), a_job_with_everything().sign_in]
    for person in people:
        yield from (person.user_id, person.name, person.user_agent)
        if person.location:
            yield person.location.city
    yield from (a_body()["userId"], a_body()["name"], a_body()["userAgent"])
    # what an operator wrote on a job
    for intervention in a_job_with_everything().interventions:
        yield from (text for text in (intervention.by, intervention.reason) if text)


_TEXTS = frozenset({*_personal_texts(), PRODUCER_KEY, ADMIN_KEY, LINK_KEY})


def betrayals(line):
    """Return what a line of output tells that it must not."""
    plain = _without_escapes(line)
    return {
        *(text for text in _TEXTS if text in plain),
        *(name for name, form in _FORMS.items() if form.search(plain)),
    }


def assert_betrays_nobody(lines):
    """Every log line, metric document and warning of a test holds nothing personal or secret."""
    betrayed = [f"{sorted(found)} in {line}" for line in lines if (found := betrayals(line))]
    assert not betrayed, "\n".join(betrayed)


def _without_escapes(line):
    """Write JSON's letters out: metrics, unlike log lines, come as ASCII."""
    try:
        return json.dumps(json.loads(line), ensure_ascii=False)
    except json.JSONDecodeError:
        return line
