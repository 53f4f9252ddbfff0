"""The mails that SES took, as their readers see them."""

from collections import deque
from datetime import UTC, datetime
from typing import TypedDict

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_pascal

#: older mails make room
CAPACITY = 1000


class _FromSes(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, frozen=True)


class _Text(_FromSes):
    data: str


class _Body(_FromSes):
    text: _Text
    html: _Text


class _Pair(_FromSes):
    name: str
    value: str


class _Simple(_FromSes):
    subject: _Text
    body: _Body
    headers: tuple[_Pair, ...] = ()


class _Content(_FromSes):
    simple: _Simple


class _Destination(_FromSes):
    to_addresses: tuple[str, ...]


class SendEmail(_FromSes):
    """SES v2's SendEmail request, as far as this service uses it.

    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
    """

    from_email_address: str
    destination: _Destination
    content: _Content
    reply_to_addresses: tuple[str, ...] = ()
    email_tags: tuple[_Pair, ...] = ()


#: One mail in JSON; `sentAt` is ISO 8601 in UTC, `headers` are those that only a header shows.
Message = TypedDict(
    "Message",
    {
        "jobId": str | None,
        "to": str,
        "from": str,
        "subject": str,
        "text": str,
        "html": str,
        "headers": dict[str, str],
        "sentAt": str,
    },
)


class Mailbox:
    """The last `CAPACITY` mails."""

    def __init__(self) -> None:
        self._messages: deque[Message] = deque(maxlen=CAPACITY)

    def add(self, mail: SendEmail, *, message_id: str) -> None:
        """Keep a mail that SES took as `message_id`."""
        simple = mail.content.simple
        headers = {"Message-ID": message_id}
        if mail.reply_to_addresses:
            headers["Reply-To"] = ", ".join(mail.reply_to_addresses)
        headers |= {header.name: header.value for header in simple.headers}
        tags = {tag.name: tag.value for tag in mail.email_tags}
        self._messages.appendleft(
            {
                "jobId": tags.get("jobId"),
                "to": ", ".join(mail.destination.to_addresses),
                "from": mail.from_email_address,
                "subject": simple.subject.data,
                "text": simple.body.text.data,
                "html": simple.body.html.data,
                "headers": headers,
                "sentAt": datetime.now(UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            }
        )

    def newest_first(self) -> list[Message]:
        """Return all mails."""
        return list(self._messages)

    def find(self, message_id: str) -> Message | None:
        """Return one mail, unless it was never here or has made room."""
        return next((m for m in self._messages if m["headers"]["Message-ID"] == message_id), None)
