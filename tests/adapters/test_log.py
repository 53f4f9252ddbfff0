"""The log transport: that a mail would have left, and nothing of what is in it."""

import json
from io import StringIO

import pytest
from aws_lambda_powertools import Logger

from functions.adapters.log import LogMailer
from functions.domain.model import Mail
from tests.builders import a_job

MAIL = Mail(
    recipient="someone@example.com",
    subject="the subject",
    text="four",
    html="<p>five</p>",
    headers=(("Reply-To", "support@yellowbooks.mn"),),
)


@pytest.fixture(scope="module")
def line():
    # Once, because loggers of one name share the stream of the first.
    stream = StringIO()
    LogMailer(Logger(service="test-log-mailer", stream=stream)).send(MAIL, job=a_job())
    (line,) = stream.getvalue().splitlines()
    return line


def test_a_mail_is_one_line_with_its_measures(line):
    measures = {
        "message": "mail logged",
        "job_id": a_job().job_id,
        "text_characters": 4,
        "html_characters": 11,
    }
    assert measures.items() <= json.loads(line).items()


def test_neither_address_nor_content_is_logged(line):
    job = a_job()
    personal = [MAIL.recipient, "example.com", MAIL.subject, MAIL.text, "five", job.sign_in.name]
    personal += [job.sign_in.email, job.sign_in.user_id, job.sign_in.ip_address]
    assert [text for text in personal if text in line] == []
