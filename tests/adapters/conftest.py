"""What the adapters talk to: services on loopback that answer, hang or break off as wanted."""

import socket
import struct
from collections import deque
from contextlib import ExitStack
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import boto3
import pytest
from botocore.config import Config

from tests.adapters.mail import mail_of, templates
from tests.adapters.relay import Relay


class HttpService(ThreadingHTTPServer):
    """Does with each request what the next of `behaviours` says, the last one for ever."""

    #: for how long it is worth waiting, however busy the machine
    patience_s = 10.0

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Request)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.behaviours = deque()
        self.paths = []
        self.bodies = []
        self.closing = Event()

    def answers(self, status, body, headers=()):
        def answer(request):
            request.send_response(status)
            for name, value in (*headers, ("Content-Length", str(len(body)))):
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(body)

        self.behaviours.append(answer)

    def hangs(self):
        self.patience_s = 0.2
        self.behaviours.append(lambda _: self.closing.wait())

    def resets(self):
        def reset(request):
            # Closing without lingering sends RST instead of FIN.
            no_linger = struct.pack("ii", 1, 0)
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
            request.connection.close()

        self.behaviours.append(reset)

    def closes(self):
        self.behaviours.append(lambda _: None)


class _Request(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.paths.append(self.path)
        self.server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        behaviours = self.server.behaviours
        behaviour = behaviours.popleft() if len(behaviours) > 1 else behaviours[0]
        behaviour(self)

    do_GET = do_POST  # noqa: N815 - the base class looks it up by this name

    def log_message(self, *_):
        """Keep quiet."""


@pytest.fixture
def service():
    with HttpService() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def client_of(service):
    """Make real clients that talk to a given URL, once and no longer than is worth it."""
    clients = []

    def make(name, url):
        client = boto3.client(
            name,
            endpoint_url=url,
            region_name="eu-central-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(
                connect_timeout=0.5,
                read_timeout=service.patience_s,
                retries={"total_max_attempts": 1},
            ),
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def ses(service, client_of):
    """A client of SES as `service` plays it."""
    return client_of("sesv2", service.url)


@pytest.fixture
def refusing_url():
    """A URL whose port nobody listens on, and nobody can take meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture
def full_backlog_url():
    """A URL whose port takes no more connections, so that the next one is never made."""
    with socket.socket() as listening, ExitStack() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            client = waiting.enter_context(socket.socket())
            client.settimeout(0)
            client.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def start_relay():
    """Start an SMTP server with these parameters."""
    relays = []

    def start(**parameters):
        relay = Relay(**parameters)
        relay.start()
        relays.append(relay)
        return relay

    yield start
    for relay in relays:
        relay.stop()


@pytest.fixture
def relay(start_relay):
    return start_relay()


@pytest.fixture(scope="session")
def render():
    """Render the mail of a Mongolian sign-in with changes."""
    return partial(mail_of, templates())
