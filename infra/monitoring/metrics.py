"""The metrics that alarms and the dashboard stand on."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.environment import METRICS_NAMESPACE
from infra.stack import NotifierStack

MINUTE = Duration.minutes(1)
FIVE_MINUTES = Duration.minutes(5)
HOUR = Duration.hours(1)


def own(
    notifier: NotifierStack, name: str, *, statistic: str = "Sum", period: Duration = FIVE_MINUTES
) -> cloudwatch.Metric:
    """Return a metric that the functions write themselves."""
    return cloudwatch.Metric(
        namespace=METRICS_NAMESPACE,
        metric_name=name,
        dimensions_map={"service": notifier.service_name},
        statistic=statistic,
        period=period,
    )


def of_ses(
    name: str, *, statistic: str = "Sum", period: Duration = FIVE_MINUTES
) -> cloudwatch.Metric:
    """Return a metric of the whole account at SES in this region, which therefore has no dimension.

    The account is what SES judges: it is the account that it reviews and pauses.
    https://docs.aws.amazon.com/ses/latest/dg/monitor-sender-reputation.html
    """
    return cloudwatch.Metric(
        namespace="AWS/SES", metric_name=name, statistic=statistic, period=period
    )
