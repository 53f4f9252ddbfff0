"""The three doors over moto, with the clock and chance in the tests' hands."""

import itertools
import json
import os
import sys
import warnings
from dataclasses import dataclass, replace

import boto3
import pytest
from moto import mock_aws
from moto.backends import get_backend

from functions.bootstrap import (
    AdminParts,
    ApiParts,
    WorkerParts,
    admin_parts,
    api_parts,
    worker_parts,
)
from functions.settings import Settings
from tests.builders import SIGNED_IN_AT_MS
from tests.functions.events import call, http_event, record, take_batch

PRODUCER_KEY = "local-producer-key"
ADMIN_KEY = "local-admin-key"
POST_PATH = "/api/jobs/signin-notification"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "POWERTOOLS_SERVICE_NAME": "signin-notifier",
    "POWERTOOLS_METRICS_NAMESPACE": "SigninNotifier",
    "STAGE": "local",
    "TABLE_NAME": "Jobs",
    "QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/jobs",
    "PRODUCER_KEY_SECRET_ARN": "producer-key",
    "ADMIN_KEY_SECRET_ARN": "admin-key",
    "WORKER_TIMEOUT_SECONDS": "30",
    "BRAND_NAME": "Yellow Books",
    "MAIL_SENDER": "no-reply@yellow-books.example",
    "SUPPORT_ADDRESS": "support@yellow-books.example",
    "SECURITY_PAGE_URL": "https://yellow-books.example/security",
    "MAIL_TRANSPORT": "ses",
    "CONFIGURATION_SET": "signin-notifier",
    "SIMULATOR": "true",
}


@pytest.fixture(scope="package", autouse=True)
def _environment():
    """What the stack sets on a function; the doors read it when they are imported."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "POWERTOOLS_"))]:
            patch.delenv(name)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        yield


class Cloud:
    """What stands behind the doors, looked at directly."""

    def __init__(self):
        self._table = boto3.client("dynamodb")
        self.sqs = boto3.client("sqs")
        self._table.create_table(
            TableName="Jobs",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"}
                for name in ("pk", "stateShard", "stateOrder")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-state",
                    "KeySchema": [
                        {"AttributeName": "stateShard", "KeyType": "HASH"},
                        {"AttributeName": "stateOrder", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        assert self.sqs.create_queue(QueueName="jobs")["QueueUrl"] == ENVIRONMENT["QUEUE_URL"]
        secrets = boto3.client("secretsmanager")
        secrets.create_secret(Name="producer-key", SecretString=PRODUCER_KEY)
        secrets.create_secret(Name="admin-key", SecretString=ADMIN_KEY)
        mail = boto3.client("sesv2")
        mail.create_email_identity(EmailIdentity=ENVIRONMENT["MAIL_SENDER"])
        mail.create_configuration_set(ConfigurationSetName=ENVIRONMENT["CONFIGURATION_SET"])

    def rows(self):
        """Return every item of the table, in DynamoDB's typed form."""
        return self._table.scan(TableName="Jobs", ConsistentRead=True)["Items"]

    def row(self, job_id):
        return self._table.get_item(TableName="Jobs", Key={"pk": {"S": job_id}})["Item"]

    def receive(self):
        """Return the records of all visible messages, as SQS's event source hands them over."""
        records = []
        while messages := self.sqs.receive_message(
            QueueUrl=ENVIRONMENT["QUEUE_URL"],
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        ).get("Messages"):
            records += [
                record(
                    message["Body"],
                    message_id=message["MessageId"],
                    receipt_handle=message["ReceiptHandle"],
                    receive_count=int(message["Attributes"]["ApproximateReceiveCount"]),
                )
                for message in messages
            ]
        return records

    @property
    def mails(self):
        """Return the mails that SES took, in order."""
        return get_backend("ses")["123456789012"]["us-east-1"].sent_messages

    def is_untouched(self):
        """Tell whether nothing was written anywhere."""
        return self.rows() == [] and self.receive() == []

    def empty(self):
        for row in self.rows():
            self._table.delete_item(TableName="Jobs", Key={"pk": row["pk"]})
        self.sqs.delete_queue(QueueUrl=ENVIRONMENT["QUEUE_URL"])
        self.sqs.create_queue(QueueName="jobs")
        self.mails.clear()


@dataclass(frozen=True)
class Wired:
    """Every door's parts as bootstrap wires them: their clients are slow to build."""

    api: ApiParts
    worker: WorkerParts
    admin: AdminParts


@pytest.fixture(scope="package")
def _cloud(_environment):
    with mock_aws():
        yield Cloud()


