"""What wakes somebody up and what they look at, apart from the service itself."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.config import StageConfig
from infra.messaging import EncryptedTopic
from infra.monitoring.alarms import RUNBOOK, Rule, rules
from infra.monitoring.dashboard import Dashboard
from infra.monitoring.queries import SavedQueries
from infra.reporting import RETRIED_FOR, RETRIES, UntoldReports, reports_of
from infra.stack import NotifierStack


class AlarmTopic(Construct):
    """An encrypted topic that takes alarms of this account, over TLS only."""

    def __init__(self, scope: Construct, construct_id: str, *, email: str | None) -> None:
        super().__init__(scope, construct_id)
        alarms = iam.ServicePrincipal(
            "cloudwatch.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
        )
        self.topic = EncryptedTopic(
            self,
            "Topic",
            publisher=alarms,
            description="signin-notifier: alarms",
            enforce_ssl=True,
        )
        # a policy of our own replaces the default one, which would have let alarms in
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsOfThisAccount",
                principals=[alarms],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
            )
        )
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))

    def tell_of_reports(self, *, stage: str) -> UntoldReports:
        """Publish each reported sign-in; return the queue of those that went unheard."""
        untold = UntoldReports(self, "UntoldReports")
        # The target admits EventBridge to the topic and to its key, without conditions, as it must:
        # https://repost.aws/knowledge-center/sns-not-getting-eventbridge-notification and, on
        # `aws:SourceAccount` and `aws:SourceArn` in the key's policy, which it does not support,
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        job_id = events.EventField.from_path("$.detail.id")
        reported_at = events.EventField.from_path("$.detail.reportedAt")
        events.Rule(
            self,
            "Reports",
            description="signin-notifier: reports of sign-ins, to the operators",
            event_pattern=reports_of(stage),
            targets=[
                targets.SnsTopic(
                    self.topic,
                    message=events.RuleTargetInput.from_text(
                        f"Somebody reported that a sign-in was not theirs: job {job_id}, at"
                        f" {reported_at}. What to do: {RUNBOOK}#a-reported-sign-in"
                    ),
                    dead_letter_queue=untold,
                    max_event_age=RETRIED_FOR,
                    retry_attempts=RETRIES,
                )
            ],
        )
        return untold


class MonitoringStack(Stack):
    """Apart from the service, because the emulators have no metrics to watch."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        notifier: NotifierStack,
        **options: Any,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            description="signin-notifier: alarms, dashboard and saved queries",
            termination_protection=config.stage == "prod",
            **options,
        )
        self._name = notifier.service_name
        alarms = AlarmTopic(self, "Alarms", email=config.alarm_email)
        self._tell = actions.SnsAction(alarms.topic)
        untold = (
            notifier.report_target.dead_letters
            if notifier.report_target
            else alarms.tell_of_reports(stage=config.stage)
        )
        dashboard = Dashboard(
            self,
            "Overview",
            notifier=notifier,
            untold_reports=untold,
            alarms=[self._alarm(rule) for rule in rules(notifier, untold_reports=untold)],
        )
        SavedQueries(self, "Queries", notifier=notifier)
        CfnOutput(self, "AlarmTopicArn", value=alarms.topic.topic_arn)
        if not notifier.report_target:
            CfnOutput(self, "ReportDeadLetterQueueUrl", value=untold.queue_url)
        CfnOutput(
            self,
            "DashboardUrl",
            value=f"https://console.aws.amazon.com/cloudwatch/home?region={self.region}"
            f"#dashboards/dashboard/{dashboard.name}",
        )

    def _alarm(self, rule: Rule) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            rule.name,
            alarm_name=f"{self._name}-{rule.name}",
            alarm_description=rule.description,
            metric=rule.metric,
            threshold=rule.threshold,
            evaluation_periods=rule.periods,
            comparison_operator=rule.comparison,
            treat_missing_data=rule.missing,
        )
        alarm.add_alarm_action(self._tell)
        alarm.add_ok_action(self._tell)
        return alarm
