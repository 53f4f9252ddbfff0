"""The API's door behind a port, in a process that lasts: what API Gateway and Lambda do."""

import socket
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final

from bench.doors.events import CONTEXT, posted
from functions.api import handler

#: what does not change from one sign-in to the next
_EVENT: Final = posted(0)


class _Server(HTTPServer):
    """One request at a time, as a function's process works."""

    def __init__(self, listening: socket.socket) -> None:
        super().__init__(listening.getsockname(), _Request, bind_and_activate=False)
        self.socket.close()
        self.socket = listening


class _Request(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = handler({**_EVENT, "headers": headers, "body": body}, CONTEXT)
        text = answer["body"].encode()
        self.send_response(answer["statusCode"])
        for name, value in answer["headers"].items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the door logs for itself."""


def main(descriptor: str) -> None:
    """Serve a listening socket, which others may share."""
    listening = socket.socket(fileno=int(descriptor))
    # Whoever is told of a caller that another one took goes back to wait.
    listening.settimeout(0)
    _Server(listening).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
