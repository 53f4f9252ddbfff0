"""What wakes somebody up and what they look at, apart from the service itself."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.config import StageConfig
from infra.messaging import EncryptedTopic
from infra.monitoring.alarms import Rule, rules
from infra.monitoring.dashboard import Dashboard
from infra.monitoring.queries import SavedQueries
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
        self._tell = actions.SnsAction(AlarmTopic(self, "Alarms", email=config.alarm_email).topic)
        dashboard = Dashboard(
            self,
            "Overview",
            notifier=notifier,
            alarms=[self._alarm(rule) for rule in rules(notifier)],
        )
        SavedQueries(self, "Queries", notifier=notifier)
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
