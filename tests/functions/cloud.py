"""What stands behind the doors, over moto: the table, the queues, the keys, the mails."""

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
from tests.functions.events import record
from tests.jobs_table import AT_ONCE, TABLE_NAME, create_jobs_table

PRODUCER_KEY = "local-producer-key"
ADMIN_KEY = "local-admin-key"
LINK_KEY = "link-signing-key"
ORIGIN = "https://notices.yellow-books.example"
QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"
EVENTS_QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/reported"
DEAD_LETTER_QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/dead-letters"
MAIL_SENDER = "no-reply@yellow-books.example"


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
