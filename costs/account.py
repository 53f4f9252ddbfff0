"""An account in memory, with all that the functions are told of."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws

from costs.capacity import Index
from costs.deployed import Deployed
from costs.ledger import Counting

REGION = "us-east-1"


@contextmanager
def account(stage: Deployed) -> Iterator[Counting]:
    """Stand in for AWS; every client that is made meanwhile counts.

    It changes the environment and boto3's default session for good: the process is to be its own.
    The environment is the one that the stack gives to the worker, which knows all that the others
    know; what only a deployment could tell has a name of its own.
    """
    given = stage.function("worker")["Environment"]["Variables"]
    environment = {
        name: value if isinstance(value, str) else name.lower().replace("_", "-")
        for name, value in given.items()
    } | {
        "AWS_DEFAULT_REGION": REGION,
        "PUBLIC_URL": "https://q1w2e3r4t5.execute-api.us-east-1.amazonaws.com",
        # what Lambda sets when it traces: the logger writes it into each line
        "_X_AMZN_TRACE_ID": "Root=1-5e34a614-10bdxmplf1fb44f07bc535a1;Sampled=1",
    }
    with mock_aws():
        session = boto3.Session(region_name=REGION)
        index = _create_table(session, stage, environment["TABLE_NAME"])
        sqs = session.client("sqs")
        for name in ("QUEUE_URL", "DEAD_LETTER_QUEUE_URL"):
            queue = environment[name].removesuffix("-url")
            environment[name] = sqs.create_queue(QueueName=queue)["QueueUrl"]
        secrets = session.client("secretsmanager")
        for name in ("PRODUCER_KEY", "ADMIN_KEY", "LINK_KEY"):
            secrets.create_secret(Name=environment[f"{name}_SECRET_ARN"], SecretString=name)
        mails = session.client("sesv2")
        mails.create_email_identity(EmailIdentity=environment["MAIL_SENDER"])
        mails.create_configuration_set(ConfigurationSetName=environment["CONFIGURATION_SET"])
        os.environ.update(environment)
        counting = Counting(session, index=index)
        # the doors' own wiring asks boto3 for clients, and boto3 its default session
        boto3.DEFAULT_SESSION = counting  # type: ignore[assignment]
        yield counting


def _create_table(session: Any, stage: Deployed, name: str) -> Index:
    [table] = stage.every("AWS::DynamoDB::Table")
    [index] = table["GlobalSecondaryIndexes"]
    session.client("dynamodb").create_table(
        TableName=name,
        BillingMode=table["BillingMode"],
        KeySchema=table["KeySchema"],
        AttributeDefinitions=table["AttributeDefinitions"],
        GlobalSecondaryIndexes=[index],
    )
    partition, sort = (key["AttributeName"] for key in index["KeySchema"])
    of_table = {key["AttributeName"] for key in table["KeySchema"]}
    projected = {partition, sort, *of_table, *index["Projection"]["NonKeyAttributes"]}
    return Index(partition=partition, sort=sort, projected=frozenset(projected))
