"""SES's events as AWS documents them, and whatever else may come.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
"""

import json

import pytest

from functions.adapters.ses_events import NotAnEvent, parse_event
from functions.domain.feedback import DeliveryEvent
from functions.domain.model import Delivery
from tests.builders import a_job

JOB_ID = a_job().job_id
MESSAGE_ID = "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000"
FEEDBACK_ID = "01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000"

MAIL = {
    "timestamp": "2017-08-05T00:40:02.012Z",
    "source": "Sender Name <sender@example.com>",
    "sourceArn": "arn:aws:ses:us-east-1:123456789012:identity/sender@example.com",
    "sendingAccountId": "123456789012",
    "messageId": MESSAGE_ID,
    "destination": ["recipient@example.com"],
    "headersTruncated": False,
    "headers": [
        {"name": "From", "value": "Sender Name <sender@example.com>"},
        {"name": "To", "value": "recipient@example.com"},
        {"name": "Subject", "value": "Message sent from Amazon SES"},
        {"name": "MIME-Version", "value": "1.0"},
        {
            "name": "Content-Type",
            "value": 'multipart/alternative; boundary="----=_Part_7307378_1629847660.151684"',
        },
    ],
    "commonHeaders": {
        "from": ["Sender Name <sender@example.com>"],
        "to": ["recipient@example.com"],
        "messageId": MESSAGE_ID,
        "subject": "Message sent from Amazon SES",
    },
    "tags": {
        "ses:configuration-set": ["ConfigSet"],
        "ses:source-ip": ["192.0.2.0"],
        "ses:from-domain": ["example.com"],
        "ses:caller-identity": ["ses_user"],
        "jobId": [JOB_ID],
    },
}

#: an event of DeliveryDelay comes without the mail's headers
SHORT_MAIL = {
    **{name: value for name, value in MAIL.items() if name not in {"headers", "commonHeaders"}},
    "tags": {"ses:configuration-set": ["ConfigSet"], "jobId": [JOB_ID]},
}

SEND = {"eventType": "Send", "mail": MAIL, "send": {}}
DELIVERY = {
    "eventType": "Delivery",
    "mail": MAIL | {"tags": MAIL["tags"] | {"ses:outgoing-ip": ["192.0.2.0"]}},
    "delivery": {
        "timestamp": "2016-10-19T23:21:04.133Z",
        "processingTimeMillis": 11893,
        "recipients": ["recipient@example.com"],
        "smtpResponse": "250 2.6.0 Message received",
        "reportingMTA": "mta.example.com",
    },
}
DELAY = {
    "eventType": "DeliveryDelay",
    "mail": SHORT_MAIL,
    "deliveryDelay": {
        "timestamp": "2020-06-16T00:25:40.095Z",
        "delayType": "TransientCommunicationFailure",
        "expirationTime": "2020-06-16T00:25:40.914Z",
        "delayedRecipients": [
            {
                "emailAddress": "recipient@example.com",
                "status": "4.4.1",
                "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host",
            }
        ],
    },
}
COMPLAINT = {
    "eventType": "Complaint",
    "complaint": {
        "complainedRecipients": [{"emailAddress": "recipient@example.com"}],
        "timestamp": "2017-08-05T00:41:02.669Z",
        "feedbackId": FEEDBACK_ID,
        "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
        "complaintFeedbackType": "abuse",
        "arrivalDate": "2017-08-05T00:41:02.669Z",
    },
    "mail": MAIL,
}
REJECT = {"eventType": "Reject", "mail": MAIL, "reject": {"reason": "Bad content"}}


def bounce(bounce_type, sub_type):
    return {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": bounce_type,
            "bounceSubType": sub_type,
            "bouncedRecipients": [
                {
                    "emailAddress": "recipient@example.com",
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                }
            ],
            "timestamp": "2017-08-05T00:41:02.669Z",
            "feedbackId": FEEDBACK_ID,
            "reportingMTA": "dsn; mta.example.com",
        },
        "mail": MAIL,
    }


