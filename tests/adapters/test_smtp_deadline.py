"""A relay that answers, but too slowly as a whole."""
# ruff: noqa: N802 - aiosmtpd finds its hooks by their names

import socket
import socketserver
import time
from threading import Event, Thread

import pytest

from functions.adapters.smtp_session import Deadline, Limits, Session
from functions.domain.errors import TransientDeliveryError, UnknownDeliveryError
from tests.adapters.relay import JOB, MAIL, Relay, failed, mailer

LIMITS = Limits(exchange_s=10, session_s=20)
EXCHANGES = ["EHLO", "MAIL", "RCPT", "DATA"]


class SlowRelay(Relay):
    """Takes so many virtual seconds for one command; nobody really waits."""

    def __init__(self):
        self.now_s = 0.0
        self.slow = {}
        super().__init__()

    def clock(self):
        return self.now_s

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self._idle("EHLO")
        return await super().handle_EHLO(server, session, envelope, hostname, responses)

    async def handle_MAIL(self, server, session, envelope, address, options):
        self._idle("MAIL")
        return await super().handle_MAIL(server, session, envelope, address, options)

    async def handle_RCPT(self, server, session, envelope, address, options):
        self._idle("RCPT")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server, session, envelope):
        self._idle("DATA")
        return await super().handle_DATA(server, session, envelope)

    def _idle(self, command):
        self.now_s += self.slow.get(command, 0)


@pytest.fixture
def slow_relay():
    relay = SlowRelay()
    relay.start()
    yield relay
    relay.stop()


@pytest.mark.parametrize("command", EXCHANGES[:3])
def test_once_the_time_is_over_before_the_mail_is_given_away_it_is_transient(slow_relay, command):
    slow_relay.slow = {command: LIMITS.session_s}
    error = failed(slow_relay.port, limits=LIMITS, clock=slow_relay.clock)
    assert type(error) is TransientDeliveryError
    assert slow_relay.taken == []


def test_the_times_of_all_exchanges_count_together(slow_relay):
    slow_relay.slow = dict.fromkeys(EXCHANGES[:3], LIMITS.session_s / 3 + 0.01)
    error = failed(slow_relay.port, limits=LIMITS, clock=slow_relay.clock)
    assert type(error) is TransientDeliveryError
    assert slow_relay.taken == []


def test_a_relay_that_is_just_in_time_gets_the_mail(slow_relay):
    slow_relay.slow = dict.fromkeys(EXCHANGES[:3], LIMITS.session_s / 3 - 0.01)
    mailer(slow_relay.port, limits=LIMITS, clock=slow_relay.clock).send(MAIL, job=JOB)
    assert len(slow_relay.taken) == 1


def test_each_exchange_may_take_its_own_limit_or_what_is_left():
    clock = iter([100.0, 100.0, 109.9, 111.0, 119.75]).__next__
    deadline = Deadline(LIMITS, clock)
    assert [deadline.wait_s() for _ in range(4)] == [10, 10, 9, 0.25]


@pytest.mark.parametrize("late_s", [0, 1])
def test_no_exchange_begins_when_the_time_is_over(late_s):
    clock = iter([100.0, 120.0 + late_s]).__next__
    deadline = Deadline(LIMITS, clock)
    with pytest.raises(TimeoutError):
        deadline.wait_s()


def test_nothing_is_sent_and_no_mail_begun_once_the_time_is_over(slow_relay):
    deadline = Deadline(LIMITS, slow_relay.clock)
    session = Session("127.0.0.1", slow_relay.port, deadline=deadline)
    slow_relay.now_s = LIMITS.session_s
    with pytest.raises(TimeoutError):
        session.putcmd("NOOP")
    with pytest.raises(TimeoutError):
        session.data("a mail")
    assert not session.data_begun
    session.close()


class Dripping(socketserver.ThreadingTCPServer):
    """Greets, or answers the mail, byte by byte and for ten seconds, unless it is cut off."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, fluent):
        super().__init__(("127.0.0.1", 0), _Drip)
        self.port = self.server_address[1]
        #: answers that it gives at once before it begins to drip
        self.fluent = fluent
        self.came_to_its_end = Event()
        self.cut_off = Event()


class _Drip(socketserver.StreamRequestHandler):
    def handle(self):
        for answer in self.server.fluent:
            self.wfile.write(answer)
            while self.rfile.readline() not in {b"", b".\r\n"}:
                if not answer.startswith(b"354"):
                    break
        try:
            for _ in range(500):
                self.wfile.write(b"2")
                # The pace of the relay, not a wait of the test.
                time.sleep(0.02)
        except OSError:
            self.server.cut_off.set()
        else:
            self.server.came_to_its_end.set()


HELLO = [b"220 relay\r\n", b"250 hello\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"]


@pytest.fixture
def start_dripping():
    started = []

    def start(fluent):
        relay = Dripping(fluent=fluent)
        thread = Thread(target=relay.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        started.append((relay, thread))
        return relay

    yield start
    for relay, thread in started:
        relay.shutdown()
        thread.join()
        relay.server_close()


@pytest.mark.parametrize(
    ("fluent", "kind"),
    [
        ([], TransientDeliveryError),
        (HELLO[:2], TransientDeliveryError),
        (HELLO, UnknownDeliveryError),
    ],
    ids=["its greeting", "its answers", "its last answer"],
)
def test_a_relay_that_drips_is_cut_off_at_the_deadline(start_dripping, fluent, kind):
    relay = start_dripping(fluent)
    # Each byte comes well within an exchange's limit.
    error = failed(relay.port, limits=Limits(exchange_s=2, session_s=2))
    assert relay.cut_off.wait(timeout=8)
    assert type(error) is kind
    assert not relay.came_to_its_end.is_set()


def test_a_relay_that_breaks_off_before_it_is_given_the_mail_is_transient():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet_and_go():
            connection, _ = server.accept()
            connection.sendall(b"220 relay\r\n")
            connection.close()

        thread = Thread(target=greet_and_go)
        thread.start()
        error = failed(server.getsockname()[1])
        thread.join()
    assert type(error) is TransientDeliveryError
