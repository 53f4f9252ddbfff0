"""The running stack, as its callers, operators and log readers see it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any

import boto3
import requests

from local.deployment import STACK
from local.emulator import credentials
from local.sample import ADMIN_KEY, PRODUCER_KEY
from tests.e2e.people import all_personal_texts
from tests.e2e.process import LocalProcess, wait_until

MOST_EVENTS_AT_ONCE = 10_000


def ms(text: str) -> int:
    """Return an ISO 8601 time in epoch milliseconds."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def accepted(answer: requests.Response) -> str:
    """Return the id of the job that a post has made."""
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    return answer.json()["jobId"]


class Stack:
    """One stack on this machine, deployed by `cdk deploy`."""

    producer_key = PRODUCER_KEY
    admin_key = ADMIN_KEY

    def __init__(self, process: LocalProcess) -> None:
        self.url = f"http://localhost:{process.port}"
        self.emulator = re.search(r"Emulated AWS: (\S+)", process.output)[1]
        self.logs = process.logs
        self._session = requests.Session()
        self._clients: dict[str, Any] = {}

    def call(self, method: str, path: str, *, key: str = "", **options: Any) -> requests.Response:
        """Call the API with a key, or without; `options` are those of requests."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        headers |= options.pop("headers", {})
        return self._session.request(
            method, self.url + path, headers=headers, timeout=120, **options
        )

    def post(self, sign_in: dict[str, Any], **options: Any) -> requests.Response:
        """Post a sign-in with the producer's key."""
        path = "/api/jobs/signin-notification"
        return self.call("POST", path, key=self.producer_key, json=sign_in, **options)

    def post_until_accepted(self, sign_in: dict[str, Any], *, key: str) -> str:
        """Post as clients are told to, and return the job's id.

        A request that fails is repeated with the same idempotency key.
        """

        def taken() -> str | None:
            answer = self.post(sign_in, headers={"Idempotency-Key": key})
            known = answer.status_code in {HTTPStatus.ACCEPTED, HTTPStatus.CONFLICT}
            return answer.json()["jobId"] if known else None

        return wait_until(taken, seconds=60, what=f"accepted: {sign_in['userId']} {key}")

    def job(self, job_id: str) -> dict[str, Any]:
        """Read a job with the producer's key."""
        answer = self.call("GET", f"/api/jobs/{job_id}", key=self.producer_key)
        answer.raise_for_status()
        return answer.json()

    def until_job(self, job_id: str, status: str, *, seconds: float = 60) -> dict[str, Any]:
        """Return the job once it has this status."""
        return wait_until(
            lambda: (job := self.job(job_id))["status"] == status and job,
            seconds=seconds,
            what=f"{job_id} {status}",
        )

    def until_all(self, job_ids: Iterable[str], status: str, *, seconds: float) -> None:
        """Wait until each of the jobs has had this status."""
        left = set(job_ids)

        def none_left() -> bool:
            left.difference_update([i for i in left if self.row(i)["status"]["S"] == status])
            return not left

        wait_until(none_left, seconds=seconds, what=f"all jobs {status}")

    def mails(self, job_id: str | None = None) -> list[dict[str, Any]]:
        """Return the mails that SES took, newest first; of one job, or all."""
        mails = self.call("GET", "/mailbox/messages").json()
        return [mail for mail in mails if job_id in (None, mail["jobId"])]

    def mails_per_job(self, job_ids: Iterable[str]) -> dict[str, int]:
        """Return how many mails SES took of each of the jobs."""
        counted = Counter(mail["jobId"] for mail in self.mails())
        return {job_id: counted[job_id] for job_id in job_ids}

    def client(self, service: str) -> Any:
        """Return a boto3 client of the emulator, as its root user."""
        if service not in self._clients:
            root = credentials()
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.emulator,
                region_name=root["AWS_REGION"],
                aws_access_key_id=root["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=root["AWS_SECRET_ACCESS_KEY"],
            )
        return self._clients[service]

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs: TableName, QueueUrl, DeadLetterQueueUrl..."""
        described = self.client("cloudformation").describe_stacks(StackName=STACK)
        return {o["OutputKey"]: o["OutputValue"] for o in described["Stacks"][0]["Outputs"]}

    def function(self, name: str) -> dict[str, Any]:
        """Return the configuration of the function that the stack calls `name`."""
        listed = self.client("lambda").list_functions()["Functions"]
        [function] = [f for f in listed if f"-{name}Function" in f["FunctionName"]]
        return function

    def row(self, job_id: str) -> dict[str, Any]:
        """Return a job's row as DynamoDB holds it."""
        return self._item(job_id) or {}

    def window(self, user_id: str) -> dict[str, Any] | None:
        """Return a user's window as DynamoDB holds it, if there is one."""
        return self._item(f"user#{user_id}")

    def _item(self, key: str) -> dict[str, Any] | None:
        answer = self.client("dynamodb").get_item(
            TableName=self.outputs["TableName"], Key={"pk": {"S": key}}, ConsistentRead=True
        )
        return answer.get("Item")

    def dead_letters(self) -> list[str]:
        """Return the bodies in the dead-letter queue, also of those that the sweeper looks at.

        By the emulator's own view of it: to receive them here would hide them from the sweeper.
        """
        answer = self._session.get(
            f"{self.emulator}/_ministack/sqs/messages",
            params={"QueueUrl": self.outputs["DeadLetterQueueUrl"]},
            timeout=10,
        )
        answer.raise_for_status()
        [regions] = answer.json()["messages"].values()
        [queues] = regions.values()
        [messages] = queues.values()
        return [message["Body"] for message in messages]

    def queue_depth(self, output: str) -> int:
        """Return the number of messages, waiting or in flight, in `QueueUrl`..."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.client("sqs").get_queue_attributes(
            QueueUrl=self.outputs[output], AttributeNames=names
        )
        return sum(int(answer["Attributes"][name]) for name in names)

    def log_lines(self) -> list[str]:
        """Return every line of the functions' logs, and of the files beside the stack."""
        logs = self.client("logs")
        lines = [line for log in self.logs.glob("*.log") for line in log.read_text().splitlines()]
        for groups in logs.get_paginator("describe_log_groups").paginate():
            for group in groups["logGroups"]:
                lines += [event["message"] for event in self._events(group["logGroupName"])]
        return lines

    def _events(self, group: str) -> Iterator[Any]:
        """Give a log group's events; the emulator gives 10,000 at once, and no token for more."""
        begin_ms = 0
        while True:
            answer = self.client("logs").filter_log_events(logGroupName=group, startTime=begin_ms)
            yield from answer["events"]
            if len(answer["events"]) < MOST_EVENTS_AT_ONCE:
                return
            begin_ms = max(answer["events"][-1]["timestamp"], begin_ms + 1)

    def lines_about_people(self) -> list[tuple[str, str]]:
        """Return each log line that tells of a person or a key, after what it tells."""
        secrets = all_personal_texts() | {self.producer_key, self.admin_key}
        return [(text, line) for line in self.log_lines() for text in secrets if text in line]

    def close(self) -> None:
        """Close the connections."""
        self._session.close()
        for client in self._clients.values():
            client.close()
