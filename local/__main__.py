"""`make local`: the emulator, the deployed stack and the front door, until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from local.endpoint import LOGS
from local.process import StartError
from local.stack import Progress, serve

#: what a shell says of a program that Ctrl-C ended
INTERRUPTED = 130
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Run until Ctrl-C; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--port", type=_port, default=3333, help="the one to serve (%(default)s)")
    parser.add_argument("--logs", type=Path, default=LOGS, help="folder (%(default)s)")
    arguments = parser.parse_args()
    progress = Progress()
    try:
        asyncio.run(_until_signal(serve(arguments.port, arguments.logs, progress), progress))
    except asyncio.CancelledError:
        return 0 if progress.ready else INTERRUPTED
    except (StartError, ExceptionGroup) as failure:
        print(f"\n{_sentence(failure)}", file=sys.stderr)
    return 1


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 2**16:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")


async def _until_signal(work: Coroutine[Any, Any, None], progress: Progress) -> None:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine always runs in a task

    def stop() -> None:
        progress.say("Ending everything")
        task.cancel()
        for number in SIGNALS:
            # A second Ctrl-C must not cut the ending short; it takes a few seconds at most. Python
            # gives up its own handlers before its last moment, but not what the system ignores.
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)

    for number in SIGNALS:
        loop.add_signal_handler(number, stop)
    await work


def _sentence(failure: StartError | ExceptionGroup[Exception]) -> str:
    """Return the first expected failure's sentence; raise what was not expected."""
    if isinstance(failure, StartError):
        return str(failure)
    expected, unexpected = failure.split(StartError)
    if expected is None or unexpected is not None:
        raise failure
    return _sentence(expected.exceptions[0])


if __name__ == "__main__":
    sys.exit(main())
