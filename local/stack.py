"""The whole of `make local`, in the order in which it comes up."""

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import aiohttp
from aiohttp import web

from local import sample
from local.deployment import deploy
from local.emulator import credentials, emulator
from local.endpoint import announced, claimed
from local.front_door import FrontDoor
from local.process import StartError

API_DEADLINE_SECONDS = 60.0
SCRATCH = "scratch-"


class Progress:
    """Lines that say what is being done, with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self.ready = False

    def say(self, sentence: str) -> None:
        """Print one line."""
        print(f"[{time.monotonic() - self._start:5.1f} s] {sentence}", flush=True)


async def serve(port: int, logs: Path, progress: Progress) -> None:
    """Bring everything up, say so, and keep it up until cancelled.

    Raises:
        StartError: something did not come up, or ended; alone or in a group.
    """
    front_door = f"http://127.0.0.1:{port}"
    with (
        claimed(logs=logs),
        _listener(port) as listening,
        _scratch(logs) as scratch,
    ):
        emulator_log, deployment_log = _fresh(logs, "ministack.log"), _fresh(logs, "deployment.log")
        async with (
            emulator(front_door=front_door, scratch=scratch, log=emulator_log) as running,
            asyncio.TaskGroup() as tasks,
        ):
            watch = tasks.create_task(running.watch())
            api_id = await deploy(
                running,
                public_url=f"http://localhost:{port}",
                scratch=scratch,
                log=deployment_log,
                say=progress.say,
            )
            door = FrontDoor(port=port, emulator=running.endpoint, api_id=api_id)
            async with _serving(door, listening):
                progress.say("Waiting for the API's first answer")
                await _until_api_answers(front_door, emulator_log)
                progress.say(f"Emulated AWS: {running.endpoint}")
                progress.ready = True
                with announced(running.endpoint, logs=logs):
                    print(_welcome(port, running.endpoint), flush=True)
                    await watch


def _welcome(port: int, emulator: str) -> str:
    url = f"http://localhost:{port}"
    root = " ".join(f"{name}={value}" for name, value in credentials().items())
    return f"""Ready: {url}

  mails     {url}/mailbox
  console   {url}/api/admin/console, with the key {sample.ADMIN_KEY}
  state     make doctor STAGE=local
  logs      of the functions, in another terminal, with the AWS command line:
            export AWS_ENDPOINT_URL={emulator} {root}
            aws logs filter-log-events --output text --query 'events[].[message]' \\
              --log-group-name $(aws logs describe-log-groups --output text \\
              --query "logGroups[?contains(logGroupName, 'Worker')].logGroupName")

{sample.curl(port)}
"""


@contextmanager
def _scratch(logs: Path) -> Iterator[Path]:
    # Beside the lock, so what is there now was left by one that was killed.
    for left in logs.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(
        prefix=SCRATCH, dir=logs.resolve(), ignore_cleanup_errors=True
    ) as directory:
        yield Path(directory)


def _fresh(logs: Path, name: str) -> Path:
    log = logs / name
    log.write_bytes(b"")
    return log


@contextmanager
def _listener(port: int) -> Iterator[socket.socket]:
    # Taken before any work is done; the kernel keeps early callers waiting until the door opens.
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
            listening.listen()
        except OSError as error:
            raise StartError(
                f"Port {port} can't be used: {error.strerror}. If `make local` already runs, end "
                f"it with Ctrl-C there; otherwise take another port: make local PORT={port + 1}"
            ) from None
        yield listening


@asynccontextmanager
async def _serving(door: FrontDoor, listening: socket.socket) -> AsyncIterator[None]:
    runner = door.runner()
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        yield
    finally:
        await runner.cleanup()


async def _until_api_answers(front_door: str, log: Path) -> None:
    """Wait until a function reads the table: a job that nobody posted is not found."""
    url = f"{front_door}/api/jobs/signin-{uuid4()}"
    headers = {"Authorization": f"Bearer {sample.PRODUCER_KEY}"}
    last = "there was none"
    try:
        async with asyncio.timeout(API_DEADLINE_SECONDS), aiohttp.ClientSession() as session:
            while True:
                async with session.get(url, headers=headers) as answer:
                    if answer.status == web.HTTPNotFound.status_code:
                        return
                    last = f"{answer.status} {await answer.text()}"
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise StartError(
            f"The API did not answer as it should within {API_DEADLINE_SECONDS:.0f} s; its last "
            f"answer: {last}. Run `make local` again; the emulator's log is in {log}."
        ) from None
