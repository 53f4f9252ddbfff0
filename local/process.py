"""Child processes that never outlive us: each leads a session and is ended with all of it.

Should we be killed, the leash of each ends it.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

#: how long a child may take to end by itself before it is killed
GRACE_SECONDS = 3.0
LEASH = Path(__file__).with_name("leash.py")


class StartError(Exception):
    """What went wrong, in a sentence for whoever typed `make local`."""


@asynccontextmanager
async def child(
    command: Sequence[str | Path], *, environment: Mapping[str, str], log: Path, folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `command` in `folder`, its output in `log`; on leaving, end it and its descendants."""
    # Children inherit neither end, so the second one is closed with our end at the latest.
    leashed, held = os.pipe()
    with os.fdopen(leashed), os.fdopen(held, "w"):
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", LEASH),
                *command,
                env=environment,
                cwd=folder,
                stdin=leashed,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            _signal_group(process.pid, signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), GRACE_SECONDS)
            # Those that ignored the first signal, and the children of a leader that obeyed it.
            _signal_group(process.pid, signal.SIGKILL)
            await process.wait()


async def run(
    command: Sequence[str | Path], *, environment: Mapping[str, str], log: Path, folder: Path
) -> None:
    """Run `command` to its end.

    Raises:
        StartError: it failed; the message ends with the last lines of the log.
    """
    async with child(command, environment=environment, log=log, folder=folder) as process:
        status = await process.wait()
    if status != 0:
        name = " ".join(Path(word).name for word in command[:2])
        raise StartError(f"`{name}` failed. The whole log is in {log}; it ends with:\n{tail(log)}")


def tail(log: Path, lines: int = 12) -> str:
    """Return the last lines of `log`, indented."""
    last = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in last)


def _signal_group(group: int, number: signal.Signals) -> None:
    # The group is empty once its last process was reaped.
    with suppress(ProcessLookupError):
        os.killpg(group, number)
