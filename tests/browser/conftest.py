"""A real browser, and the console in it."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.answers import ANY_LIST, ANY_STATS, answers, dead_list, statistics
from tests.browser.chromium import PROGRAM, chromium
from tests.browser.console import Console
from tests.browser.files import console_of_files

#: functions that start cold share the cores of one machine
TIMEOUT_MS = 30_000
#: when a console of the files is opened; its clock stands still
NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


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


def close_without_faults(consoles):
    for console in consoles:
        faults = console.faults()
        console.page.context.close()
        assert faults == []


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
    close_without_faults(opened)


@pytest.fixture
def console(open_console, stack):
    """The console, signed in."""
    opened = open_console()
    opened.sign_in(stack.admin_key)
    return opened


@pytest.fixture
def drawn(browser):
    """Return a way to sign in to the console of the files, to which this is answered."""
    opened = []

    def draw(told, **context):
        tab = browser.new_context(**{"timezone_id": "Asia/Ulaanbaatar", **context})
        console = console_of_files(tab.new_page())
        opened.append(console)
        for url, answer in {ANY_STATS: statistics(), ANY_LIST: dead_list(), **told}.items():
            answers(console.page, url, answer)
        console.page.clock.install(time=NOW - timedelta(minutes=1))
        console.open()
        console.page.clock.pause_at(NOW)
        console.sign_in("a-key")
        return console

    yield draw
    close_without_faults(opened)
