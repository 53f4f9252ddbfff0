"""What stands in for the service where it answers badly, or not at all."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: far more than a sign-in may take
PATIENCE_S = 10


class Service:
    """Answers all requests alike and keeps them; None: never answers, "drips": never ends."""

    def __init__(self, status, *, location=None):
        self.status = status
        self.location = location
        self.requests = []
        self.over = threading.Event()
        #: a caller has waited for what never comes
        self.gave_up = False

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """Say nothing of callers who hang up."""

        self._server = Server(("127.0.0.1", 0), _handler_of(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def keys(self):
        return [headers["Idempotency-Key"] for headers, _ in self.requests]

    def close(self):
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler_of(service):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            service.requests.append((self.headers, body))
            if service.status == "drips":
                self.drip()
            elif service.status is None:
                service.gave_up = not service.over.wait(PATIENCE_S)
            else:
                self.send_response(service.status)
                if service.location:
                    self.send_header("Location", service.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def do_GET(self):  # what a redirect makes of a POST
            self.do_POST()

        def drip(self):
            self.wfile.write(b"HTTP/1.1 202 Accepted\r\nX-Endless: ")
            for _ in range(20 * PATIENCE_S):
                if service.over.wait(1 / 20):
                    return
                self.wfile.write(b"x")
            service.gave_up = True

        def log_message(self, *_):
            pass

    return Handler
