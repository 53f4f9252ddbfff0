"""What wakes somebody up: alarms on what a user would notice, and one topic that tells of them."""

from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.config import StageConfig
from infra.stack import NotifierStack


class AlarmTopic(Construct):
    """An encrypted topic that takes alarms of this account, over TLS only."""

    def __init__(self, scope: Construct, construct_id: str, *, email: str | None) -> None:
        super().__init__(scope, construct_id)
        alarms = iam.ServicePrincipal(
            "cloudwatch.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
        )
        # alarms can't use the account's default key for SNS, its policy doesn't let CloudWatch in:
        # https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
        key = kms.Key(
            self,
            "Key",
            description="signin-notifier: alarms",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.DESTROY,  # nothing is kept under it
        )
        key.grant(alarms, "kms:Decrypt", "kms:GenerateDataKey*")
        self.topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
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
            description="signin-notifier: alarms",
            termination_protection=config.stage == "prod",
            **options,
        )
        self._name = f"signin-notifier-{config.stage}"
        self._tell = actions.SnsAction(AlarmTopic(self, "Alarms", email=config.alarm_email).topic)
        minute = Duration.minutes(1)
        five_minutes = Duration.minutes(5)
        self._alarm(
            "dead-letters",
            # in flight too: whoever looks at a dead letter does not end the alarm
            cloudwatch.MathExpression(
                expression="visible + inFlight",
                using_metrics={
                    "visible": notifier.dead_letters.metric_approximate_number_of_messages_visible(
                        statistic="Maximum"
                    ),
                    "inFlight": (
                        notifier.dead_letters.metric_approximate_number_of_messages_not_visible(
                            statistic="Maximum"
                        )
                    ),
                },
                period=minute,
                label="messages in the dead-letter queue",
            ),
            threshold=1,
            what="Somebody was not told of a sign-in."
            " List GET /api/admin/dlq, mend the cause, then replay or discard the jobs.",
        )
        self._alarm(
            "oldest-message",
            notifier.queue.metric_approximate_age_of_oldest_message(
                statistic="Maximum", period=minute
            ),
            threshold=300,
            periods=3,
            what="Mails leave more than 5 minutes late (value: seconds)."
            " Look at the worker's errors and throttles, and at SES's health and sending limits.",
        )
        self._alarm(
            "api-5xx",
            notifier.http_api.metric_server_error(statistic="Sum", period=five_minutes),
            threshold=5,
            what="Sign-ins are answered with 5xx, their callers may not retry."
            " Look at the api function's log and at DynamoDB's health.",
        )
        for function in notifier.functions:
            name = function.node.id.lower()
            self._alarm(
                f"{name}-errors",
                function.function.metric_errors(statistic="Sum", period=five_minutes),
                threshold=1,
                what=f"The {name} function crashed or ran out of time."
                " Find the request in its log and the stack trace with it.",
            )
            self._alarm(
                f"{name}-throttles",
                function.function.metric_throttles(statistic="Sum", period=five_minutes),
                threshold=1,
                what=f"Lambda refused to start the {name} function."
                " Look at the account's concurrency limit and at who uses it up.",
            )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        *,
        threshold: int,
        what: str,
        periods: int = 1,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"{self._name}-{name}",
            alarm_description=what,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            # SQS falls silent when a queue was empty and unused for hours, Lambda and API Gateway
            # when nobody calls: no news is good news
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._tell)
        alarm.add_ok_action(self._tell)
