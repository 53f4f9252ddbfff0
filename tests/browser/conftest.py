"""A real browser, and the console in it."""

import os

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PROGRAM, chromium
from tests.browser.console import Console

#: functions that start cold share the cores of one machine
TIMEOUT_MS = 30_000


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    """Ask for Chromium before the stack starts; where all is checked it must not be missing."""
    if PROGRAM is None:
        missing = "no Chromium: apt-get install chromium (Debian's package)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture(scope="module")
def browser():
    """Chromium; ended before tests that run an event loop of their own."""
    with chromium() as running:
        yield running


@pytest.fixture
def open_console(browser, stack):
    """Return a way to open the console in a tab of its own; nothing may go wrong unseen in it."""
    expect.set_options(timeout=TIMEOUT_MS)
    opened = []

    def opens(**context):
        tab = browser.new_context(**{"timezone_id": "Asia/Ulaanbaatar", **context})
        tab.set_default_timeout(TIMEOUT_MS)
        console = Console(tab.new_page(), url=f"{stack.url}/api/admin/console")
        opened.append(console)
        console.open()
        return console

    yield opens
    for console in opened:
        faults = console.faults()
        console.page.context.close()
        assert faults == []


@pytest.fixture
def console(open_console, stack):
    """The console, signed in."""
    opened = open_console()
    opened.sign_in(stack.admin_key)
    return opened
