"""From the mail to the event: "this wasn't me", with the link as its reader gets it."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.people import a_person
from tests.e2e.process import wait_until
from tests.e2e.stack import accepted


@dataclass(frozen=True)
class Subscriber:
    """The application: a queue on the default bus."""

    sqs: Any
    url: str
    heard: list[dict[str, Any]]

    def reports_of(self, job_id):
        """Return all events about a job so far."""
        answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            self.heard.append(json.loads(message["Body"]))
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return [event for event in self.heard if event["detail"]["id"] == job_id]


@pytest.fixture(scope="module")
def application(stack):
    sqs, events = stack.client("sqs"), stack.client("events")
    url = sqs.create_queue(QueueName="reported")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = attributes["Attributes"]["QueueArn"]
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    pattern = {"source": ["signin-notifier"], "detail-type": ["signin.reported"]}
    events.put_rule(Name="reported", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="reported", Targets=[{"Id": "queue", "Arn": arn}])
    yield Subscriber(sqs=sqs, url=url, heard=[])
    events.remove_targets(Rule="reported", Ids=["queue"])
    events.delete_rule(Name="reported")
    sqs.delete_queue(QueueUrl=url)


def mailed_link(stack, person):
    """Post a sign-in; return its job's id and the link of "this wasn't me" in its mail."""
    job_id = accepted(stack.post(person))
    stack.until_job(job_id, "completed")
    [mail] = stack.mails(job_id)
    [in_text] = set(re.findall(r"http://\S+/report/\S+", mail["text"]))
    [in_html] = set(re.findall(r'href="([^"]+/report/[^"]+)"', mail["html"]))
    assert in_text == in_html
    assert in_text.startswith(f"{stack.url}/report/")
    return job_id, in_text.removeprefix(stack.url)


def test_the_link_in_a_mail_reports_its_sign_in_once(stack, application):
    person = a_person(locale="en", timeZone="Europe/London")
    job_id, link = mailed_link(stack, person)
    before = stack.row(job_id)

    for method in ("GET", "HEAD", "GET"):
        page = stack.call(method, link)
        assert page.status_code == 200
        assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Send the report" in page.text
    assert job_id[-8:] in page.text
    assert application.reports_of(job_id) == []

    with ThreadPoolExecutor(8) as threads:
        pages = list(threads.map(lambda _: stack.call("POST", link), range(20)))
    assert {page.status_code for page in pages} == {200}
    assert all("We have received your report." in page.text for page in pages)
    assert "https://yellowbooks.example/security" in pages[0].text

    [event] = wait_until(
        lambda: application.reports_of(job_id), seconds=30, what="the application told"
    )
    assert (event["source"], event["detail-type"]) == ("signin-notifier", "signin.reported")
    assert event["detail"].pop("reportedAt").endswith("Z")
    assert event["detail"] == {"id": job_id, "userId": person["userId"], "stage": "local"}
    assert stack.row(job_id) == before

    assert "We have received your report." in stack.call("POST", link).text
    assert len(application.reports_of(job_id)) == 1


def test_a_forged_link_leads_to_a_page_and_not_to_json(stack):
    _, link = mailed_link(stack, a_person(locale="mn"))
    forged = stack.call("GET", f"{link[:-1]}{'A' if link[-1] != 'A' else 'B'}")
    assert forged.status_code == 404
    assert "Холбоос буруу эсвэл хүчингүй байна." in forged.text
    assert "support@yellowbooks.example" in forged.text


def test_no_log_line_tells_the_link(stack):
    job_id, link = mailed_link(stack, a_person())
    stack.call("GET", link)
    stack.call("POST", link)
    wait_until(
        lambda: any("sign-in reported" in line and job_id in line for line in stack.log_lines()),
        seconds=30,
        what="the report's log line",
    )
    token = link.rpartition("/")[2]
    assert [line for line in stack.log_lines() if token in line] == []
