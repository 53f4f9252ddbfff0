"""The service: who is composed of what, and who may do what."""

from typing import Any

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.api import Api, routes
from infra.bundle import LAMBDA, THIS_MACHINE, build_code
from infra.config import StageConfig
from infra.delivery import Sender
from infra.environment import environment_of
from infra.feedback import Feedback
from infra.function import Function, LogGroup
from infra.messaging import WorkQueue
from infra.outputs import outputs
from infra.reporting import Reporting, ReportTarget
from infra.storage import AccessKey, JobsTable

WORKER_TIMEOUT = Duration.seconds(30)
#: a batch of ten, each event with one call to DynamoDB that takes 4 s at the very worst
FEEDBACK_TIMEOUT = Duration.seconds(60)
SWEEP_INTERVAL = Duration.minutes(1)
#: the table counts attempts; this only ends what would otherwise circle for ever
MAX_RECEIVE_COUNT = 10


class NotifierStack(Stack):
    """Everything that a sign-in passes through on its way to a mail."""

    def __init__(
        self, scope: Construct, construct_id: str, *, config: StageConfig, **options: Any
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            description="signin-notifier: mails people that someone signed in to their account",
            termination_protection=config.stage == "prod",
            **options,
        )
        local = config.stage == "local"
        #: the metrics' only dimension: stages of one account must not share it
        self.service_name = f"signin-notifier-{config.stage}"
        self.jobs = JobsTable(self, "Jobs", keep=config.stage == "prod")
        self.producer_key = AccessKey(
            self,
            "ProducerKey",
            description="signin-notifier: posts sign-ins and reads jobs",
            fixed="local-producer-key" if local else None,
        )
        self.admin_key = AccessKey(
            self,
            "AdminKey",
            description="signin-notifier: sees and repairs jobs",
            fixed="local-admin-key" if local else None,
        )
        self.reporting = Reporting(self, "Reporting")
        self.report_target = (
            ReportTarget(
                self,
                "ReportTarget",
                stage=config.stage,
                url=config.report_target_url,
                key_secret_arn=config.report_target_key_secret_arn,
            )
            if config.report_target_url
            else None
        )
        delivery = WorkQueue(
            self,
            "Delivery",
            function_timeout=WORKER_TIMEOUT,
            max_receive_count=MAX_RECEIVE_COUNT,
            enforce_ssl=not local,
        )
        self.queue, self.dead_letters = delivery.queue, delivery.dead_letters
        self.sender = (
            Sender(
                self,
                "Sender",
                address=config.mail_sender,
                whole_domain=config.sender_identity == "domain",
            )
            if config.mail_transport == "ses"
            else None
        )
        self.feedback = (
            Feedback(
                self,
                "SesEvents",
                configuration_set=self.sender.configuration_set,
                function_timeout=FEEDBACK_TIMEOUT,
                enforce_ssl=not local,
            )
            if self.sender
            else None
        )

        target = THIS_MACHINE if local else LAMBDA
        code = build_code(target)
        environment = environment_of(self, config, worker_timeout=WORKER_TIMEOUT)

        def function(name: str, *, timeout: Duration) -> Function:
            return Function(
                self,
                name,
                handler=f"functions.{name.lower()}.handler",
                code=code,
                target=target,
                environment=environment,
                timeout=timeout,
                log_retention_days=config.log_retention_days,
            )

        # In the emulator a burst of cold starts shares the cores of one machine.
        self.api = function("Api", timeout=Duration.seconds(30 if local else 10))
        self.worker = function("Worker", timeout=WORKER_TIMEOUT)
        self.admin = function("Admin", timeout=Duration.seconds(20))
        self.sweeper = function("Sweeper", timeout=Duration.seconds(60))
        # A person waits, and a cold start of ours should not look like an outage.
        self.report = function("Report", timeout=Duration.seconds(30 if local else 10))
        self.functions = [self.api, self.worker, self.admin, self.sweeper, self.report]
        self._grant(config)
        self.worker_source = self.worker.feed_from(
            self.queue,
            batch_size=config.worker_batch_size,
            max_concurrency=config.worker_max_concurrency,
        )
        self._show_worker_source()
        if local:
            self._grant_what_the_emulator_asks()
        self._sweep_every_minute()
        if self.feedback:
            recorder = function("Feedback", timeout=FEEDBACK_TIMEOUT)
            self.functions.append(recorder)
            self.jobs.grant(recorder.function, "dynamodb:UpdateItem")
            self.feedback.queue.grant_consume_messages(recorder.function)
            recorder.feed_from(
                self.feedback.queue,
                batch_size=10,
                max_concurrency=config.feedback_max_concurrency,
            )

        self.http_api = Api(
            self,
            "Http",
            name=construct_id,
            routes=routes(
                config.throttling,
                api=self.api.function,
                admin=self.admin.function,
                report=self.report.function,
            ),
            access_log=LogGroup(self, "AccessLog", retention_days=config.log_retention_days),
        ).http_api
        #: the origin of the report links in mails
        self.public_url = config.public_url or self.http_api.api_endpoint
        # the worker's alone, since the API names other functions
        self.worker.function.add_environment("PUBLIC_URL", self.public_url)
        for name, value in outputs(self).items():
            CfnOutput(self, name, value=value)

    def _grant(self, config: StageConfig) -> None:
        """Allow each function what it does, and no more."""
        api, worker, admin = self.api.function, self.worker.function, self.admin.function
        sweeper = self.sweeper.function
        self.jobs.grant(api, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        self.queue.grant(api, "sqs:SendMessage")
        self.jobs.grant(worker, "dynamodb:GetItem", "dynamodb:UpdateItem")
        self.queue.grant_consume_messages(worker)
        self.jobs.grant(admin, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem")
        self.jobs.grant_query(admin)
        self.queue.grant(admin, "sqs:SendMessage")
        self.jobs.grant(sweeper, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        self.jobs.grant_query(sweeper)
        self.queue.grant(sweeper, "sqs:SendMessage")
        self.dead_letters.grant(
            sweeper, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"
        )
        report = self.report.function
        self.jobs.grant(report, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        for function in (report, sweeper):
            self.reporting.grant_publish(function)
        for function in (worker, report):
            self.reporting.link_key.grant_read(function)
        for function in (api, admin):
            self.producer_key.grant_read(function)
            self.admin_key.grant_read(function)
        if self.sender:
            self.sender.grant_send(worker)
            if config.stage == "dev":
                self.sender.grant_send_in_the_sandbox(self.worker.role)
        if config.mail_transport == "smtp" and config.smtp_credentials_secret_arn:
            secretsmanager.Secret.from_secret_complete_arn(
                self, "SmtpCredentials", config.smtp_credentials_secret_arn
            ).grant_read(worker)

    def _show_worker_source(self) -> None:
        """Let the admin function, and it alone, see whether the worker is paused."""
        mapping = self.worker_source
        self.admin.function.add_environment(
            "WORKER_EVENT_SOURCE_MAPPING_ID", mapping.event_source_mapping_id
        )
        iam.Grant.add_to_principal(
            grantee=self.admin.function,
            actions=["lambda:GetEventSourceMapping"],
            resource_arns=[mapping.event_source_mapping_arn],
        )

    def _grant_what_the_emulator_asks(self) -> None:
        """Allow what MiniStack checks under other names than AWS does."""
        for function, action, resource in (
            (self.worker, "ses:SendEmail", "*"),
            (self.admin, "sqs:SendMessageBatch", self.queue.queue_arn),
            (
                self.admin,
                "lambda:ListEventSourceMappings",
                self.worker_source.event_source_mapping_arn,
            ),
        ):
            iam.Grant.add_to_principal(
                grantee=function.function, actions=[action], resource_arns=[resource]
            )

    def _sweep_every_minute(self) -> None:
        """Start the sweeper; what fails or can't start is left to the next minute's sweep."""
        events.Rule(
            self,
            "EveryMinute",
            schedule=events.Schedule.rate(SWEEP_INTERVAL),
            targets=[targets.LambdaFunction(self.sweeper.function, retry_attempts=0)],
        )
        # the rule only hands the event over: what runs again after a failure is Lambda's own queue
        self.sweeper.function.configure_async_invoke(retry_attempts=0, max_event_age=SWEEP_INTERVAL)
