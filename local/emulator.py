"""MiniStack, the AWS emulator, as a child process on loopback."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from local.process import StartError, child, tail

REGION = "us-east-1"
ACCOUNT = "000000000000"
READY_DEADLINE_SECONDS = 30.0
GUARDED = Path(__file__).with_name("guarded_ministack.py")


@dataclass(frozen=True)
class Emulator:
    """A MiniStack that runs."""

    endpoint: str
    process: asyncio.subprocess.Process
    log: Path

    async def ready(self) -> None:
        """Wait until it answers.

        Raises:
            StartError: it does not within 30 s.
        """
        url = f"{self.endpoint}/_ministack/ready"
        try:
            async with asyncio.timeout(READY_DEADLINE_SECONDS), aiohttp.ClientSession() as session:
                while True:
                    if await _answers(session, url):
                        return
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise StartError(
                f"The AWS emulator did not answer within {READY_DEADLINE_SECONDS:.0f} s; "
                f"its log is in {self.log} and ends with:\n{tail(self.log)}"
            ) from None

    async def watch(self) -> None:
        """Wait for its end, which is never expected.

        Raises:
            StartError: it ended.
        """
        status = await self.process.wait()
        raise StartError(
            f"The AWS emulator ended by itself (status {status}). Run `make local` again; "
            f"its log is in {self.log} and ends with:\n{tail(self.log)}"
        )


def credentials() -> dict[str, str]:
    """Return the environment of the emulator's root user."""
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }


@asynccontextmanager
async def emulator(*, front_door: str, scratch: Path, log: Path) -> AsyncIterator[Emulator]:
    """Run MiniStack, with everything that it writes in `scratch`, until the context is left."""
    port = _free_port()
    endpoint = f"http://127.0.0.1:{port}"
    environment = {
        # Its Lambda workers inherit all of this, so nothing of the user's own environment is here.
        "PATH": os.environ["PATH"],
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "AUTH": "true",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        **credentials(),
        # Functions hand their mails to the front door, which records them and passes them on.
        "AWS_ENDPOINT_URL_SESV2": front_door,
        # It would log the recipient of every mail.
        "LOG_LEVEL": "WARNING",
        # Listeners of its own on all interfaces, and a Docker daemon: not needed, not touched.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{scratch}/no-docker",
    }
    # By path and without its folder, whose modules MiniStack would otherwise find as its own.
    command = (sys.executable, "-P", GUARDED)
    async with child(command, environment=environment, log=log, folder=scratch) as process:
        yield Emulator(endpoint=endpoint, process=process, log=log)


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.ok
    except aiohttp.ClientConnectionError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
