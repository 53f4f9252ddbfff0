"""Where a running `make local` has its emulator: a file for commands in other terminals."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from local.process import StartError

#: where `make local` writes, in the folder that it is started from
LOGS: Final = Path(".local")
_NAME: Final = "endpoint"
_LOCK: Final = "lock"


@contextmanager
def claimed(*, logs: Path) -> Iterator[None]:
    """Keep every other `make local` out of the folder, until the context is left.

    Raises:
        StartError: one runs there already.
    """
    logs.mkdir(parents=True, exist_ok=True)
    # The kernel unlocks it with our end, whatever ends us.
    with (logs / _LOCK).open("w") as lock:
        if not _locks(lock, fcntl.LOCK_EX):
            raise StartError(
                f"`make local` already runs in this folder, and {logs} is its own. End it with"
                " Ctrl-C there; or run the second one from another copy of the project."
            )
        yield


@contextmanager
def announced(endpoint: str, *, logs: Path) -> Iterator[None]:
    """Tell where the emulator is, until the context is left."""
    file = logs / _NAME
    file.write_text(endpoint)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def told(*, logs: Path = LOGS) -> str | None:
    """Return the emulator's URL, or None if no `make local` runs from this folder."""
    try:
        # One that was killed has left its file behind, but not its lock.
        with (logs / _LOCK).open() as lock:
            return None if _locks(lock, fcntl.LOCK_SH) else (logs / _NAME).read_text()
    except FileNotFoundError:
        return None


def _locks(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