class _CurrentStdout:
    def write(self, text):
        sys.stdout.write(text)

    def flush(self):
        sys.stdout.flush()


@pytest.fixture(scope="package")
def wired(_cloud):
    settings = Settings.from_environment(os.environ)
    parts = Wired(
        api=api_parts(settings), worker=worker_parts(settings), admin=admin_parts(settings)
    )
    # One handler for the whole process, made while some test's output was captured.
    parts.api.logger.registered_handler.setStream(_CurrentStdout())
    return parts


@pytest.fixture
def cloud(_cloud):
    yield _cloud
    _cloud.empty()


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now_ms):
        self.now_ms = now_ms

    def __call__(self):
        return self.now_ms

    def advance(self, *, seconds=0, ms=0):
        self.now_ms += seconds * 1000 + ms


@pytest.fixture
def clock():
    return Clock(SIGNED_IN_AT_MS)


class Said:
    """What a door wrote on its standard output: log lines, and metrics in EMF."""

    def __init__(self, capsys):
        self._capsys = capsys
        self._text = ""

    @property
    def text(self):
        self._text += self._capsys.readouterr().out
        return self._text

    @property
    def log(self):
        return [line for line in self._lines() if "_aws" not in line]

    @property
    def metrics(self):
        return [line for line in self._lines() if "_aws" in line]

    def logged(self, message):
        """Return the one line with this message."""
        (line,) = [line for line in self.log if line["message"] == message]
        return line

    def counted(self, name):
        """Return all values of a metric."""
        return [value for line in self.metrics for value in line.get(name, [])]

    def _lines(self):
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def said(capsys):
    # pytest gives each test fresh warning filters, without the one that bootstrap sets.
    warnings.filterwarnings("ignore", message="No application metrics to publish")
    return Said(capsys)


class ApiDoor:
    """The auth flow's door, as its callers see it."""

    def __init__(self, parts):
        from functions.api import build  # noqa: PLC0415 - reads the environment at import

        self.parts = parts
        self._handler = build(parts)

    def post(self, body=None, *, key=PRODUCER_KEY, idempotency_key=None, headers=None):
        """Post a sign-in; text and bytes go as they are, all else as JSON."""
        raw = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
        more = {} if idempotency_key is None else {"idempotency-key": idempotency_key}
        return self.call("POST", POST_PATH, body=raw, key=key, headers={**more, **(headers or {})})

    def get(self, path, *, key=PRODUCER_KEY):
        return self.call("GET", path, key=key)

    def call(self, method, path, **request):
        return call(self._handler, http_event(method, path, **request))

    def stored(self, job_id):
        """Return the job as the table has it."""
        return self.parts.reader.read(job_id, now_ms=self.parts.clock())


@pytest.fixture
def open_api(wired, cloud, clock, said):
    """Return a way to open the auth flow's door, over parts replaced at will."""

    def opened(**replaced):
        ours = {"clock": clock, "random_bits": itertools.count(1).__next__}
        return ApiDoor(replace(wired.api, **{**ours, **replaced}))

    return opened


@pytest.fixture
def api(open_api):
    return open_api()


class WorkerDoor:
    """The queue's door."""

    def __init__(self, parts):
        from functions.worker import build  # noqa: PLC0415 - reads the environment at import

        self.parts = parts
        self._handler = build(parts)

    def take(self, records):
        """Take a batch; return the ids of the messages that stay."""
        return take_batch(self._handler, records)


@pytest.fixture
def open_worker(wired, cloud, clock, said):
    """Return a way to open the queue's door, over parts replaced at will."""

    def opened(**replaced):
        return WorkerDoor(replace(wired.worker, **{"clock": clock, **replaced}))

    return opened


@pytest.fixture
def worker(open_worker):
    return open_worker()


class AdminDoor:
    """The operators' door."""

    def __init__(self, parts):
        from functions.admin import build  # noqa: PLC0415 - reads the environment at import

        self._handler = build(parts)

    def dlq(self, *, key=ADMIN_KEY, **query):
        """List dead letters."""
        return self.call("GET", "/api/admin/dlq", key=key, query=query)

    def call(self, method, path, **request):
        return call(self._handler, http_event(method, path, **request))


@pytest.fixture
def open_admin(wired, cloud, clock, said):
    """Return a way to open the operators' door, over parts replaced at will."""

    def opened(**replaced):
        return AdminDoor(replace(wired.admin, **{"clock": clock, **replaced}))

    return opened


@pytest.fixture
def admin(open_admin):
    return open_admin()
