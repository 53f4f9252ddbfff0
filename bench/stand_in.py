"""A stand-in for AWS, in a process of its own: right shapes, after a set delay."""

import asyncio
import json
import uuid
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.request import urlopen

from bench.serving import Ready, serving

#: an operation's name, as `X-Amz-Target` ends with it, and what makes its answer of a request
Answers = Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]
#: seconds, by operation; those that are not named answer at once
Delays = Mapping[str, float]

#: SES v2 names an operation by its path
_BY_PATH: Final = {"/v2/email/outbound-emails": "SendEmail"}
_KEPT_REQUESTS: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What was asked of the stand-in so far."""

    #: how often each operation was called
    calls: Counter[str]
    #: the newest requests, the last one at the end
    newest: list[tuple[str, dict[str, Any]]]


@contextmanager
def stand_in(answers: Answers, *, delay_s: Delays) -> Iterator[str]:
    """Serve answers on loopback, each after its delay; return the endpoint."""
    with serving(partial(_serve, answers, delay_s)) as endpoint:
        yield endpoint


def seen(endpoint: str) -> Seen:
    """Ask the stand-in what was asked of it."""
    with urlopen(endpoint) as answer:  # noqa: S310 - our own endpoint
        told = json.load(answer)
    return Seen(
        calls=Counter(told["calls"]), newest=[(name, asked) for name, asked in told["newest"]]
    )


async def _serve(answers: Answers, delay_s: Delays, ready: Ready) -> None:
    service = _Service(answers, delay_s)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Caller(service), "127.0.0.1", 0)
    ready(server.sockets[0].getsockname()[1])
    await server.serve_forever()


class _Service:
    def __init__(self, answers: Answers, delay_s: Delays) -> None:
        self._answers = answers
        self._delay_s = delay_s
        self._calls: Counter[str] = Counter()
        self._newest: deque[tuple[str, Any]] = deque(maxlen=_KEPT_REQUESTS)

    def answer(self, operation: str, body: bytes) -> tuple[bytes, float]:
        """Return the answer, and after how many seconds it is due."""
        request = json.loads(body)
        self._calls[operation] += 1
        self._newest.append((operation, request))
        answer = self._answers[operation](request)
        return json.dumps(answer).encode(), self._delay_s.get(operation, 0)

    def told(self) -> bytes:
        return json.dumps({"calls": self._calls, "newest": list(self._newest)}).encode()


class _Caller(asyncio.Protocol):
    """One connection. Lean, so that no benchmark measures the stand-in."""

    def __init__(self, service: _Service) -> None:
        self._service = service
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP has no other
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, ended, rest = self._received.partition(b"\r\n\r\n")
        if not ended:
            return
        start, *lines = head.decode("latin-1").split("\r\n")
        fields = [line.partition(":") for line in lines]
        headers = {name.lower(): value.strip() for name, _, value in fields}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self._received = rest[length:]
        method, path, _ = start.split(" ")
        if method == "GET":
            self._write(self._service.told(), "application/json")
            return
        operation = _BY_PATH.get(path) or headers["x-amz-target"].rpartition(".")[2]
        body, wait_s = self._service.answer(operation, rest[:length])
        kind = headers["content-type"]
        if wait_s:
            asyncio.get_running_loop().call_later(wait_s, self._write, body, kind)
        else:
            self._write(body, kind)

    def _write(self, body: bytes, kind: str) -> None:
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            f"x-amzn-RequestId: {uuid.uuid4()}\r\nx-amz-crc32: {zlib.crc32(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)
