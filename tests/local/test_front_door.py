import gzip
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import pytest
import requests
from aiohttp import ClientTimeout

from local import front_door
from local.front_door import MAX_CONCURRENCY, FrontDoor
from local.sample import curl
from tests.e2e.process import free_port
from tests.local.conftest import API_ID


@pytest.fixture
def url(port):
    return f"http://127.0.0.1:{port}"


def test_a_call_reaches_the_api_as_it_was_made(port, emulator):
    path = "/api/jobs/a%2fb%7E%0A?x=%31+2&x=3"
    body = b'\xff\x00{"odd": "bytes"}'
    headers = {"Idempotency-Key": "k", "Content-Type": "application/x-odd"}
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("PUT", path, body, headers)
        connection.getresponse().read()
    (seen,) = emulator.requests
    assert seen.method == "PUT"
    assert seen.raw_path == f"/_aws/execute-api/{API_ID}/$default{path}"
    assert seen.body == body
    assert seen.headers["Idempotency-Key"] == "k"
    assert seen.headers["Content-Type"] == "application/x-odd"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_link_in_a_mail_reaches_the_api(http, url, emulator, method):
    http.request(method, f"{url}/report/AbC-_123")
    (seen,) = emulator.requests
    assert seen.method == method
    assert seen.raw_path == f"/_aws/execute-api/{API_ID}/$default/report/AbC-_123"


def test_a_compressed_body_stays_compressed(http, url, emulator):
    body = gzip.compress(b"{}")
    http.post(f"{url}/api/jobs/x", data=body, headers={"Content-Encoding": "gzip"})
    assert emulator.requests[0].body == body


def test_a_compressed_answer_stays_compressed(http, url, emulator):
    headers = {"Content-Encoding": "gzip"}
    emulator.answer = {"body": gzip.compress(b"{}"), "headers": headers}
    answer = http.get(f"{url}/api/jobs/x")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content == b"{}"


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_nothing_is_added_to_a_call(port, emulator, body):
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.putrequest("POST", "/api/jobs/x", skip_accept_encoding=True)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        connection.getresponse().read()
    (seen,) = emulator.requests
    assert seen.body == body
    assert set(seen.headers) == {"Host", "Content-Length"}


@pytest.mark.filterwarnings("ignore:Sending a large body")
def test_what_the_api_refuses_as_too_long_is_left_to_it(http, url, emulator):
    answer = http.post(f"{url}/api/jobs/x?{'y' * 20_000}", data=b"x" * 2**21)
    assert answer.status_code == 200
    (seen,) = emulator.requests
    assert len(seen.body) == 2**21
    assert len(seen.raw_path) > 20_000


def test_only_so_many_calls_are_under_way_at_once(url, emulator):
    emulator.takes_s = 0.1
    with ThreadPoolExecutor(2 * MAX_CONCURRENCY) as pool:
        answers = pool.map(requests.get, [f"{url}/api/jobs/x"] * 2 * MAX_CONCURRENCY)
        assert {answer.status_code for answer in answers} == {200}
    assert emulator.most == MAX_CONCURRENCY


def test_callers_who_stall_keep_nobody_waiting(http, url, port):
    with ExitStack() as stack:
        for _ in range(MAX_CONCURRENCY):
            stalled = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            stalled.sendall(b"POST /api/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        assert http.get(f"{url}/api/jobs/x", timeout=10).status_code == 200


def test_nothing_of_a_broken_request_is_printed(port, caplog):
    with socket.create_connection(("127.0.0.1", port)) as caller:
        caller.sendall(b"POST /api/x bold@example.com\r\n\r\n")
        assert caller.recv(1_000).startswith(b"HTTP/1.0 400")
    assert caplog.records == []


def test_the_answer_comes_back_as_the_api_gave_it(http, url, emulator):
    headers = {"Retry-After": "7", "Content-Type": "application/x"}
    emulator.answer = {"status": 429, "body": b"\xfe{}", "headers": headers}
    answer = http.get(f"{url}/api/jobs/x")
    assert answer.status_code == 429
    assert answer.content == b"\xfe{}"
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers["Content-Type"] == "application/x"


def test_a_redirect_is_the_callers_to_follow(http, url, emulator):
    emulator.answer = {"status": 302, "headers": {"Location": "/elsewhere"}}
    assert http.get(f"{url}/api/x", allow_redirects=False).status_code == 302
    assert len(emulator.requests) == 1


def test_an_emulator_that_is_gone_is_a_bad_gateway(http, serve):
    port = free_port()
    nobody = f"http://127.0.0.1:{free_port()}"
    serve(FrontDoor(port=port, emulator=nobody, api_id=API_ID).runner(), port)
    answer = http.get(f"http://127.0.0.1:{port}/api/jobs/x")
    assert answer.status_code == 502
    assert "make local" in answer.json()["message"]


def test_an_emulator_that_does_not_answer_is_a_bad_gateway(http, serve, emulator, monkeypatch):
    monkeypatch.setattr(front_door, "TIMEOUT", ClientTimeout(total=0.2))
    emulator.takes_s = 1
    behind, port = free_port(), free_port()
    serve(emulator.runner(), behind)
    door = FrontDoor(port=port, emulator=f"http://127.0.0.1:{behind}", api_id=API_ID)
    serve(door.runner(), port)
    assert http.get(f"http://127.0.0.1:{port}/api/jobs/x").status_code == 502


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_ministack/ses/messages"),
        ("POST", "/_ministack/reset"),
        ("GET", f"/_aws/execute-api/{API_ID}/$default/api/jobs/x"),
        ("POST", "/"),
        ("POST", "/v2/email/identities"),
        ("GET", "/v2/email/outbound-emails"),
        ("GET", "/apis"),
    ],
)
def test_nothing_else_of_the_emulator_can_be_reached(http, url, emulator, method, path):
    answer = http.request(method, url + path)
    assert answer.status_code in {404, 405}
    assert emulator.requests == []


def test_an_unknown_page_leads_to_the_start(http, url):
    answer = http.get(f"{url}/nowhere")
    assert answer.status_code == 404
    assert '<a href="/">' in answer.text


@pytest.mark.parametrize("host", ["attacker.example", "localhost.attacker.example", "127.0.0.2"])
def test_a_foreign_host_name_is_refused(http, url, emulator, port, host):
    answer = http.get(f"{url}/api/jobs/x", headers={"Host": f"{host}:{port}"})
    assert answer.status_code == 421
    assert emulator.requests == []


def test_the_start_page_shows_the_sample_and_the_keys(http, url, port):
    page = http.get(f"{url}/").text
    assert curl(port).replace("'", "&#39;").replace('"', "&#34;") in page
    assert "local-producer-key" in page
    assert "local-admin-key" in page
    assert 'href="/mailbox"' in page


@pytest.mark.parametrize(
    "path", ["/", "/mailbox", "/mailbox/preview", "/mailbox/preview?case=github", "/nowhere"]
)
def test_our_pages_run_nothing_but_our_own_files(http, url, path):
    headers = http.get(url + path).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
