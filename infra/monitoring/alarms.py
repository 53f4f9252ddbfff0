"""When somebody is told: metric, threshold, and what to do first."""

from collections.abc import Iterator
from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs

from infra.monitoring.metrics import FIVE_MINUTES, HOUR, MINUTE, of_ses, own
from infra.stack import NotifierStack

RUNBOOK = "docs/OPERATIONS.md"
_AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One alarm."""

    name: str
    metric: cloudwatch.IMetric
    threshold: float
    #: one sentence of meaning, and the first look
    what: str
    #: the runbook's section; None: the one that has the alarm's name
    section: str | None = None
    #: that many in a row
    periods: int = 1
    comparison: cloudwatch.ComparisonOperator = _AT_LEAST
    #: SQS falls silent when a queue was empty and unused for hours, Lambda and API Gateway when
    #: nobody calls: no news is good news
    missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING

    @property
    def description(self) -> str:
        """The alarm's text, as it is mailed."""
        return f"{self.what} Runbook: {RUNBOOK}#{self.section or self.name}"


def rules(notifier: NotifierStack, *, untold_reports: sqs.IQueue) -> Iterator[Rule]:
    """Give all alarms of a stage."""
    yield from _of_the_queue(notifier)
    yield from _of_the_api(notifier)
    yield from _of_the_sweeper(notifier)
    yield from _of_the_functions(notifier)
    if notifier.sender:
        yield from _of_ses()
    if notifier.feedback:
        yield Rule(
            name="feedback-dead-letters",
            metric=_messages_in(notifier.feedback.dead_letters),
            threshold=1,
            what="Events of SES could not be recorded, some jobs don't show their delivery."
            " Find the cause in the feedback function's log, mend it, then redrive the queue.",
        )
    told = "application" if notifier.report_target else "alarm topic"
    yield Rule(
        name="report-dead-letters",
        metric=_messages_in(untold_reports),
        threshold=1,
        what=f"The {told} was not told that a sign-in was strange."
        " Look at the reports in the queue, and act on them.",
    )


def _of_the_queue(notifier: NotifierStack) -> Iterator[Rule]:
    yield Rule(
        name="dead-letters",
        metric=_messages_in(notifier.dead_letters),
        threshold=1,
        what="Somebody was not told of a sign-in. List GET /api/admin/dlq, and mend the cause.",
    )
    yield Rule(
        name="dead-jobs",
        # the table knows of those too whose message has left the queue
        metric=own(notifier, "DeadNow", statistic="Maximum"),
        threshold=1,
        what="Jobs stay dead until somebody replays or discards them."
        " Look at the console, /api/admin/console.",
    )
    yield Rule(
        name="delivery-failed",
        metric=own(notifier, "DeliveryFailed"),
        threshold=1,
        what="The worker met an error that nobody foresaw; the messages stay on the queue."
        ' Find "delivery failed unforeseen" in the worker\'s log; it names the job and the frames.',
    )
    yield Rule(
        name="signing-key",
        metric=own(notifier, "SigningKeyOutOfReach"),
        threshold=3,  # one or two are a blip, and their messages come back in a minute
        what="Mails wait, because the key that signs their report links can't be read."
        " Look at the link key's secret and at who deleted or denied it.",
    )
    yield Rule(
        name="counters-lost",
        metric=own(notifier, "CountersLost"),
        threshold=3,  # one or two are a blip, and only statistics miss them
        what="Jobs are done, but the statistics don't count them."
        ' Look at DynamoDB\'s health; "counters not written" in the log names the error.',
    )
    yield Rule(
        name="oldest-message",
        metric=notifier.queue.metric_approximate_age_of_oldest_message(
            statistic="Maximum", period=MINUTE
        ),
        threshold=300,
        periods=3,
        what="Mails leave more than 5 minutes late (value: seconds), or the worker is paused."
        " Look at the worker's errors and throttles, and at SES's health and sending limits.",
    )
    yield Rule(
        name="parked",
        metric=own(notifier, "ParkedNow", statistic="Maximum"),
        threshold=1,
        what="Mails wait and are tried again, because the account may not send them now."
        " Look at its sending status, its quota and the sender's verification, in SES.",
    )


