import json

import pytest
from botocore.exceptions import ClientError

from local import mailbox
from local.mailbox import Mailbox, SendEmail

HOSTILE = "<script>top.document.title = 'owned'</script><img src=x onerror=alert(1)>"


@pytest.fixture
def accepting(emulator):
    emulator.answer = took("m-1")
    return emulator


def took(message_id):
    answer = {"MessageId": f"{message_id}@email.amazonses.com"}
    return {"text": json.dumps(answer), "content_type": "application/json"}


def mail(*, subject="A subject", text="Some text", html="<p>Some HTML</p>"):
    return {
        "FromEmailAddress": "Yellow Books <no-reply@yellowbooks.example>",
        "Destination": {"ToAddresses": ["user@example.com"]},
        "Content": {
            "Simple": {
                "Subject": {"Data": subject, "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": text, "Charset": "UTF-8"},
                    "Html": {"Data": html, "Charset": "UTF-8"},
                },
                "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
            }
        },
        "ReplyToAddresses": ["support@yellowbooks.example"],
        "EmailTags": [{"Name": "jobId", "Value": "signin-1"}],
        "ConfigurationSetName": "set",
    }


def messages(http, port):
    return http.get(f"http://127.0.0.1:{port}/mailbox/messages").json()


def test_a_mail_that_ses_took_is_shown_with_all_its_parts(ses, accepting, http, port):
    assert ses.send_email(**mail(subject="🔐 Сайн"))["MessageId"] == "m-1@email.amazonses.com"
    (message,) = messages(http, port)
    sent_at = message.pop("sentAt")
    assert message == {
        "jobId": "signin-1",
        "to": "user@example.com",
        "from": "Yellow Books <no-reply@yellowbooks.example>",
        "subject": "🔐 Сайн",
        "text": "Some text",
        "html": "<p>Some HTML</p>",
        "headers": {
            "Message-ID": "m-1@email.amazonses.com",
            "Reply-To": "support@yellowbooks.example",
            "Auto-Submitted": "auto-generated",
        },
    }
    assert sent_at.endswith("Z")


def test_a_mail_that_ses_refused_is_not_shown(ses, emulator, http, port):
    emulator.answer = {
        "status": 400,
        "text": json.dumps({"message": "Email address is not verified."}),
        "headers": {"x-amzn-ErrorType": "MessageRejected"},
    }
    with pytest.raises(ClientError) as refused:
        ses.send_email(**mail())
    assert refused.value.response["Error"]["Code"] == "MessageRejected"
    assert messages(http, port) == []


def test_everything_that_was_signed_reaches_ses_unchanged(ses, accepting):
    sent = []
    ses.meta.events.register("before-send.sesv2", lambda request, **_: sent.append(request))
    ses.send_email(**mail())
    (before,), (after,) = sent, accepting.requests
    signed = before.headers["Authorization"].decode().partition("SignedHeaders=")[2]
    arrived = {name.lower(): value for name, value in after.headers.items()}
    for name in {*signed.partition(",")[0].split(";"), "authorization"} - {"host"}:
        assert arrived[name] == before.headers[name].decode()
    assert arrived["host"] == before.url.split("/")[2]
    assert after.raw_path == "/v2/email/outbound-emails"
    assert after.body == before.body


def test_a_mail_that_the_mailbox_could_not_show_is_not_sent(ses, accepting):
    raw = {**mail(), "Content": {"Raw": {"Data": b"Subject: x\r\n\r\ny"}}}
    with pytest.raises(ClientError, match="simple content"):
        ses.send_email(**raw)
    assert accepting.requests == []


def test_the_newest_mail_comes_first(ses, accepting, http, port):
    ses.send_email(**mail(subject="first"))
    ses.send_email(**mail(subject="second"))
    assert [m["subject"] for m in messages(http, port)] == ["second", "first"]


def test_the_oldest_mail_makes_room(monkeypatch):
    monkeypatch.setattr(mailbox, "CAPACITY", 2)
    box = Mailbox()
    for number in range(3):
        box.add(SendEmail.model_validate_json(json.dumps(mail())), message_id=str(number))
    assert [m["headers"]["Message-ID"] for m in box.newest_first()] == ["2", "1"]


def test_an_unchanged_list_is_not_sent_again(ses, accepting, http, port):
    url = f"http://127.0.0.1:{port}/mailbox/messages"
    ses.send_email(**mail())
    tag = http.get(url).headers["ETag"]
    assert http.get(url, headers={"If-None-Match": tag}).status_code == 304
    accepting.answer = took("m-2")
    ses.send_email(**mail())
    assert http.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_hostile_html_is_served_without_any_right(ses, accepting, http, port):
    ses.send_email(**mail(html=HOSTILE))
    url = f"http://127.0.0.1:{port}/mailbox/messages/m-1@email.amazonses.com/html"
    answer = http.get(url)
    assert HOSTILE in answer.text
    policy = dict(
        rule.strip().partition(" ")[::2]
        for rule in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"
    assert "script-src" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_frames_the_html_in_a_sandbox_and_holds_nothing_of_a_mail(
    ses, accepting, http, port
):
    ses.send_email(**mail(subject=HOSTILE, text=HOSTILE, html=HOSTILE))
    page = http.get(f"http://127.0.0.1:{port}/mailbox").text
    assert "onerror" not in page
    assert ' sandbox="allow-popups allow-popups-to-escape-sandbox"' in page


def test_the_html_of_an_unknown_mail_is_not_found(http, port):
    url = f"http://127.0.0.1:{port}/mailbox/messages/m-9/html"
    assert http.get(url).status_code == 404
