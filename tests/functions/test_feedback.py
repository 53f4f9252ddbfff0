"""SES's door: what became of the mails, on the rows of their jobs."""

import json

import pytest

from functions.bootstrap.feedback import feedback_parts
from functions.domain.model import Delivery, Status
from tests.builders import a_job
from tests.functions.events import record

ADDRESS = "recipient@example.com"
JOB = a_job()


def event(event_type, job_id=JOB.job_id, **more):
    return {
        "eventType": event_type,
        "mail": {
            "timestamp": "2017-08-05T00:40:02.012Z",
            "source": "sender@example.com",
            "destination": [ADDRESS],
            "tags": {"ses:configuration-set": ["signin-notifier"], "jobId": [job_id]},
        },
        **more,
    }


def bounce(bounce_type, job_id=JOB.job_id):
    recipients = [{"emailAddress": ADDRESS, "diagnosticCode": f"smtp; 550 <{ADDRESS}> unknown"}]
    return event(
        "Bounce", job_id, bounce={"bounceType": bounce_type, "bouncedRecipients": recipients}
    )


def told(name, content):
    body = content if isinstance(content, str) else json.dumps(content)
    return record(body, message_id=name)


@pytest.fixture(autouse=True)
def job(cloud):
    cloud.put(JOB)


def test_what_became_of_a_mail_is_written_on_its_job(feedback, cloud):
    assert feedback.take([told("one", event("Delivery"))]) == set()
    stored = cloud.job(JOB.job_id)
    assert (stored.delivery, stored.went_out) == (Delivery.DELIVERED, True)
    assert stored.status is Status.ENQUEUED


def test_only_what_was_not_taken_stays_on_the_queue(feedback, cloud):
    stayed = feedback.take(
        [
            told("rubbish", "rubbish"),
            told("good", event("Send")),
            told("another type", event("Open")),
            told("none of ours", event("Send", "signin-of-another")),
        ]
    )
    assert stayed == {"rubbish", "another type", "none of ours"}
    assert cloud.job(JOB.job_id).delivery is Delivery.SENT


@pytest.mark.parametrize("around", ["{}", "{}\n", " \r\n{} "])
def test_the_notice_that_ses_may_publish_is_taken_and_tells_of_no_job(
    feedback, cloud, said, around
):
    rows = cloud.rows()
    notice = around.format("Successfully validated SNS topic for Amazon SES event publishing.")
    assert feedback.take([told("one", notice), told("two", event("Delivery"))]) == set()
    line = said.logged("topic validated")
    assert (line["level"], line["message_id"]) == ("INFO", "one")
    assert cloud.job(JOB.job_id).delivery is Delivery.DELIVERED
    assert len(cloud.rows()) == len(rows)


@pytest.mark.parametrize(
    "text",
    [
        "Successfully validated SNS topic for Amazon SES event publishing",
        "Successfully validated SNS topic for Amazon SES event publishing. Or so.",
        '"Successfully validated SNS topic for Amazon SES event publishing."',
        "",
    ],
)
def test_a_text_like_that_notice_is_no_such_notice(feedback, text):
    assert feedback.take([told("one", text)]) == {"one"}


def test_a_batch_of_rubbish_stays_on_the_queue_as_a_whole(feedback):
    assert feedback.take([told(name, "{}") for name in "ab"]) == {"a", "b"}


def test_an_event_of_a_job_that_is_gone_is_taken_and_makes_no_row(feedback, cloud, said):
    gone = "signin-019b3522-9a80-7c11-8a5e-ffffffffffff"
    assert feedback.take([told("one", bounce("Permanent", gone))]) == set()
    assert len(cloud.rows()) == 1
    assert said.logged("delivery told")["recorded"] == "no such job"
    assert said.counted("BouncedHard") == []


def test_events_in_the_wrong_order_end_in_the_last_word(feedback, cloud):
    feedback.take([told("1", event("Complaint")), told("2", event("Delivery"))])
    feedback.take([told("3", event("Send"))])
    assert cloud.job(JOB.job_id).delivery is Delivery.COMPLAINED


@pytest.mark.parametrize(
    ("content", "counts"),
    [
        (bounce("Permanent"), {"BouncedHard": [1.0], "Complained": []}),
        (event("Complaint"), {"BouncedHard": [], "Complained": [1.0]}),
        (bounce("Transient"), {"BouncedHard": [], "Complained": []}),
        (event("Delivery"), {"BouncedHard": [], "Complained": []}),
        (event("Reject"), {"BouncedHard": [], "Complained": []}),
    ],
)
def test_hard_bounces_and_complaints_are_counted_once(feedback, said, content, counts):
    feedback.take([told("one", content), told("again", content)])
    feedback.take([told("and again", content)])
    assert {name: said.counted(name) for name in counts} == counts


@pytest.mark.parametrize(
    "content",
    [
        bounce("Permanent"),
        event("Complaint"),
        event("Open"),
        event("Send", ADDRESS),
        event("Send", bounce=ADDRESS),
        f"rubbish about {ADDRESS}",
    ],
)
def test_no_address_is_logged(feedback, said, content):
    feedback.take([told("one", content)])
    assert said.log
    assert "example.com" not in said.text


def test_an_event_that_is_not_taken_is_logged_with_its_message(feedback, said):
    feedback.take([told("one", "rubbish")])
    line = said.logged("event not taken")
    assert (line["level"], line["message_id"], line["error_type"]) == (
        "WARNING",
        "one",
        "NotAnEvent",
    )


def test_events_stay_on_the_queue_while_the_table_is_down(open_feedback, out_of_reach, said):
    feedback = open_feedback(deliveries=out_of_reach("DYNAMODB", feedback_parts).deliveries)
    assert feedback.take([told("one", bounce("Permanent"))]) == {"one"}
    assert said.logged("event not taken")["error_type"] == "Unavailable"
    assert said.counted("BouncedHard") == []
    assert "127.0.0.1" not in said.text
