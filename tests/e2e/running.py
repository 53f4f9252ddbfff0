"""The one stack that all tests of a run share, end to end and in a browser."""

import signal

import pytest

from local.endpoint import told
from tests.e2e.process import LocalProcess
from tests.e2e.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The stack of `make local`; that Ctrl-C leaves nothing of it is checked at the end."""
    process = LocalProcess(tmp_path_factory.mktemp("local"))
    try:
        process.until_printed("Ready: ", seconds=180)
        running = Stack(process)
        yield running
        running.close()
        assert any("_worker.py" in command for command in process.descendants().values())
    finally:
        process.signal(signal.SIGINT)
        status = process.end()
    assert status == 0, process.output
    assert process.descendants() == {}
    assert told(logs=process.logs) is None


def pytest_collection_modifyitems(items):
    """Start the stack after all other tests, and look at its logs when all have written theirs."""
    items.sort(key=lambda item: ("stack" in item.fixturenames, item.path.name == "test_privacy.py"))
