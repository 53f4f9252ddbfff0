"""AWS in an emulator, for a measurement: real semantics, no network, and two cores for all."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import boto3
import requests
from botocore.config import Config

from functions.bootstrap.shared import PROMPT
from local.emulator import credentials, emulator

#: whoever looks at what was measured is in no hurry
_PATIENT: Final = Config(read_timeout=60, retries={"total_max_attempts": 1})


@dataclass(frozen=True, slots=True)
class Aws:
    """An emulator that runs."""

    endpoint: str

    def client(self, service: str, config: Config = _PATIENT) -> Any:
        """Return a client with the emulator's root credentials."""
        root = credentials()
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self.endpoint,
            region_name=root["AWS_REGION"],
            aws_access_key_id=root["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=root["AWS_SECRET_ACCESS_KEY"],
            config=config,
        )

    def function_client(self, service: str) -> Any:
        """Return a client as impatient as the functions have it."""
        return self.client(service, PROMPT)

    def mails_by_recipient(self) -> Counter[str]:
        """Return how many mails SES took for each address."""
        answer = requests.get(f"{self.endpoint}/_ministack/ses/messages", timeout=60)
        answer.raise_for_status()
        accounts = answer.json()["messages"].values()
        return Counter(to for mails in accounts for mail in mails for to in mail["To"])

    def jobs(self, table_name: str) -> dict[str, dict[str, Any]]:
        """Return the rows of all jobs, by id."""
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=table_name)
        items = [item for page in pages for item in page["Items"]]
        return {item["pk"]["S"]: item for item in items if item["pk"]["S"].startswith("signin-")}


@contextmanager
def emulated() -> Iterator[Aws]:
    """Run the emulator, with nothing in it, until the context is left."""
    with (
        TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder,
        asyncio.Runner() as runner,
    ):
        scratch = Path(folder)
        # No function runs in it, so nothing of it goes to a front door.
        context = emulator(front_door="", scratch=scratch, log=scratch / "emulator.log")
        running = runner.run(context.__aenter__())
        try:
            runner.run(running.ready())
            yield Aws(running.endpoint)
        finally:
            runner.run(context.__aexit__(None, None, None))
