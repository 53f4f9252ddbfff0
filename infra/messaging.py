"""What carries messages: queues with their dead-letter queues, and encrypted topics."""

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct


class DeadLetters(sqs.Queue):
    """A queue of what nobody could work on, for somebody to look at."""

    def __init__(self, scope: Construct, construct_id: str, *, enforce_ssl: bool) -> None:
        super().__init__(
            scope,
            construct_id,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=enforce_ssl,
            # the longest there is, because it counts from the message's first enqueue
            retention_period=Duration.days(14),
            # whoever inspects the head does not meet it again at once
            visibility_timeout=Duration.minutes(5),
        )


class WorkQueue(Construct):
    """The queue of messages to work on, and the one of messages that nobody could."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        function_timeout: Duration,
        max_receive_count: int,
        enforce_ssl: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = DeadLetters(self, "DeadLetters", enforce_ssl=enforce_ssl)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=enforce_ssl,
            # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
            visibility_timeout=Duration.seconds(6 * function_timeout.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=max_receive_count
            ),
        )
        if not enforce_ssl:
            for queue in (self.queue, self.dead_letters):
                _acknowledge_plain_http(queue, "AwsSolutions-SQS4")


class EncryptedTopic(sns.Topic):
    """A topic under a key that one AWS service may use; who may publish is the topic's policy."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        publisher: iam.ServicePrincipal,
        description: str,
        enforce_ssl: bool,
    ) -> None:
        # AWS services can't use the account's default key for SNS, its policy lets none of them in:
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        key = kms.Key(
            scope,
            f"{construct_id}Key",
            description=description,
            enable_key_rotation=True,
            # nothing is kept under it; seven days are the shortest that KMS waits
            removal_policy=RemovalPolicy.DESTROY,
            pending_window=Duration.days(7),
        )
        key.grant(publisher, "kms:Decrypt", "kms:GenerateDataKey*")
        super().__init__(scope, construct_id, master_key=key, enforce_ssl=enforce_ssl)
        if not enforce_ssl:
            _acknowledge_plain_http(self, "AwsSolutions-SNS3")


def _acknowledge_plain_http(construct: Construct, finding: str) -> None:
    Validations.of(construct).acknowledge(
        Acknowledgment(
            id=finding, reason="The emulator on this machine's loopback speaks plain HTTP."
        )
    )
