"""People sign in to real login pages, and the mail arrives."""

import queue
import subprocess
import threading
from html import unescape

import pytest
import requests

from tests.clients.node import BIN, ENVIRONMENT, NODE
from tests.e2e.people import a_person
from tests.e2e.process import ROOT, wait_until

PACKAGE = ROOT / "clients" / "authjs"
#: as the application of the tests knows it
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def application():
    """A program that serves a login page with the package as its source is now."""
    subprocess.run(  # noqa: S603 - our own arguments
        [BIN / "npm", "run", "--silent", "build"],
        cwd=PACKAGE,
        env=ENVIRONMENT,
        timeout=120,
        check=True,
    )
    return PACKAGE / "tests" / "app.ts"


@pytest.fixture(params=["authjs", "nextauth"], ids=["Auth.js 5", "NextAuth 4"])
def login_page(stack, application, request):
    """The address of a login page that tells the stack of its sign-ins."""
    process = subprocess.Popen(  # noqa: S603 - our own arguments
        [NODE, application, request.param],
        env={
            **ENVIRONMENT,
            "SIGNIN_NOTIFIER_URL": stack.url,
            "SIGNIN_NOTIFIER_KEY": stack.producer_key,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = queue.Queue()
    reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout])
    reader.start()
    try:
        ready = lines.get(timeout=60)
        assert ready.startswith("Ready: ")
        yield ready.removeprefix("Ready: ").strip()
    finally:
        process.terminate()
        process.wait(30)
        reader.join(30)
        process.stdout.close()


def mails_to(stack, address):
    return [mail for mail in stack.mails() if mail["to"] == address]


def sign_in(browser, login_page, person, password):
    token = browser.get(f"{login_page}/api/auth/csrf", timeout=30).json()["csrfToken"]
    browser.post(
        f"{login_page}/api/auth/callback/credentials",
        data={
            "id": person["userId"],
            "email": person["email"],
            "name": person["name"],
            "password": password,
            "csrfToken": token,
        },
        allow_redirects=False,
        timeout=30,
    )
    return browser.get(f"{login_page}/api/auth/session", timeout=30).json()


def test_a_sign_in_with_a_password_becomes_a_mail(stack, login_page):
    person = a_person(ipAddress="198.51.100.7, 203.0.113.77")
    with requests.Session() as browser:
        browser.headers["User-Agent"] = person["userAgent"]
        browser.headers["X-Forwarded-For"] = person["ipAddress"]
        assert not sign_in(browser, login_page, person, "wrong")
        session = sign_in(browser, login_page, person, PASSWORD)
    assert session["user"]["email"] == person["email"]
    [mail] = wait_until(
        lambda: mails_to(stack, person["email"]), seconds=60, what="the mail of the sign-in"
    )
    assert person["name"] in mail["text"]
    assert person["name"] in unescape(mail["html"])
    assert "203.0.113.77" in mail["text"]
    assert "Chrome 131 (Windows)" in mail["text"]
    listed = stack.call(
        "GET", "/api/admin/jobs", key=stack.admin_key, params={"userId": person["userId"]}
    ).json()
    assert [job["jobId"] for job in listed["jobs"]] == [mail["jobId"]]
