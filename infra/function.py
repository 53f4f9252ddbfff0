"""What all functions have in common, but what they run."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.bundle import Target

_RETENTION = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


class LogGroup(logs.LogGroup):
    """A log group that goes with its stack."""

    def __init__(self, scope: Construct, construct_id: str, *, retention_days: int) -> None:
        super().__init__(
            scope,
            construct_id,
            retention=_RETENTION[retention_days],
            removal_policy=RemovalPolicy.DESTROY,
        )


class Function(Construct):
    """One function with a role and a log group of its own; grants are the stack's business."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        handler: str,
        code: lambda_.Code,
        target: Target,
        environment: Mapping[str, str],
        timeout: Duration,
        log_retention_days: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self.log_group = LogGroup(self, "Logs", retention_days=log_retention_days)
        self.role = role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        self.log_group.grant_write(role)
        self.function = lambda_.Function(
            self,
            "Function",
            handler=handler,
            code=code,
            runtime=target.runtime,
            architecture=target.architecture,
            environment=environment,
            role=role,
            log_group=self.log_group,
            timeout=timeout,
            # CPU comes with memory, and a cold start is CPU
            memory_size=1024,
            tracing=lambda_.Tracing.ACTIVE,
        )
        Validations.of(role.node.find_child("DefaultPolicy")).acknowledge(
            Acknowledgment(
                id="AwsSolutions-IAM5[Resource::*]",
                reason="X-Ray's PutTraceSegments and PutTelemetryRecords know no resources,"
                " nor does SendEmail in the emulator.",
            )
        )
        Validations.of(self.function).acknowledge(
            Acknowledgment(
                id="AwsSolutions-L1",
                reason="The dependencies are resolved and tested for the runtime named here;"
                " a newer one is a change of its own.",
            )
        )

    def feed_from(
        self, queue: sqs.IQueue, *, batch_size: int, max_concurrency: int
    ) -> lambda_.EventSourceMapping:
        """Let SQS call it with so many messages at most; it answers which ones failed."""
        return self.function.add_event_source_mapping(
            "Messages",
            event_source_arn=queue.queue_arn,
            batch_size=batch_size,
            report_batch_item_failures=True,
            # never reserved concurrency instead: receives that it throttles count
            max_concurrency=max_concurrency,
        )
