"""The alarms of a production stage in words: what each watches, and when it rings."""

from collections.abc import Iterator

from aws_cdk import App
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.config import StageConfig
from infra.monitoring.alarms import Rule, rules
from infra.stack import NotifierStack

#: with everything that an alarm may be about
_PROD = StageConfig(
    stage="prod",
    mail_sender="no-reply@example.com",
    support_address="support@example.com",
    security_page_url="https://example.com/security",
    alarm_email="oncall@example.com",
    public_url="https://notices.example.com",
    report_target_url="https://example.com/hooks/reported",
    report_target_key_secret_arn="arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf",  # noqa: S106 - where a secret would be
)
_SIGNS = {
    cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD: "at least",
    cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD: "more than",
    cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD: "less than",
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
    metric, unit = rule.metric, ""
    if isinstance(metric, cloudwatch.MathExpression):
        watched = metric.label
    else:
        assert isinstance(metric, cloudwatch.Metric)  # noqa: S101 - narrows CDK's type
        watched, unit = metric.metric_name, f" ({metric.statistic})"
    minutes = metric.period.to_minutes()
    often = f", {rule.periods} times in a row" if rule.periods > 1 else ""
    silence = rule.missing is cloudwatch.TreatMissingData.BREACHING
    return (
        f"{watched}{unit} {_SIGNS[rule.comparison]} {rule.threshold:g} in {minutes:g} min{often}"
        f"{', or silence' if silence else ''}"
    )


def meaning(alike: list[Rule]) -> str:
    """Return the first sentence of alarms; words in which they differ are left out."""
    sentences = [rule.what.partition(".")[0].split() for rule in alike]
    return " ".join(_shared(sentences))


def _shared(sentences: list[list[str]]) -> Iterator[str]:
    for words in zip(*sentences, strict=True):
        yield words[0] if len(set(words)) == 1 else "..."
