"""The alarms of a production stage in words: when each of them rings."""

import re

from aws_cdk import App
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.config import StageConfig
from infra.monitoring.alarms import Rule, rules
from infra.stack import NotifierStack

#: with everything that an alarm may be about
_PROD = StageConfig(
    stage="prod",
    brand_name="Yellow Books",
    mail_sender="no-reply@example.com",
    support_address="support@example.com",
    security_page_url="https://example.com/security",
    alarm_email="oncall@example.com",
    public_url="https://notices.example.com",
    report_target_url="https://example.com/hooks/reported",
    report_target_key_secret_arn="arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf",  # noqa: S106 - where a secret would be
)
_SIGNS = {
    cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD: ">=",
    cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD: ">",
    cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD: "<",
}


def rules_by_section() -> dict[str, list[Rule]]:
    """Return all alarms by the runbook's section that they lead to."""
    app = App(context={"aws:cdk:bundling-stacks": []})
    by_section: dict[str, list[Rule]] = {}
    notifier = NotifierStack(app, "SigninNotifier-prod", config=_PROD)
    assert notifier.report_target  # noqa: S101 - the settings above name one
    for rule in rules(notifier, untold_reports=notifier.report_target.dead_letters):
        by_section.setdefault(rule.section or rule.name, []).append(rule)
    return by_section


def condition(rule: Rule) -> str:
    """Return when an alarm rings."""
    metric = rule.metric
    assert isinstance(metric, cloudwatch.Metric | cloudwatch.MathExpression)  # noqa: S101 - narrows CDK's type
    unit = re.search(r"\(value: (\w+)", rule.what)
    often = f", {rule.periods} times" if rule.periods > 1 else ""
    silence = rule.missing is cloudwatch.TreatMissingData.BREACHING
    return (
        f"{_SIGNS[rule.comparison]} {rule.threshold:g}{f' {unit[1]}' if unit else ''} in"
        f" {metric.period.to_minutes():g} min{often}{', or silence' if silence else ''}"
    )
