"""One page that shows how the service is, row by row along a mail's way."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.monitoring.alarms import RUNBOOK
from infra.monitoring.metrics import FIVE_MINUTES, MINUTE, of_ses, own
from infra.stack import NotifierStack
from infra.storage import INDEX

#: the columns of CloudWatch's grid
_WIDTH = 24
_PERCENTILES = ("p50", "p95", "p99")
_OPERATIONS = ("TransactWriteItems", "UpdateItem", "GetItem", "Query")

Metrics = Sequence[cloudwatch.IMetric]


class Dashboard(Construct):
    """A stage's dashboard, with its alarms on top."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        notifier: NotifierStack,
        untold_reports: sqs.IQueue,
        alarms: Sequence[cloudwatch.IAlarm],
    ) -> None:
        super().__init__(scope, construct_id)
        self.name = notifier.service_name
        rows: list[list[cloudwatch.IWidget]] = [
            [
                cloudwatch.AlarmStatusWidget(
                    title=f"Alarms (what to do: {RUNBOOK})", alarms=alarms, width=_WIDTH, height=4
                )
            ],
            _jobs(notifier),
            _queues(notifier, untold_reports),
            _functions(notifier),
            _table(notifier),
            _api(notifier),
        ]
        if notifier.sender:
            rows.append(_mails(notifier))
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=self.name,
            default_interval=Duration.hours(12),
            widgets=rows,
        )


def _row(**graphs: tuple[Metrics, str]) -> list[cloudwatch.IWidget]:
    """Share a row among graphs: a title with underscores, its metrics, and their unit."""
    return [
        cloudwatch.GraphWidget(
            title=title.replace("_", " "),
            left=metrics,
            left_y_axis=cloudwatch.YAxisProps(min=0, label=unit, show_units=False),
            width=_WIDTH // len(graphs),
            height=6,
        )
        for title, (metrics, unit) in graphs.items()
    ]


def _jobs(notifier: NotifierStack) -> list[cloudwatch.IWidget]:
    def counted(*names: str) -> Metrics:
        return [own(notifier, name) for name in names]

    return _row(
        Sign_ins=(counted("Accepted", "Refused", "NotQueued"), "count"),
        Reports=(counted("Reported", "ReportNotSent"), "count"),
        Jobs=(counted("Completed", "Retried", "Parked", "Dead"), "count"),
        Enqueue_to_sent=(
            [own(notifier, "EnqueueToSent", statistic=p).with_(label=p) for p in _PERCENTILES],
            "ms",
        ),
    )


def _queues(notifier: NotifierStack, untold_reports: sqs.IQueue) -> list[cloudwatch.IWidget]:
    queue = notifier.queue
    dead: dict[str, sqs.IQueue] = {"dead": notifier.dead_letters}
    if notifier.feedback:
        dead["dead SES events"] = notifier.feedback.dead_letters
    dead["reports"] = untold_reports
    repairs = (
        *("DueResent", "DueNotResent", "DueMovedOn", "DueLeftOver"),
        *("ParkedResent", "ParkedLeftOver", "DeadLettersDeleted", "DeadLettersListed"),
        *("DeadLettersLeftOver", "RepairFailed", "DutyInterrupted"),
        *("ReportsResent", "ReportsNotResent", "ReportsLeftOver"),
    )
    return _row(
        Queue=(
            [
                queue.metric_approximate_number_of_messages_visible(
                    statistic="Maximum", period=MINUTE, label="waiting"
                ),
                queue.metric_approximate_number_of_messages_not_visible(
                    statistic="Maximum", period=MINUTE, label="in flight"
                ),
            ],
            "messages",
        ),
        Oldest_message=(
            [
                queue.metric_approximate_age_of_oldest_message(
                    statistic="Maximum", period=MINUTE, label="age"
                )
            ],
            "s",
        ),
        Dead_letters=(
            [
                letters.metric_approximate_number_of_messages_visible(
                    statistic="Maximum", period=MINUTE, label=label
                )
                for label, letters in dead.items()
            ],
            "messages",
        ),
        Repairs=([own(notifier, name) for name in repairs], "count"),
    )


def _functions(notifier: NotifierStack) -> list[cloudwatch.IWidget]:
    def each(name: str, statistic: str) -> Metrics:
        return [
            function.function.metric(
                name, statistic=statistic, period=FIVE_MINUTES, label=function.node.id.lower()
            )
            for function in notifier.functions
        ]

    return _row(
        Errors=(each("Errors", "Sum"), "count"),
        Throttles=(each("Throttles", "Sum"), "count"),
        Duration_p99=(each("Duration", "p99"), "ms"),
        Concurrency=(each("ConcurrentExecutions", "Maximum"), "functions"),
    )


def _table(notifier: NotifierStack) -> list[cloudwatch.IWidget]:
    table = {"TableName": notifier.jobs.table.table_name}
    index = {**table, "GlobalSecondaryIndexName": INDEX}
    return _row(
        Table_throttles=(
            [
                _of_dynamodb(f"{access}ThrottleEvents", of, label=f"{access.lower()}s{whose}")
                for of, whose in ((table, ""), (index, " of the index"))
                for access in ("Read", "Write")
            ],
            "count",
        ),
        Table_latency_p99=(
            [
                _of_dynamodb(
                    "SuccessfulRequestLatency",
                    {**table, "Operation": operation},
                    label=operation,
                    statistic="p99",
                )
                for operation in _OPERATIONS
            ],
            "ms",
        ),
    )


def _of_dynamodb(
    name: str, dimensions: Mapping[str, str], *, label: str, statistic: str = "Sum"
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/DynamoDB",
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=FIVE_MINUTES,
        label=label,
    )


def _api(notifier: NotifierStack) -> list[cloudwatch.IWidget]:
    api = notifier.http_api
    return _row(
        API_answers=(
            [
                api.metric_count(statistic="SampleCount", period=FIVE_MINUTES, label="all"),
                api.metric_client_error(statistic="Sum", period=FIVE_MINUTES, label="4xx"),
                api.metric_server_error(statistic="Sum", period=FIVE_MINUTES, label="5xx"),
            ],
            "count",
        ),
        API_latency=(
            [api.metric_latency(statistic=p, period=FIVE_MINUTES, label=p) for p in _PERCENTILES],
            "ms",
        ),
    )


def _mails(notifier: NotifierStack) -> list[cloudwatch.IWidget]:
    return _row(
        Mails_of_the_whole_account=(
            [of_ses(name) for name in ("Send", "Delivery", "Bounce", "Complaint", "Reject")],
            "count",
        ),
        Reputation_of_the_whole_account=(
            [
                of_ses(name, statistic="Maximum")
                for name in ("Reputation.BounceRate", "Reputation.ComplaintRate")
            ],
            "share",
        ),
        Bounces_and_complaints_of_this_stage=(
            [own(notifier, "BouncedHard"), own(notifier, "Complained")],
            "count",
        ),
    )
