"""A place between one function and SQS, where a test lets things go wrong."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import requests

from tests.e2e.stack import Stack


class SqsProxy:
    """Passes calls on to the emulator, unless told what to do instead."""

    def __init__(self, upstream: str) -> None:
        #: what happens instead of a call, which then gets no answer
        self.instead: Callable[[], None] | None = None
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if proxy.instead:
                    proxy.instead()
                    return
                # The signed host is the proxy's, and passes as it is.
                answer = requests.post(
                    upstream + self.path, data=body, headers=dict(self.headers), timeout=30
                )
                self.send_response(answer.status_code)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def kill_callers(self) -> None:
        """Kill every process that was told to call SQS here, as a crashing host does."""
        mark = f"AWS_ENDPOINT_URL_SQS={self.url}".encode()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGKILL)
            except (PermissionError, FileNotFoundError, ProcessLookupError):
                continue  # somebody else's, or gone meanwhile


@contextmanager
def before_sqs(stack: Stack, function: str) -> Iterator[SqsProxy]:
    """Let a function of the stack call SQS through a proxy, by its own configuration."""
    proxy = SqsProxy(stack.emulator)
    thread = Thread(target=proxy.server.serve_forever)
    thread.start()
    before = stack.function(function)

    def configure(variables: dict[str, str]) -> None:
        stack.client("lambda").update_function_configuration(
            FunctionName=before["FunctionName"], Environment={"Variables": variables}
        )

    variables = before["Environment"]["Variables"]
    try:
        configure(variables | {"AWS_ENDPOINT_URL_SQS": proxy.url})
        yield proxy
    finally:
        configure(variables)
        proxy.server.shutdown()
        thread.join()
        proxy.server.server_close()
