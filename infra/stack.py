"""The service: who is composed of what, and who may do what."""

from typing import Any

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.api import Api, routes
from infra.config import StageConfig
from infra.delivery import Sender
from infra.feedback import Feedback
from infra.function import LAMBDA, THIS_MACHINE, Function, LogGroup, build_code
from infra.messaging import WorkQueue
from infra.storage import AccessKey, JobsTable

WORKER_TIMEOUT = Duration.seconds(30)
#: a batch of ten, each event with one call to DynamoDB that takes 4 s at the very worst
FEEDBACK_TIMEOUT = Duration.seconds(60)
SWEEP_INTERVAL = Duration.minutes(1)
#: the table counts attempts; this only ends what would otherwise circle for ever
MAX_RECEIVE_COUNT = 10
METRICS_NAMESPACE = "SigninNotifier"


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
        environment = self._environment(config)

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
        self.functions = [self.api, self.worker, self.admin, self.sweeper]
        self._grant(config)
        self.worker_source = self.worker.feed_from(
            self.queue, max_concurrency=config.worker_max_concurrency
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
            recorder.feed_from(self.feedback.queue, max_concurrency=2)

        self.http_api = Api(
            self,
            "Http",
            name=construct_id,
            routes=routes(config.throttling, api=self.api.function, admin=self.admin.function),
            access_log=LogGroup(self, "AccessLog", retention_days=config.log_retention_days),
        ).http_api
        self._output()

    def _environment(self, config: StageConfig) -> dict[str, str]:
        """Name what functions/settings.py reads, in capitals, the same for every function."""
        values = {
            "STAGE": config.stage,
            "TABLE_NAME": self.jobs.table.table_name,
            "QUEUE_URL": self.queue.queue_url,
            "DEAD_LETTER_QUEUE_URL": self.dead_letters.queue_url,
            "PRODUCER_KEY_SECRET_ARN": self.producer_key.arn,
            "ADMIN_KEY_SECRET_ARN": self.admin_key.arn,
            "TRUSTED_PROXIES": str(config.trusted_proxies),
            "RETENTION_DAYS": str(config.retention_days),
            "WORKER_TIMEOUT_SECONDS": str(WORKER_TIMEOUT.to_seconds()),
            "BRAND_NAME": config.brand_name,
            "BRAND_COLOR": config.brand_color,
            "MAIL_SENDER": config.mail_sender,
            "SUPPORT_ADDRESS": config.support_address,
            "SECURITY_PAGE_URL": config.security_page_url,
            "DEFAULT_TIME_ZONE": config.default_time_zone,
            "MAIL_TRANSPORT": config.mail_transport,
            "SIMULATOR": str(config.simulator).lower(),
            "MAIL_ALLOWLIST": ",".join(config.mail_allowlist),
            "MAIL_SINK": config.mail_sink or "",
            "POWERTOOLS_SERVICE_NAME": self.service_name,
            "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
            "POWERTOOLS_LOG_LEVEL": "INFO",
        }
        if self.sender:
            values["CONFIGURATION_SET"] = self.sender.configuration_set.configuration_set_name
        if config.mail_transport == "smtp":
            values |= {
                "SMTP_HOST": config.smtp_host,
                "SMTP_PORT": str(config.smtp_port),
                "SMTP_TLS": config.smtp_tls,
                "SMTP_CREDENTIALS_SECRET_ARN": config.smtp_credentials_secret_arn,
            }
        return {name: value for name, value in values.items() if value}

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
        for function in (api, admin):
            self.producer_key.grant_read(function)
            self.admin_key.grant_read(function)
        if self.sender:
            self.sender.grant_send(worker)
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

    def _output(self) -> None:
        read_key = "aws secretsmanager get-secret-value --query SecretString --output text"
        outputs = {
            "ApiUrl": self.http_api.api_endpoint,
            "ApiId": self.http_api.api_id,
            "TableName": self.jobs.table.table_name,
            "QueueUrl": self.queue.queue_url,
            "DeadLetterQueueUrl": self.dead_letters.queue_url,
            "WorkerEventSourceMappingId": self.worker_source.event_source_mapping_id,
            "ProducerKeyCommand": f"{read_key} --secret-id {self.producer_key.arn}",
            "AdminKeyCommand": f"{read_key} --secret-id {self.admin_key.arn}",
        }
        outputs |= {f"{f.node.id}LogGroup": f.log_group.log_group_name for f in self.functions}
        if self.sender:
            outputs |= self.sender.dns_records()
        if self.feedback:
            outputs |= {
                "FeedbackTopicArn": self.feedback.topic.topic_arn,
                "FeedbackQueueUrl": self.feedback.queue.queue_url,
                "FeedbackDeadLetterQueueUrl": self.feedback.dead_letters.queue_url,
            }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
