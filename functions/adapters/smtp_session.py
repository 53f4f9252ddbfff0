"""SMTP sessions that come to an end: a short wait for each exchange, one deadline over all."""

import io
import smtplib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How long a relay may take, in seconds."""

    exchange_s: float
    #: from the first connection to the goodbye; one TLS handshake may add an exchange's wait
    session_s: float


class Deadline:
    """The end of one session."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        """Start the session; `clock` is monotonic, in seconds."""
        self._exchange_s = limits.exchange_s
        self._clock = clock
        self._ends_s = clock() + limits.session_s

    def wait_s(self) -> float:
        """Return how long the next exchange may take; TimeoutError if there is no time left."""
        left_s = self._ends_s - self._clock()
        if left_s <= 0:
            raise TimeoutError
        return min(self._exchange_s, left_s)


class Session(smtplib.SMTP):
    """A session under a deadline, which knows whether it has begun to hand the mail over."""

    def __init__(self, host: str, port: int, *, deadline: Deadline, **tls: Any) -> None:
        self._deadline = deadline
        #: from here on the relay may have taken the mail
        self.data_begun = False
        super().__init__(host, port, timeout=deadline.wait_s(), **tls)

    def send(self, s: Any) -> None:
        """Send within the time left; `sendall` counts its timeout over all of the data."""
        if self.sock:
            self.sock.settimeout(self._deadline.wait_s())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Read a reply within the time left, however slowly it drips in."""
        if self.file is None and self.sock:
            self.file = io.BufferedReader(_Incoming(self.sock, self._deadline))
        return super().getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand the mail over, if there is time to begin."""
        self._deadline.wait_s()
        self.data_begun = True
        return super().data(msg)


class TlsSession(Session, smtplib.SMTP_SSL):
    """The same, in TLS from the first byte."""


class _Incoming(io.RawIOBase):
    """What a socket receives; a timeout of its own would begin anew with every byte."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.wait_s())
        return self._sock.recv_into(buffer)
