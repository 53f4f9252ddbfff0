import asyncio
import os
import subprocess
import sys

import pytest

from local import process
from local.process import StartError, child, run
from tests.e2e.process import ROOT, wait_until

STUBBORN = "trap '' TERM; echo $$; (trap '' TERM; echo $BASHPID; exec sleep 60) & wait"


HOLDER = """
import asyncio, os, pathlib, sys
from local.process import child

async def hold():
    log, folder = pathlib.Path(sys.argv[2]), pathlib.Path.cwd()
    async with child(["bash", "-c", sys.argv[1]], environment=os.environ, log=log, folder=folder):
        await asyncio.sleep(60)

asyncio.run(hold())
"""


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


def test_a_child_is_ended_with_its_own_children_if_we_are_killed(tmp_path):
    log = tmp_path / "log"
    log.touch()
    command = [sys.executable, "-c", HOLDER, STUBBORN, log]
    with subprocess.Popen(command, cwd=ROOT) as holder:  # noqa: S603 - our own arguments
        wait_until(lambda: len(log.read_text().split()) == 2, seconds=10, what="both run")
        holder.kill()
    pids = [int(pid) for pid in log.read_text().split()]
    wait_until(lambda: not any(map(alive, pids)), seconds=5, what=f"the end of {pids}")


def test_a_child_ends_with_the_status_and_the_input_of_its_own(tmp_path):
    async def status_of(script):
        command = ["bash", "-c", script]
        log = tmp_path / "log"
        async with child(command, environment=os.environ, log=log, folder=tmp_path) as process:
            return await asyncio.wait_for(process.wait(), 10)

    assert asyncio.run(status_of("read line || exit 3")) == 3
    assert asyncio.run(status_of("kill -TERM $$")) == -15


def test_a_failed_command_is_named_with_its_log_and_the_logs_end(tmp_path):
    log = tmp_path / "deployment.log"
    command = ["bash", "-c", "echo the reason; exit 3"]
    with pytest.raises(StartError) as failed:
        asyncio.run(run(command, environment=os.environ, log=log, folder=tmp_path))
    assert "`bash -c` failed" in str(failed.value)
    assert str(log) in str(failed.value)
    assert str(failed.value).endswith("    the reason")
