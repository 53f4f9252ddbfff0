"""Every recipe of docs/CLIENTS.md does what it says, and lets a sign-in go on whatever happens."""

import asyncio
import os
import socket
import subprocess
import time

import httpx
import pytest

from functions.domain.request import parse_request
from tests.docs.recipes import recipe, run
from tests.docs.service import Service
from tests.e2e.people import a_person
from tests.e2e.process import wait_until

PYTHON, COGNITO = "Python: FastAPI and httpx", "Amazon Cognito"
PATH = "/api/jobs/signin-notification"


@pytest.fixture(scope="module", autouse=True)
def httpx_is_loaded():
    """It loads much for its first request, within the time that a recipe waits."""
    running = Service(202)

    async def post():
        async with httpx.AsyncClient() as client:
            await client.post(running.url, timeout=60)

    asyncio.run(post())
    running.close()


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


@pytest.fixture
def elsewhere():
    """A host that nobody was told to trust."""
    running = Service(202)
    yield running
    running.close()


@pytest.fixture
def redirecting(monkeypatch, elsewhere):
    running = Service(302, location=elsewhere.url + PATH)
    monkeypatch.setenv("SIGNIN_NOTIFIER_URL", running.url)
    monkeypatch.setenv("SIGNIN_NOTIFIER_KEY", "a-key")
    yield running
    running.close()


def log_in(person, *, peer=("127.0.0.1", 123)):
    names = run(PYTHON)

    async def check_password(_):
        return {"id": person["userId"], "email": person["email"]}

    names["check_password"] = check_password

    async def post():
        transport = httpx.ASGITransport(names["app"], client=peer)
        async with httpx.AsyncClient(transport=transport, base_url="http://login") as browser:
            sent = {"X-Forwarded-For": person["ipAddress"], "User-Agent": person["userAgent"]}
            headers = {name: text.encode("latin-1") for name, text in sent.items()}
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
                "name": person["name"],
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


def type_curl():
    """Type the recipe; return what it printed: nothing if there was no answer in time."""
    done = subprocess.run(  # noqa: S603 - our own text
        ["sh", "-c", recipe("curl")],  # noqa: S607
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout


def parsed(body):
    """Return what the service makes of a body; it raises if it would refuse it."""
    return parse_request(body, now_ms=time.time_ns() // 1_000_000, trusted_proxies=0)


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


def test_curl_has_its_sign_in_accepted_once(to_stack):
    # As the page says: what had no answer in time, since a function started, is repeated.
    first = wait_until(type_curl, seconds=60, what="an answer in time")
    assert '"status": "enqueued"' in first or "already-accepted" in first
    again = wait_until(type_curl, seconds=60, what="an answer in time")
    assert "already-accepted" in again


@pytest.mark.parametrize("service", [None, "drips"], indirect=True)
def test_curl_does_not_wait_for_an_answer_that_does_not_come(service):
    assert type_curl() == ""
    assert not service.gave_up
    assert len(set(service.keys)) == 1  # a repeat may be on its way just then


@pytest.mark.parametrize("service", [202, 409, 422, 429, 500, 503, None, "drips"], indirect=True)
@pytest.mark.parametrize("sign_in", [log_in, trigger])
def test_a_sign_in_goes_on_whatever_the_service_answers(service, sign_in, capsys, caplog):
    person = a_person()
    sign_in(person)
    assert len(set(service.keys)) == 1
    said = capsys.readouterr().out + caplog.text
    assert person["email"] not in said
    assert person["userId"] not in said


@pytest.mark.parametrize("sign_in", [log_in, trigger])
@pytest.mark.parametrize(
    ("service", "requests"), [(202, 1), (409, 1), (429, 1), (500, 2)], indirect=["service"]
)
def test_only_what_may_help_is_repeated_and_only_failures_are_told(
    service, requests, sign_in, capsys, caplog
):
    sign_in(a_person())
    assert len(service.keys) == requests
    told = "sign-in notice" in capsys.readouterr().out + caplog.text
    assert told == (service.status not in {202, 409})


@pytest.mark.parametrize("service", [None, "drips"], indirect=True)
@pytest.mark.parametrize("sign_in", [log_in, trigger])
def test_nobody_waits_for_an_answer_that_does_not_come(service, sign_in):
    sign_in(a_person())
    assert not service.gave_up
    assert len(set(service.keys)) == 1  # a repeat may be on its way just then


@pytest.mark.parametrize("sign_in", [log_in, trigger])
def test_the_key_is_for_no_other_host(redirecting, elsewhere, sign_in, capsys, caplog):
    sign_in(a_person())
    assert len(redirecting.keys) == 1
    assert elsewhere.requests == []
    assert "answered 302" in capsys.readouterr().out + caplog.text


@pytest.mark.parametrize("service", [202], indirect=True)
@pytest.mark.parametrize("agent", ['"' * 8150, "\xe9" * 8150, "", "\x7f"])
def test_no_browser_can_prevent_the_notice(service, agent):
    log_in(a_person(userAgent=agent, ipAddress=", ".join(["203.0.113.7"] * 700)))
    [(_, body)] = service.requests
    accepted = parsed(body)
    assert accepted.ip_address == "203.0.113.7"
    assert accepted.user_agent == (agent[:1024] if agent.strip("\x7f") else None)


@pytest.mark.parametrize("service", [202], indirect=True)
@pytest.mark.parametrize(
    ("name", "kept"), [("x" * 3000, "x" * 200), ("a\x01b\u2028\ud800", "ab"), ("Дулмаа", "Дулмаа")]
)
def test_no_name_can_prevent_the_notice(service, name, kept):
    trigger(a_person(name=name))
    [(_, body)] = service.requests
    assert parsed(body).name == kept


@pytest.mark.parametrize("service", [202], indirect=True)
def test_a_login_behind_a_unix_socket_goes_on(service):
    log_in(a_person(ipAddress=""), peer=None)
    [(_, body)] = service.requests
    assert parsed(body).ip_address is None


@pytest.mark.parametrize("sign_in", [log_in, trigger])
def test_a_sign_in_goes_on_while_the_service_is_dead(dead_service, sign_in):
    sign_in(a_person())
