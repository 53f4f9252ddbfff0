"""The doors as their callers see them, and what stands behind them."""

import json

import boto3
from moto.backends import get_backend

from functions.adapters.dynamodb.deliveries import Deliveries
from functions.adapters.dynamodb.items import job_item, job_of
from functions.adapters.dynamodb.moves import MovableJobs
from functions.adapters.report_links import ReportLinks
from functions.adapters.rotating_secret import RotatingSecret
from functions.adapters.sqs import JobQueue
from functions.domain.feedback import DeliveryEvent
from functions.domain.model import Delivery, Message
from tests.functions.events import Context, call, http_event, record, take_batch
from tests.jobs_table import AT_ONCE, TABLE_NAME, create_jobs_table

PRODUCER_KEY = "local-producer-key"
ADMIN_KEY = "local-admin-key"
LINK_KEY = "link-signing-key"
ORIGIN = "https://notices.yellow-books.example"
POST_PATH = "/api/jobs/signin-notification"
QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"
EVENTS_QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/reported"
DEAD_LETTER_QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/dead-letters"
MAIL_SENDER = "no-reply@yellow-books.example"


class ApiDoor:
    """The auth flow's door."""

    def __init__(self, parts):
        from functions.api import build  # noqa: PLC0415 - reads the environment at import

        self.parts = parts
        self._handler = build(parts)

    def post(self, body, *, key=PRODUCER_KEY, idempotency_key=None, headers=None):
        """Post a sign-in; text and bytes go as they are, all else as JSON."""
        raw = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
        more = {} if idempotency_key is None else {"idempotency-key": idempotency_key}
        return self.call("POST", POST_PATH, body=raw, key=key, headers={**more, **(headers or {})})

    def get(self, job_id, *, key=PRODUCER_KEY):
        return self.call("GET", f"/api/jobs/{job_id}", key=key)

    def call(self, method, path, **request):
        return call(self._handler, http_event(method, path, **request))

    def accept(self, body, **request):
        """Post a sign-in that is to be accepted; return its job's id."""
        answer = self.post(body, **request)
        assert answer.status == 202
        return answer.json["jobId"]

    def stored(self, job_id):
        """Return the job as the table has it."""
        return self.parts.reader.read(job_id, now_ms=self.parts.clock())


class WorkerDoor:
    """The queue's door."""

    def __init__(self, parts):
        from functions.worker import build  # noqa: PLC0415 - reads the environment at import

        self._handler = build(parts)

    def take(self, records):
        """Take a batch; return the ids of the messages that stay on the queue."""
        return take_batch(self._handler, records)


class AdminDoor:
    """The operators' door."""

    def __init__(self, parts):
        from functions.admin import build  # noqa: PLC0415 - reads the environment at import

        self._handler = build(parts)

    def dlq(self, *, key=ADMIN_KEY, **query):
        """List dead letters."""
        return self.call("GET", "/api/admin/dlq", key=key, query=query)

    def jobs_of(self, user_id):
        """List a user's last jobs."""
        return self.call("GET", "/api/admin/jobs", key=ADMIN_KEY, query={"userId": user_id})

    def job(self, job_id):
        """Read all that is known of a job."""
        return self.call("GET", f"/api/admin/jobs/{job_id}", key=ADMIN_KEY)

    def stats(self, **query):
        """Read the statistics."""
        return self.call("GET", "/api/admin/stats", key=ADMIN_KEY, query=query)

    def replay(self, **body):
        """Replay dead jobs."""
        return self.bulk("replays", body)

    def discard(self, **body):
        """Discard dead jobs."""
        return self.bulk("discards", body)

    def bulk(self, command, body, *, key=ADMIN_KEY):
        """Change dead jobs; text goes as it is, all else as JSON."""
        raw = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
        return self.call("POST", f"/api/admin/dlq/{command}", key=key, body=raw)

    def call(self, method, path, **request):
        return call(self._handler, http_event(method, path, **request))


class SweeperDoor:
    """The clock's door."""

    def __init__(self, parts):
        from functions.sweeper import build  # noqa: PLC0415 - reads the environment at import

        self._handler = build(parts)

    def sweep(self, *, left_ms=60_000):
        """Sweep once, as the clock's rule asks for it, with so much time."""
        assert self._handler({}, Context(left_ms=left_ms)) == {}


