"""What wakes somebody up: alarms on what a user would notice, and one topic that tells of them."""

from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import StageConfig
from infra.messaging import EncryptedTopic
from infra.stack import METRICS_NAMESPACE, NotifierStack

MINUTE = Duration.minutes(1)


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
            description="signin-notifier: alarms",
            termination_protection=config.stage == "prod",
            **options,
        )
        self._name = notifier.service_name
        self._tell = actions.SnsAction(AlarmTopic(self, "Alarms", email=config.alarm_email).topic)
        five_minutes = Duration.minutes(5)
        self._alarm_on_dead_letters(
            "dead-letters",
            notifier.dead_letters,
            what="Somebody was not told of a sign-in. List GET /api/admin/dlq, and mend the cause.",
        )
        if notifier.feedback:
            self._alarm_on_dead_letters(
                "feedback-dead-letters",
                notifier.feedback.dead_letters,
                what="Events of SES could not be recorded, some jobs don't show their delivery."
                " Find the cause in the feedback function's log, mend it, then redrive the queue.",
            )
        self._alarm(
            "parked",
            cloudwatch.Metric(
                namespace=METRICS_NAMESPACE,
                metric_name="Parked",
                dimensions_map={"service": notifier.service_name},
                statistic="Sum",
                period=five_minutes,
            ),
            threshold=1,
            what="Mails wait and are tried again, because the account may not send them now."
            " Look at its sending status, its quota and the sender's verification, in SES.",
        )
        self._alarm(
            "oldest-message",
            notifier.queue.metric_approximate_age_of_oldest_message(
                statistic="Maximum", period=MINUTE
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

    def _alarm_on_dead_letters(self, name: str, queue: sqs.IQueue, *, what: str) -> None:
        self._alarm(
            name,
            # in flight too: whoever looks at a dead letter does not end the alarm
            cloudwatch.MathExpression(
                expression="visible + inFlight",
                using_metrics={
                    "visible": queue.metric_approximate_number_of_messages_visible(
                        statistic="Maximum"
                    ),
                    "inFlight": queue.metric_approximate_number_of_messages_not_visible(
                        statistic="Maximum"
                    ),
                },
                period=MINUTE,
                label="messages in the dead-letter queue",
            ),
            threshold=1,
            what=what,
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
