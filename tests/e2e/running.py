"""The running stack that tests share, end to end and in a browser.

`make test` has two such processes of pytest, each with a stack of its own: while one waits for
repairs, the other one works. (By files: `--dist loadgroup` groups nothing with pytest 9.2,
https://github.com/pytest-dev/pytest-xdist/issues/1386.)
"""

import signal

import pytest

from local.endpoint import told
from tests.e2e.process import LISTS_PROCESSES, LocalProcess
from tests.e2e.stack import Stack

#: these wait for minutes, and start first
WAITING = ("test_faults.py", "test_outage.py", "test_pause.py")


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The stack of `make local`; what it has logged, and that Ctrl-C ends it, is checked last."""
    process = LocalProcess(tmp_path_factory.mktemp("local"))
    try:
        process.until_printed("Ready: ", seconds=180)
        running = Stack(process)
        yield running
        logged = running.lines_about_people()
        running.close()
        # or it would say nothing that none of them is left
        assert not LISTS_PROCESSES or [
            c for c in process.descendants().values() if "_worker.py" in c
        ]
    finally:
        process.signal(signal.SIGINT)
        status = process.end()
    assert status == 0, process.output
    assert process.descendants() == {}
    assert told(logs=process.logs) is None
    assert logged == []


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items):
    """Mark the tests that need a stack, and put them last."""

    def place(item):
        file = item.path.name
        return "stack" in item.fixturenames, file not in WAITING, file == "test_privacy.py"

    for item in items:
        if "stack" in item.fixturenames:
            item.add_marker("stack")
    items.sort(key=place)
