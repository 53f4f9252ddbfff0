"""How a job gets to its mail: the queue with its dead-letter queue, and SES."""

from aws_cdk import Acknowledgment, ArnFormat, Duration, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sqs as sqs
from constructs import Construct

#: the table counts attempts; this only ends what would otherwise circle for ever
MAX_RECEIVE_COUNT = 10


class DeliveryQueue(Construct):
    """The queue of messages to work on, and the one of messages that nobody could."""

    def __init__(
        self, scope: Construct, construct_id: str, *, worker_timeout: Duration, enforce_ssl: bool
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=enforce_ssl,
            # the longest there is, because it counts from the message's first enqueue
            retention_period=Duration.days(14),
            # whoever inspects the head does not meet it again at once
            visibility_timeout=Duration.minutes(5),
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=enforce_ssl,
            # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
            visibility_timeout=Duration.seconds(6 * worker_timeout.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=MAX_RECEIVE_COUNT
            ),
        )
        if not enforce_ssl:
            for queue in (self.queue, self.dead_letters):
                Validations.of(queue).acknowledge(
                    Acknowledgment(
                        id="AwsSolutions-SQS4",
                        reason="The emulator on this machine's loopback speaks plain HTTP.",
                    )
                )


class Sender(Construct):
    """Who SES sends as, and the configuration set that every mail names."""

    def __init__(
        self, scope: Construct, construct_id: str, *, address: str, whole_domain: bool
    ) -> None:
        super().__init__(scope, construct_id)
        self.configuration_set = ses.ConfigurationSet(
            self, "ConfigurationSet", reputation_metrics=True
        )
        self.identity = ses.EmailIdentity(
            self,
            "Identity",
            identity=ses.Identity.domain(address.partition("@")[2])
            if whole_domain
            else ses.Identity.email(address),
        )
        self._whole_domain = whole_domain

    def dns_records(self) -> dict[str, str]:
        """Name the records that prove to SES whose the domain is; none for a single address."""
        if not self._whole_domain:
            return {}
        return {
            f"DkimRecord{number}": f"{record.name} CNAME {record.value}"
            for number, record in enumerate(self.identity.dkim_records, start=1)
        }

    def grant_send(self, grantee: iam.IGrantable) -> None:
        """Allow sending as the identity through the configuration set; SES checks both."""
        self.identity.grant_send_email(grantee)
        # https://github.com/aws/aws-cdk/issues/34402
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["ses:SendEmail", "ses:SendRawEmail"],
            resource_arns=[
                Stack.of(self).format_arn(
                    service="ses",
                    resource="configuration-set",
                    resource_name=self.configuration_set.configuration_set_name,
                    arn_format=ArnFormat.SLASH_RESOURCE_NAME,
                )
            ],
        )