EVENTS = [
    pytest.param(SEND, Delivery.SENT, id="Send"),
    pytest.param(DELIVERY, Delivery.DELIVERED, id="Delivery"),
    pytest.param(DELAY, Delivery.DELAYED, id="DeliveryDelay"),
    pytest.param(COMPLAINT, Delivery.COMPLAINED, id="Complaint"),
    pytest.param(REJECT, Delivery.REJECTED, id="Reject"),
    pytest.param(bounce("Permanent", "General"), Delivery.BOUNCED_HARD, id="Permanent"),
    pytest.param(bounce("Permanent", "Suppressed"), Delivery.BOUNCED_HARD, id="Suppressed"),
    pytest.param(bounce("Transient", "MailboxFull"), Delivery.BOUNCED_SOFT, id="Transient"),
    pytest.param(bounce("Undetermined", "Undetermined"), Delivery.BOUNCED_SOFT, id="Undetermined"),
]


def changed(event, **mail):
    return json.dumps(event | {"mail": event["mail"] | mail})


def assert_refused_without_a_quote(text):
    with pytest.raises(NotAnEvent) as refused:
        parse_event(text)
    error = refused.value
    assert str(error) == ""
    # A log of the whole chain would quote what pydantic quotes.
    assert error.__suppress_context__
    assert error.__cause__ is None


@pytest.mark.parametrize(("event", "delivery"), EVENTS)
def test_a_documented_event_tells_what_became_of_the_mail(event, delivery):
    told = parse_event(json.dumps(event))
    assert told == DeliveryEvent(job_id=JOB_ID, delivery=delivery)


@pytest.mark.parametrize(("event", "delivery"), EVENTS)
def test_fields_that_aws_adds_some_day_are_ignored(event, delivery):
    known = {
        name: value | {"new": [1]} if isinstance(value, dict) else value
        for name, value in event.items()
    }
    known["mail"]["tags"] = known["mail"]["tags"] | {"ses:new": ["x", "y"]}
    assert parse_event(json.dumps(known | {"new": {"a": None}})).delivery is delivery


@pytest.mark.parametrize(
    "event_type",
    ["Open", "Click", "Rendering Failure", "Subscription", "Unheard-of", "send", "", None, 1],
)
def test_a_type_that_we_do_not_subscribe_to_is_refused(event_type):
    assert_refused_without_a_quote(json.dumps(SEND | {"eventType": event_type}))


def test_a_notification_of_the_older_form_is_refused():
    event = {name: value for name, value in DELIVERY.items() if name != "eventType"}
    assert_refused_without_a_quote(json.dumps(event | {"notificationType": "Delivery"}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rubbish about recipient@example.com",
        "null",
        "[]",
        "{}",
        '"Send"',
        "\x00",
        "\ud800",
        "[" * 100_000,
        json.dumps(SEND)[:-1],
        json.dumps([SEND]),
        json.dumps({"Type": "Notification", "Message": json.dumps(SEND)}),
        json.dumps(SEND | {"mail": None}),
        json.dumps(SEND | {"mail": "recipient@example.com"}),
        json.dumps(SEND | {"bounce": "recipient@example.com"}),
        json.dumps(bounce(None, "General")),
    ],
)
def test_what_is_malformed_is_refused_and_not_quoted(text):
    assert_refused_without_a_quote(text)


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"ses:configuration-set": ["ConfigSet"]},
        {"jobId": None},
        {"jobId": []},
        {"jobId": JOB_ID},
        {"jobId": [None]},
        {"jobId": [7]},
        {"jobId": [""]},
        {"jobId": ["user#recipient@example.com"]},
        {"jobId": [JOB_ID.upper()]},
        {"jobId": [JOB_ID + "\n"]},
        {"jobId": [JOB_ID + "0"]},
        {"jobId": ["signin-" + "٣" * 36]},
        {"jobId": [JOB_ID, "recipient@example.com"]},
        {"JobId": [JOB_ID]},
        None,
        "recipient@example.com",
    ],
)
def test_an_event_of_no_job_of_ours_is_refused_and_not_quoted(tags):
    assert_refused_without_a_quote(changed(SEND, tags=tags))


def test_a_mail_without_tags_is_none_of_ours():
    mail = {name: value for name, value in MAIL.items() if name != "tags"}
    assert_refused_without_a_quote(json.dumps(SEND | {"mail": mail}))
