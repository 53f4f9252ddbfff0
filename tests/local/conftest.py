import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
import requests
from aiohttp import web

from local.front_door import FrontDoor
from tests.e2e.process import free_port

API_ID = "a1b2c3d4"


@dataclass
class Recorded:
    """A request as it arrived at the stand-in."""

    method: str
    raw_path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Emulator:
    """Stands in for MiniStack: records what arrives, answers as told."""

    #: keyword arguments of the response
    answer: dict[str, Any] = field(default_factory=dict)
    requests: list[Recorded] = field(default_factory=list)
    #: how long an answer takes
    takes_s: float = 0
    #: requests that are there at once, now and at most
    here: int = 0
    most: int = 0

    async def handle(self, request):
        self.here += 1
        self.most = max(self.most, self.here)
        await asyncio.sleep(self.takes_s)
        self.here -= 1
        recorded = Recorded(
            request.method, request.raw_path, dict(request.headers), await request.read()
        )
        self.requests.append(recorded)
        return web.Response(**self.answer)

    def runner(self):
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", r"/{path:[\s\S]*}", self.handle)
        return web.AppRunner(
            app,
            access_log=None,
            auto_decompress=False,
            shutdown_timeout=1,
            max_line_size=2**16,
        )


@pytest.fixture
def serve():
    """Run servers on loopback, beside the test."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runners = []

    def run(coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(10)

    def serve(runner, port):
        runners.append(runner)
        run(runner.setup())
        run(web.TCPSite(runner, "127.0.0.1", port).start())

    yield serve
    for runner in reversed(runners):
        run(runner.cleanup())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def emulator():
    return Emulator()


@pytest.fixture
def port(serve, emulator):
    """The front door's, with the stand-in behind it."""
    behind, port = free_port(), free_port()
    serve(emulator.runner(), behind)
    door = FrontDoor(port=port, emulator=f"http://127.0.0.1:{behind}", api_id=API_ID)
    serve(door.runner(), port)
    return port


@pytest.fixture
def http():
    with requests.Session() as session:
        yield session


@pytest.fixture
def ses(port):
    client = boto3.client(
        "sesv2",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id="ASIAEXAMPLE",
        aws_secret_access_key="secret",
        aws_session_token="token",
    )
    yield client
    client.close()
