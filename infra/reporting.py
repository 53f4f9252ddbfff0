"""Reports of sign-ins: what their links are signed with, and who is told of them."""

from aws_cdk import Acknowledgment, Duration, SecretValue, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.messaging import DeadLetters
from infra.storage import AccessKey

#: the header that the target knows us by
KEY_HEADER = "X-Api-Key"
#: EventBridge's longest, https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
RETRIED_FOR = Duration.hours(24)
RETRIES = 185


def reports_of(stage: str) -> events.EventPattern:
    """Match the reports of one stage: all stages of an account share its default bus."""
    return events.EventPattern(
        source=["signin-notifier"],
        detail_type=["signin.reported"],
        detail={"stage": [stage]},
    )


class Reporting(Construct):
    """The link key, and EventBridge's default bus, where the application subscribes."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.link_key = AccessKey(
            self,
            "LinkKey",
            description="signin-notifier: signs the report links in mails",
            fixed=None,
        )
        self._bus = events.EventBus.from_event_bus_name(self, "Bus", "default")

    def grant_publish(self, grantee: iam.IGrantable) -> None:
        """Allow telling the application."""
        self._bus.grant_put_events_to(grantee)


class UntoldReports(DeadLetters):
    """The dead-letter queue of a rule: reports that its target did not take for a day."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, enforce_ssl=True)
        Validations.of(self).acknowledge(
            Acknowledgment(id="AwsSolutions-SQS3", reason="It is a dead-letter queue, of a rule.")
        )


class ReportTarget(Construct):
    """An HTTPS address that is told of every report, until it has answered 2xx."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: str, url: str, key_secret_arn: str
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = UntoldReports(self, "DeadLetters")
        destination = events.ApiDestination(
            self,
            "Destination",
            endpoint=url,
            http_method=events.HttpMethod.POST,
            rate_limit_per_second=10,
            connection=events.Connection(
                self,
                "Connection",
                authorization=events.Authorization.api_key(
                    KEY_HEADER, SecretValue.secrets_manager(key_secret_arn)
                ),
            ),
        )
        events.Rule(
            self,
            "Rule",
            description="signin-notifier: reports of sign-ins, to the application",
            event_pattern=reports_of(stage),
            targets=[
                targets.ApiDestination(
                    destination,
                    dead_letter_queue=self.dead_letters,
                    max_event_age=RETRIED_FOR,
                    retry_attempts=RETRIES,
                )
            ],
        )
