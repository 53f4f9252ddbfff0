"""A worker that is paused mails nobody and loses nothing, and the admin function can tell."""

import os
import subprocess
import sys

import boto3
import pytest

from functions.adapters.event_source import EventSource, SourceState
from local.emulator import credentials
from tests.e2e.people import a_person
from tests.e2e.process import ROOT, wait_until
from tests.e2e.stack import accepted

#: an undelivered message: its due time, a sweep
RESENT_S = 150


@pytest.fixture(scope="module")
def operations(stack, tmp_path_factory):
    """Return a way to give a command in the folder that `make local` was started from."""
    folder = tmp_path_factory.mktemp("terminal")
    (folder / ".local").symlink_to(stack.logs)

    def run(command):
        return subprocess.run(  # noqa: S603 - our own arguments
            [sys.executable, "-m", "operations", command, "local"],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout

    yield run
    run("resume")


@pytest.fixture(scope="module")
def as_admin(stack):
    """Return a way to make a client with the admin function's own role."""
    role = stack.function("Admin")["Role"]
    assumed = stack.client("sts").assume_role(RoleArn=role, RoleSessionName="looks")["Credentials"]
    clients = []

    def make(service):
        client = boto3.client(
            service,
            endpoint_url=stack.emulator,
            region_name=credentials()["AWS_REGION"],
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=assumed["SecretAccessKey"],
            aws_session_token=assumed["SessionToken"],
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


def test_a_paused_worker_mails_nobody_until_it_is_resumed_and_then_once(
    stack, operations, as_admin
):
    mapping_id = stack.outputs["WorkerEventSourceMappingId"]
    admin = stack.function("Admin")["Environment"]["Variables"]
    assert admin["WORKER_EVENT_SOURCE_MAPPING_ID"] == mapping_id
    source = EventSource(as_admin("lambda"), mapping_id=mapping_id)
    assert source.state() is SourceState.RUNNING

    assert "is paused" in operations("pause")
    assert source.state() is SourceState.PAUSED
    assert "was paused already" in operations("pause")
    job_id = accepted(stack.post(a_person()))

    # The sweeper sends what waits for more than a minute once more.
    wait_until(
        lambda: int(stack.row(job_id)["timesResent"]["N"]) >= 1,
        seconds=RESENT_S,
        what=f"{job_id} resent",
    )
    assert stack.job(job_id)["status"] == "enqueued"
    assert stack.mails(job_id) == []
    assert stack.queue_depth("QueueUrl") >= 2

    assert "runs again" in operations("resume")
    assert source.state() is SourceState.RUNNING
    stack.until_job(job_id, "completed")
    wait_until(lambda: stack.queue_depth("QueueUrl") == 0, seconds=60, what="an empty queue")
    assert len(stack.mails(job_id)) == 1