def _of_the_api(notifier: NotifierStack) -> Iterator[Rule]:
    yield Rule(
        name="api-5xx",
        metric=notifier.http_api.metric_server_error(statistic="Sum", period=FIVE_MINUTES),
        threshold=5,
        what="Sign-ins are answered with 5xx, their callers may not retry."
        " Look at the api function's log and at DynamoDB's health.",
    )
    yield Rule(
        name="api-latency",
        # evaluated however few the calls are, or a quiet stage would never ring; a single cold
        # start stays below the threshold
        metric=notifier.http_api.metric_latency(statistic="p99", period=FIVE_MINUTES),
        threshold=3_000,
        periods=3,
        what="The slowest answers take more than 3 seconds (value: milliseconds, p99)."
        " Look at DynamoDB's latency and at the api function's duration, on the dashboard.",
    )
    yield Rule(
        name="not-queued",
        metric=own(notifier, "NotQueued"),
        threshold=5,
        what="Accepted sign-ins reach the queue up to 2 minutes late, by way of the sweeper."
        " Look at SQS's health and at the api function's grant to send.",
    )


def _of_the_sweeper(notifier: NotifierStack) -> Iterator[Rule]:
    yield Rule(
        name="sweeper-silent",
        metric=own(notifier, "Swept", period=MINUTE),
        threshold=1,
        periods=5,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        missing=cloudwatch.TreatMissingData.BREACHING,
        what="Nobody repairs what a crash leaves behind, for 5 minutes now."
        " Look at the sweeper function's errors and at the rule that starts it.",
    )
    yield Rule(
        name="repair-failed",
        metric=own(notifier, "RepairFailed"),
        threshold=1,
        what="A job can't be repaired, for a reason that nobody foresaw."
        ' Find "repair failed unforeseen" in the sweeper\'s log; it names the job and the frames.',
    )
    yield Rule(
        name="reports-not-sent",
        metric=own(notifier, "ReportsNotResent"),
        threshold=1,
        what="Nobody hears yet of sign-ins that people reported, EventBridge does not take them."
        " Look at EventBridge's health and at the sweeper's grant to put events.",
    )
    yield Rule(
        name="duty-interrupted",
        metric=own(notifier, "DutyInterrupted"),
        threshold=3,  # one or two are a blip, and the next minute's sweep makes up for it
        what="Repairs are put off, because DynamoDB or SQS does not answer the sweeper."
        " Look at the health of both, and at the table's throttles.",
    )


def _of_the_functions(notifier: NotifierStack) -> Iterator[Rule]:
    for function in notifier.functions:
        name = function.node.id.lower()
        yield Rule(
            name=f"{name}-errors",
            section="function-errors",
            metric=function.function.metric_errors(statistic="Sum", period=FIVE_MINUTES),
            threshold=1,
            what=f"The {name} function crashed or ran out of time."
            " Find the request in its log and the stack trace with it.",
        )
        yield Rule(
            name=f"{name}-throttles",
            section="function-throttles",
            metric=function.function.metric_throttles(statistic="Sum", period=FIVE_MINUTES),
            threshold=1,
            what=f"Lambda refused to start the {name} function."
            " Look at the account's concurrency limit and at who uses it up.",
        )


def _of_ses() -> Iterator[Rule]:
    # Shares, from 0 to 1. SES wants less than these, and reviews or pauses the account above them.
    # https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html
    for name, metric, most, who in (
        ("bounce-rate", "Reputation.BounceRate", 0.05, "addresses that do not exist"),
        ("complaint-rate", "Reputation.ComplaintRate", 0.001, "people who call them spam"),
    ):
        yield Rule(
            name=name,
            metric=of_ses(metric, statistic="Maximum", period=HOUR),
            threshold=most,
            comparison=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            # told only while there are mails to count, and true until told otherwise
            missing=cloudwatch.TreatMissingData.IGNORE,
            what=f"Too many of the account's mails go to {who}; SES may pause the account."
            " Look at its reputation metrics, in SES, and at which sender they come from.",
        )


def _messages_in(queue: sqs.IQueue) -> cloudwatch.IMetric:
    """Count in flight too: whoever looks at a dead letter does not end the alarm."""
    return cloudwatch.MathExpression(
        expression="visible + inFlight",
        using_metrics={
            "visible": queue.metric_approximate_number_of_messages_visible(statistic="Maximum"),
            "inFlight": queue.metric_approximate_number_of_messages_not_visible(
                statistic="Maximum"
            ),
        },
        period=MINUTE,
        label="messages in the dead-letter queue",
    )
