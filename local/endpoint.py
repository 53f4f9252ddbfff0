"""Where a running `make local` has its emulator: a file for commands in other terminals."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

#: where `make local` writes, in the folder that it is started from
LOGS: Final = Path(".local")
_NAME: Final = "endpoint"


@contextmanager
def announced(endpoint: str, *, logs: Path) -> Iterator[None]:
    """Tell where the emulator is, until the context is left."""
    file = logs / _NAME
    file.write_text(endpoint)
    try:
        yield
    finally:
        # Another `make local`, on another port, may have told of itself meanwhile.
        if told(logs=logs) == endpoint:
            file.unlink()


def told(*, logs: Path = LOGS) -> str | None:
    """Return the emulator's URL, or None if no `make local` runs from this folder."""
    try:
        return (logs / _NAME).read_text()
    except FileNotFoundError:
        return None
