"""The functions' handlers in processes that last, on an emulator's DynamoDB, SQS and SES."""

import os
import socket
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Final

from bench.emulated import Aws, emulated
from bench.pipeline import Pipeline
from infra.config import ROOT
from local.emulator import credentials
from local.sample import ADMIN_KEY, PRODUCER_KEY
from tests.jobs_table import TABLE_NAME, create_jobs_table

#: a function's process takes one request at a time
API_PROCESSES: Final = 4
WORKER_PROCESSES: Final = 2
_SENDER: Final = "no-reply@yellowbooks.example"


@contextmanager
def handlers() -> Iterator[Pipeline]:
    """Serve the API's door on a free port, and let the queue's door mail, until we leave."""
    with emulated() as aws, ExitStack() as running:
        environment = _environment(aws)
        listening = running.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1024))
        door = listening.fileno()
        processes = [
            *(
                _started("bench.doors.http", str(door), environment=environment, inherited=[door])
                for _ in range(API_PROCESSES)
            ),
            *(
                _started("bench.doors.queue", environment=environment)
                for _ in range(WORKER_PROCESSES)
            ),
        ]
        try:
            yield Pipeline(
                url=f"http://127.0.0.1:{listening.getsockname()[1]}",
                aws=aws,
                queue_url=environment["QUEUE_URL"],
                table_name=environment["TABLE_NAME"],
            )
            if ended := [process.args for process in processes if process.poll() is not None]:
                raise RuntimeError(f"ended by themselves: {ended}")
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def _environment(aws: Aws) -> dict[str, str]:
    create_jobs_table(aws.client("dynamodb"))
    queues = aws.client("sqs")
    secrets = aws.client("secretsmanager")
    mail = aws.client("sesv2")
    mail.create_email_identity(EmailIdentity=_SENDER)
    mail.create_configuration_set(ConfigurationSetName="signin-notifier")

    def secret(name: str, value: str) -> str:
        arn: str = secrets.create_secret(Name=name, SecretString=value)["ARN"]
        return arn

    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        **credentials(),
        "AWS_ENDPOINT_URL": aws.endpoint,
        "POWERTOOLS_SERVICE_NAME": "signin-notifier",
        "POWERTOOLS_METRICS_NAMESPACE": "SigninNotifier",
        "STAGE": "local",
        "TABLE_NAME": TABLE_NAME,
        "QUEUE_URL": queues.create_queue(QueueName="jobs")["QueueUrl"],
        "DEAD_LETTER_QUEUE_URL": queues.create_queue(QueueName="dead")["QueueUrl"],
        "PRODUCER_KEY_SECRET_ARN": secret("producer", PRODUCER_KEY),
        "ADMIN_KEY_SECRET_ARN": secret("admin", ADMIN_KEY),
        "LINK_KEY_SECRET_ARN": secret("link", "link-key"),
        "WORKER_TIMEOUT_SECONDS": "30",
        "BRAND_NAME": "Yellow Books",
        "MAIL_SENDER": _SENDER,
        "SUPPORT_ADDRESS": "support@yellowbooks.example",
        "SECURITY_PAGE_URL": "https://yellowbooks.example/security",
        "MAIL_TRANSPORT": "ses",
        "CONFIGURATION_SET": "signin-notifier",
        "PUBLIC_URL": "https://notices.yellowbooks.example",
    }


def _started(
    module: str,
    *arguments: str,
    environment: Mapping[str, str],
    inherited: Collection[int] = (),
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        # a function's log; nobody reads it here
        stdout=subprocess.DEVNULL,
        pass_fds=inherited,
    )
