"""`python -m local` as a child process, and what is left of it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[2]
T = TypeVar("T")
#: how processes are found that others have started; a Mac has no such place
LISTS_PROCESSES = Path("/proc").is_dir()


def wait_until(condition: Callable[[], T], *, seconds: float, what: str) -> T:
    """Return the condition's first true value; fail, naming `what`, if there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class LocalProcess:
    """What `make local` starts, on a free port, with everything that it writes in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self.logs = folder / "logs"
        self._output = folder / "output.txt"
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own arguments
                [
                    *(sys.executable, "-m", "local"),
                    *("--port", str(self.port), "--logs", str(self.logs)),
                ],
                cwd=ROOT,
                # All descendants inherit this, or a folder below it: the mark to find them by.
                env={**os.environ, "TMPDIR": str(folder)},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """What it printed so far."""
        return self._output.read_text()

    def until_printed(self, text: str, *, seconds: float) -> None:
        """Wait for `text`; fail if it ends before."""

        def printed() -> bool:
            assert self._process.poll() is None or text in self.output, self.output
            return text in self.output

        wait_until(printed, seconds=seconds, what=f"{text!r} in:\n{self.output}")

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it alone, as nothing else may need one."""
        self._process.send_signal(number)

    def interrupt_until_its_end(self, *, seconds: float = 60) -> None:
        """Send Ctrl-C again and again, to the last moment of its life."""
        deadline = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < deadline:
            self._process.send_signal(signal.SIGINT)

    def end(self, *, seconds: float = 60) -> int:
        """Return its exit status, once it has ended."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise

    def descendants(self) -> dict[int, str]:
        """Return the command lines, by process id, of it and of all that it started.

        Also of those whose parent has gone: an environment is inherited, and stays.
        """
        mark = f"TMPDIR={self._folder}".encode()
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes():
                    command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found[int(process.name)] = command
            except (PermissionError, FileNotFoundError, ProcessLookupError):
                continue  # somebody else's, or gone meanwhile
        return found