class FeedbackDoor:
    """SES's door."""

    def __init__(self, parts):
        from functions.feedback import build  # noqa: PLC0415 - reads the environment at import

        self._handler = build(parts)

    def take(self, records):
        """Take a batch; return the ids of the messages that stay on the queue."""
        return take_batch(self._handler, records)


class ReportDoor:
    """The recipient's door."""

    def __init__(self, parts):
        from functions.report import build  # noqa: PLC0415 - reads the environment at import

        self.parts = parts
        self._handler = build(parts)

    def look(self, token, **request):
        """Open a link."""
        return self.call("GET", token, **request)

    def confirm(self, token, **request):
        """Press the page's button."""
        return self.call("POST", token, body="", **request)

    def call(self, method, token, *, languages=None, **request):
        headers = {"accept-language": languages} if languages else {}
        event = http_event(method, f"/report/{token}", headers=headers, **request)
        return call(self._handler, event)


class Cloud:
    """What stands behind the doors, looked at directly."""

    def __init__(self):
        self._table = boto3.client("dynamodb")
        self._sqs = boto3.client("sqs")
        create_jobs_table(self._table)
        self._create_queues()
        secrets = boto3.client("secretsmanager")
        secrets.create_secret(Name="producer-key", SecretString=PRODUCER_KEY)
        secrets.create_secret(Name="admin-key", SecretString=ADMIN_KEY)
        secrets.create_secret(Name="link-key", SecretString=LINK_KEY)
        self._secrets = secrets
        self._events = boto3.client("events")
        self._subscribe()
        mail = boto3.client("sesv2")
        mail.create_email_identity(EmailIdentity=MAIL_SENDER)
        mail.create_configuration_set(ConfigurationSetName="signin-notifier")

    def rows(self):
        """Return every item of the table, in DynamoDB's typed form."""
        return self._table.scan(TableName=TABLE_NAME, ConsistentRead=True)["Items"]

    def row(self, job_id):
        """Return a job's item, in DynamoDB's typed form."""
        return self._table.get_item(TableName=TABLE_NAME, Key={"pk": {"S": job_id}})["Item"]

    def put(self, job):
        """Write a job in whatever state it is, for a day."""
        item = job_item(job, expires_at_s=job.created_at_ms // 1000 + 86_400)
        self._table.put_item(TableName=TABLE_NAME, Item=item)

    def raise_run(self, job_id):
        """Begin another run of a job, as a replay does."""
        self._table.update_item(
            TableName=TABLE_NAME,
            Key={"pk": {"S": job_id}},
            UpdateExpression="ADD #run :one",
            ExpressionAttributeNames={"#run": "run"},
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    def hear_delivered(self, job_id):
        """Record an event of the provider: the mail has arrived."""
        deliveries = Deliveries(self._table, table_name=TABLE_NAME, retry=AT_ONCE)
        deliveries.record(DeliveryEvent(job_id=job_id, delivery=Delivery.DELIVERED))

    def claim(self, job_id, *, lease_until_ms):
        """Claim a job for a worker that dies."""
        jobs = MovableJobs(self._table, table_name=TABLE_NAME, retry=AT_ONCE)
        message = Message(job_id=job_id, run=1)
        jobs.claim(message, fence="dead", now_ms=lease_until_ms, lease_until_ms=lease_until_ms)

    def links(self, clock):
        """Return what makes and reads links, as of the clock; it remembers no key."""
        secret = RotatingSecret(self._secrets, secret_id="link-key", clock=clock)
        return ReportLinks(secret, origin=ORIGIN, clock=clock)

    def rotate_link_key(self, value):
        """Give the link key another value; the one before stays good."""
        self._secrets.put_secret_value(SecretId="link-key", SecretString=value)

    def events(self):
        """Take every event that a subscriber of the default bus has got."""
        taken = []
        while messages := self._sqs.receive_message(
            QueueUrl=EVENTS_QUEUE_URL, MaxNumberOfMessages=10
        ).get("Messages"):
            for message in messages:
                taken.append(json.loads(message["Body"]))
                self._sqs.delete_message(
                    QueueUrl=EVENTS_QUEUE_URL, ReceiptHandle=message["ReceiptHandle"]
                )
        return taken

    def _subscribe(self):
        self._sqs.create_queue(QueueName="reported")
        self._events.put_rule(
            Name="reported",
            EventPattern=json.dumps(
                {"source": ["signin-notifier"], "detail-type": ["signin.reported"]}
            ),
        )
        self._events.put_targets(
            Rule="reported",
            Targets=[{"Id": "queue", "Arn": "arn:aws:sqs:us-east-1:123456789012:reported"}],
        )

    def resend(self, job_id):
        """Send a job's message of its present run."""
        job = self.job(job_id)
        JobQueue(self._sqs, queue_url=QUEUE_URL).send(Message(job_id=job_id, run=job.run))

    def receive(self):
        """Return a record for every visible message, as SQS's event source hands them over."""
        records = []
        while messages := self._sqs.receive_message(
            QueueUrl=QUEUE_URL,
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
        """The mails that SES took, in order."""
        return get_backend("ses")["123456789012"]["us-east-1"].sent_messages

    def is_untouched(self):
        """Tell whether nothing was written anywhere."""
        return self.rows() == [] and self.receive() == []

    def empty(self):
        """Forget all rows, messages and mails."""
        for row in self.rows():
            self._table.delete_item(TableName=TABLE_NAME, Key={"pk": row["pk"]})
        for url in (QUEUE_URL, DEAD_LETTER_QUEUE_URL):
            self._sqs.delete_queue(QueueUrl=url)
        self._create_queues()
        self.mails.clear()
        self.events()
        self.rotate_link_key(LINK_KEY)
        self.rotate_link_key(LINK_KEY)

    def job(self, job_id):
        """Return a job as the table has it, expired or not."""
        return job_of(self.row(job_id), now_ms=0)

    def send_dead_letter(self, body):
        """Put a message where SQS's redrive policy puts it."""
        self._sqs.send_message(QueueUrl=DEAD_LETTER_QUEUE_URL, MessageBody=body)

    def count_dead_letters(self):
        """Return how many messages the dead-letter queue has, in somebody's hands or not."""
        counts = self._sqs.get_queue_attributes(
            QueueUrl=DEAD_LETTER_QUEUE_URL,
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
            ],
        )["Attributes"]
        return sum(map(int, counts.values()))

    def _create_queues(self):
        for name, url in (("jobs", QUEUE_URL), ("dead-letters", DEAD_LETTER_QUEUE_URL)):
            assert self._sqs.create_queue(QueueName=name)["QueueUrl"] == url


class PutOff:
    """A queue that remembers for how many seconds each message was put off."""

    def __init__(self, queue):
        self._queue = queue
        self.waits = {}

    def put_off(self, receipt_handle, *, wait_s):
        self.waits[receipt_handle] = wait_s
        self._queue.put_off(receipt_handle, wait_s=wait_s)


class Said:
    """What the doors wrote on their standard output: log lines, and metrics in EMF."""

    def __init__(self, capsys):
        self._capsys = capsys
        self._text = ""
        self._everything = []

    @property
    def text(self):
        self._listen()
        return self._text

    def forget(self):
        """Keep only what is said from now on."""
        self._listen()
        self._text = ""

    @property
    def everything(self):
        """All lines since the test began, those on standard error and the forgotten among them."""
        self._listen()
        return self._everything

    @property
    def log(self):
        return [line for line in self._lines() if "_aws" not in line]

    @property
    def metrics(self):
        return [line for line in self._lines() if "_aws" in line]

    def logged(self, message):
        """Return the one log line with this message."""
        (line,) = [line for line in self.log if line["message"] == message]
        return line

    def counted(self, name):
        """Return all values of a metric."""
        return [value for line in self.metrics for value in line.get(name, [])]

    def _listen(self):
        heard = self._capsys.readouterr()
        self._text += heard.out
        self._everything += heard.out.splitlines() + heard.err.splitlines()

    def _lines(self):
        return [json.loads(line) for line in self.text.splitlines()]
