"""Every recipe of docs/CLIENTS.md does what it says, and lets a sign-in go on whatever happens."""

import asyncio
import os
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.docs.recipes import recipe, run
from tests.e2e.people import a_person
from tests.e2e.process import wait_until

PYTHON, COGNITO = "Python: FastAPI and httpx", "Amazon Cognito"
PATH = "/api/jobs/signin-notification"


class Service:
    """Answers all requests alike, or never, and counts them by their idempotency keys."""

    def __init__(self, status):
        self.keys = []
        self._over = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                service.keys.append(self.headers["Idempotency-Key"])
                if status is None:
                    service._over.wait(60)
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self):
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def service(request, monkeypatch):
    running = Service(request.param)
    monkeypatch.setenv("SIGNIN_NOTIFIER_URL", running.url)
    monkeypatch.setenv("SIGNIN_NOTIFIER_KEY", "a-key")
    yield running
    running.close()


@pytest.fixture
def dead_service(monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and not listening
        monkeypatch.setenv("SIGNIN_NOTIFIER_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.setenv("SIGNIN_NOTIFIER_KEY", "a-key")
        yield


@pytest.fixture
def to_stack(stack, monkeypatch):
    monkeypatch.setenv("SIGNIN_NOTIFIER_URL", stack.url)
    monkeypatch.setenv("SIGNIN_NOTIFIER_KEY", stack.producer_key)
    return stack


def log_in(person):
    names = run(PYTHON)

    async def check_password(_):
        return {"id": person["userId"], "email": person["email"]}

    names["check_password"] = check_password

    async def post():
        transport = httpx.ASGITransport(names["app"])
        async with httpx.AsyncClient(transport=transport, base_url="http://login") as browser:
            headers = {"X-Forwarded-For": person["ipAddress"], "User-Agent": person["userAgent"]}
            return await browser.post("/login", headers=headers)

    answer = asyncio.run(post())
    assert (answer.status_code, answer.json()) == (200, {"signedIn": True})


def cognito_event(person):
    """Return Cognito's event as AWS documents it.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
    """
    return {
        "version": "1",
        "region": "us-east-1",
        "userPoolId": "us-east-1_EXAMPLE",
        "userName": "narantuya",
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": "1example23456789",
        },
        "triggerSource": "PostAuthentication_Authentication",
        "request": {
            "userAttributes": {
                "sub": person["userId"],
                "email": person["email"],
                "email_verified": "true",
                "cognito:user_status": "CONFIRMED",
            },
            "newDeviceUsed": False,
            "clientMetadata": {},
        },
        "response": {},
    }


def trigger(person):
    event = cognito_event(person)
    assert run(COGNITO)["handler"](event, None) == event


def until_mailed(stack, address):
    wait_until(
        lambda: [mail for mail in stack.mails() if mail["to"] == address],
        seconds=60,
        what="the mail of the recipe",
    )


@pytest.mark.parametrize("sign_in", [log_in, trigger])
def test_a_sign_in_by_a_recipe_becomes_a_mail(to_stack, sign_in):
    person = a_person()
    sign_in(person)
    until_mailed(to_stack, person["email"])


def test_curl_has_its_sign_in_accepted(to_stack):
    for expected in ('"status": "enqueued"', "already-accepted"):
        done = subprocess.run(  # noqa: S603 - our own text
            ["sh", "-c", recipe("curl").replace("--max-time 1.5", "--max-time 60")],  # noqa: S607
            env=os.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert expected in done.stdout


@pytest.mark.parametrize("service", [202, 409, 422, 429, 500, 503, None], indirect=True)
@pytest.mark.parametrize("sign_in", [log_in, trigger])
def test_a_sign_in_goes_on_whatever_the_service_answers(service, sign_in, capsys, caplog):
    person = a_person()
    sign_in(person)
    assert len(set(service.keys)) == 1
    said = capsys.readouterr().out + caplog.text
    assert person["email"] not in said
    assert person["userId"] not in said


@pytest.mark.parametrize(
    ("service", "requests"), [(202, 1), (429, 1), (500, 2), (None, 1)], indirect=["service"]
)
def test_only_what_may_help_is_repeated(service, requests):
    log_in(a_person())
    assert len(service.keys) == requests


@pytest.mark.parametrize("sign_in", [log_in, trigger])
def test_a_sign_in_goes_on_while_the_service_is_dead(dead_service, sign_in):
    sign_in(a_person())
