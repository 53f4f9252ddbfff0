"""SES's events, as a configuration set publishes them.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, ValidationError

from functions.domain.feedback import DeliveryEvent
from functions.domain.model import JOB_ID, Delivery

#: what SES publishes once, in plain text, when it is given the topic of
#: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-sns.html
#: The page does not quote it; recorded notices do:
#: https://github.com/anymail/django-anymail/blob/main/tests/test_amazon_ses_webhooks.py
_TOPIC_VALIDATED: Final = "Successfully validated SNS topic for Amazon SES event publishing."


class NotAnEvent(Exception):
    """The text is no event that SES documents."""


class _Tags(BaseModel):
    job_id: Annotated[
        list[Annotated[str, Field(pattern=f"^{JOB_ID.pattern}$")]],
        Field(alias="jobId", min_length=1),
    ]


class _Mail(BaseModel):
    tags: _Tags


class _Bounce(BaseModel):
    bounce_type: Annotated[str, Field(alias="bounceType")]


class _Event(BaseModel):
    event_type: Annotated[
        Literal["Send", "Delivery", "DeliveryDelay", "Bounce", "Complaint", "Reject"],
        Field(alias="eventType"),
    ]
    mail: _Mail
    bounce: _Bounce | None = None


def says_topic_is_valid(text: str) -> bool:
    """Tell whether the text is SES's notice that it can publish: it tells of no job."""
    return text.strip() == _TOPIC_VALIDATED


def parse_event(text: str) -> DeliveryEvent:
    """Return what an event tells of a job.

    Raises:
        NotAnEvent: it is malformed, of a type that we don't subscribe to, or of no job of ours.
    """
    try:
        event = _Event.model_validate_json(text)
    except ValidationError:
        # Its own message quotes the event, which names addresses.
        raise NotAnEvent from None
    return DeliveryEvent(job_id=event.mail.tags.job_id[0], delivery=_delivery(event))


def _delivery(event: _Event) -> Delivery:
    match event.event_type:
        case "Send":
            return Delivery.SENT
        case "Delivery":
            return Delivery.DELIVERED
        case "DeliveryDelay":
            return Delivery.DELAYED
        case "Complaint":
            return Delivery.COMPLAINED
        case "Reject":
            return Delivery.REJECTED
        case "Bounce":
            # `Transient` and `Undetermined` may go well another time.
            permanent = event.bounce is not None and event.bounce.bounce_type == "Permanent"
            return Delivery.BOUNCED_HARD if permanent else Delivery.BOUNCED_SOFT
