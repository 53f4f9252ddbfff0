import asyncio
import os

import pytest

from local import process
from local.process import StartError, child, run
from tests.e2e.process import wait_until

STUBBORN = "trap '' TERM; echo $$; (trap '' TERM; echo $BASHPID; exec sleep 60) & wait"


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_child_that_ignores_the_signal_is_ended_with_its_own_children(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.2)
    log = tmp_path / "log"

    async def start_and_leave():
        async with (
            asyncio.timeout(10),
            child(["bash", "-c", STUBBORN], environment=os.environ, log=log, folder=tmp_path),
        ):
            while len(log.read_text().split()) < 2:  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(0.01)

    asyncio.run(start_and_leave())
    pids = [int(pid) for pid in log.read_text().split()]
    wait_until(lambda: not any(map(alive, pids)), seconds=5, what=f"the end of {pids}")


def test_a_failed_command_is_named_with_its_log_and_the_logs_end(tmp_path):
    log = tmp_path / "deployment.log"
    command = ["bash", "-c", "echo the reason; exit 3"]
    with pytest.raises(StartError) as failed:
        asyncio.run(run(command, environment=os.environ, log=log, folder=tmp_path))
    assert "`bash -c` failed" in str(failed.value)
    assert str(log) in str(failed.value)
    assert str(failed.value).endswith("    the reason")
