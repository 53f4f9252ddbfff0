"""A stage in moto, and what moto does not know of SES and SNS answered for it."""

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from moto import mock_aws

from operations.findings import Verdict
from operations.stage import Stage

REGION = "eu-west-1"
KEYS = ("ProducerKey", "AdminKey", "LinkKey")
HEALTHY = {
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 12.0},
}


class Session:
    """Hands out clients of moto; some of their calls are answered before they are made."""

    def __init__(self):
        self._answers = {}

    def client(self, service, **options):
        client = boto3.client(
            service,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            **options,
        )
        for operation, answer in self._answers.items():
            client.meta.events.register(f"before-call.{operation}", answer)
        return client

    def answers(self, operation, parsed, *, status=200):
        """Answer `sesv2.GetAccount` and the like with this."""
        response = AWSResponse("", status, {}, None)
        self._answers[operation] = lambda **_: (response, parsed)

    def refuses(self, operation, code, message="told so", *, status=400):
        self.answers(operation, {"Error": {"Code": code, "Message": message}}, status=status)


@pytest.fixture(autouse=True)
def _cloud():
    with mock_aws():
        yield


@pytest.fixture
def session():
    session = Session()
    session.answers("sesv2.GetAccount", HEALTHY)
    return session


@pytest.fixture
def stage_of(session, config_of):
    """Return a way to make a stage, with keys that are there."""

    def make(stage="prod", **changes):
        secrets = session.client("secretsmanager")
        more = {"mail_sink": "sink@example.com"} if stage == "dev" else {}
        outputs = {
            f"{name}Command": "aws secretsmanager get-secret-value --secret-id "
            + secrets.create_secret(Name=name, SecretString=f"the value of {name}")["ARN"]
            for name in KEYS
        }
        return Stage(
            config=config_of(stage, **more, **changes),
            region=REGION,
            outputs=outputs,
            session=session,
            client_options={},
        )

    return make


@pytest.fixture
def stage(stage_of):
    return stage_of()


@pytest.fixture
def told():
    """Return a way to read findings: of each subject its verdict and sentence."""

    def read(findings, subject):
        return [(found.verdict, found.sentence) for found in findings if found.subject == subject]

    return read


@pytest.fixture
def the_one(told):
    """Return a way to read the one finding of a subject that has this verdict."""

    def read(findings, subject, verdict):
        [(found, sentence)] = told(findings, subject)
        assert found is Verdict(verdict), sentence
        return sentence

    return read
