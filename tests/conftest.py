"""AWS in memory: real clients, and moto behind them; and threads that get in each other's way."""

import threading
import time
from functools import cache

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from tests.jobs_table import create_jobs_table

#: the running stack, for tests that ask for it
pytest_plugins = ["tests.e2e.running"]


@cache
def _client(service):
    # Nothing of the developer's own configuration may lead a test to a real account.
    return boto3.client(
        service,
        region_name="eu-central-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(ignore_configured_endpoint_urls=True, retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def aws():
    """An empty account for this test; `aws("sqs")` is a client of it."""
    with mock_aws():
        yield _client


@pytest.fixture
def table(aws):
    """A client of an account that has the jobs table."""
    client = aws("dynamodb")
    create_jobs_table(client)
    return client


@pytest.fixture
def giving_way():
    """Each thread of this test lets the others run after each instruction.

    Left to chance, threads hardly ever meet where only a lock keeps them apart.
    """

    def give_way(frame, *_):
        frame.f_trace_opcodes = True
        time.sleep(0)
        return give_way

    threading.settrace(give_way)
    yield
    threading.settrace(None)
