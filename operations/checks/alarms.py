"""SNS: does anybody hear of an alarm?"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from operations.findings import Finding, answered, unknown, well, wrong
from operations.stage import Stage

#: what SNS gives instead of an ARN, until the link in its mail was opened
#: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
_PENDING: Final = "PendingConfirmation"


def look_at_alarms(stage: Stage, monitoring: Mapping[str, str] | None) -> Iterator[Finding]:
    """Find out whether the alarm address has said yes."""
    name = stage.config.stage
    if stage.emulated:
        yield unknown("alarms", "the emulator has none. See on AWS.")
    elif monitoring is None or "AlarmTopicArn" not in monitoring:
        yield wrong("alarms", f"they are not deployed. Deploy all: make deploy STAGE={name}")
    else:
        yield from answered("alarms", partial(_subscription, stage, monitoring["AlarmTopicArn"]))


def _subscription(stage: Stage, topic: str) -> Iterator[Finding]:
    pages = stage.sns_client().get_paginator("list_subscriptions_by_topic")
    found = {
        subscription["Endpoint"]: subscription["SubscriptionArn"]
        for page in pages.paginate(TopicArn=topic)
        for subscription in page["Subscriptions"]
    }
    confirmed = [endpoint for endpoint, arn in found.items() if arn.startswith("arn:")]
    address = stage.config.alarm_email
    if address is None or address in confirmed:
        yield (
            well("alarms", f"{len(confirmed)} confirmed, {', '.join(sorted(confirmed))}.")
            if confirmed
            else well("alarms", f"nobody is told; {stage.config.stage} may do without alarm_email.")
        )
        return
    again = (
        f"aws sns subscribe --region {stage.region} --topic-arn {topic} --protocol email"
        f" --notification-endpoint {address}"
    )
    state = (
        "has not confirmed. Open the link in the mail of AWS Notifications"
        if found.get(address) == _PENDING
        else "is not subscribed any more. Subscribe it, and open the link in the mail"
    )
    yield wrong("alarms", f"{address} {state}; for another mail:\n{again}")
