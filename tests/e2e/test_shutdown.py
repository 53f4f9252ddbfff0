"""Whatever ends `make local`, nothing of it is left."""

import os
import signal

import pytest

from tests.e2e.process import LISTS_PROCESSES, LocalProcess, wait_until

pytestmark = pytest.mark.skipif(not LISTS_PROCESSES, reason="finds processes through /proc")


@pytest.fixture
def process(tmp_path):
    process = LocalProcess(tmp_path)
    yield process
    for left in process.descendants():
        os.kill(left, signal.SIGKILL)
    process.end()


def until_running(process, command):
    def running():
        lines = process.descendants().items()
        # the leash of a process names it, too
        return [pid for pid, line in lines if command in line and "leash.py" not in line]

    return wait_until(running, seconds=60, what=f"a process {command!r}")[0]


def scratch_of(tmp_path):
    return list(tmp_path.glob("logs/scratch-*"))


def test_ctrl_c_while_the_functions_are_bundled_leaves_nothing_running(process, tmp_path):
    until_running(process, "infra.app")
    process.signal(signal.SIGINT)
    assert process.end() == 130
    assert process.descendants() == {}
    assert scratch_of(tmp_path) == []


def test_more_ctrl_cs_during_the_deploy_leave_nothing_running(process, tmp_path):
    process.until_printed("Deploying", seconds=120)
    until_running(process, "cdk deploy")
    process.signal(signal.SIGINT)
    process.until_printed("Ending", seconds=30)
    process.interrupt_until_its_end()
    assert process.end() == 130
    assert process.descendants() == {}
    assert scratch_of(tmp_path) == []


def test_the_death_of_the_emulator_ends_the_rest_and_is_explained(process):
    emulator = until_running(process, "guarded_ministack.py")
    os.kill(emulator, signal.SIGKILL)
    assert process.end() == 1
    assert process.descendants() == {}
    assert "The AWS emulator ended by itself" in process.output
    assert "ministack.log" in process.output
    assert "Traceback" not in process.output


def test_to_kill_it_ends_the_rest_and_the_next_one_clears_up(process, tmp_path):
    until_running(process, "guarded_ministack.py")
    process.until_printed("Deploying", seconds=120)
    process.signal(signal.SIGKILL)
    process.end()
    wait_until(lambda: process.descendants() == {}, seconds=10, what="the end of the rest")
    [left] = scratch_of(tmp_path)
    following = LocalProcess(tmp_path)
    following.until_printed("Starting", seconds=30)
    following.signal(signal.SIGINT)
    assert following.end() == 130
    assert not left.exists()
