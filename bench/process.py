"""Functions in a process of their own: a door is imported as in Lambda, and alone."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

_ROOT: Final = Path(__file__).parents[1]
#: those that we may use; a Mac does not tell
_CORES: Final = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
#: a function's environment
FUNCTION: Final = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "POWERTOOLS_SERVICE_NAME": "signin-notifier",
    "POWERTOOLS_METRICS_NAMESPACE": "SigninNotifier",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "STAGE": "prod",
    "TABLE_NAME": "jobs",
    "PRODUCER_KEY_SECRET_ARN": "producer-key",
    "ADMIN_KEY_SECRET_ARN": "admin-key",
    "LINK_KEY_SECRET_ARN": "link-key",
    "WORKER_TIMEOUT_SECONDS": "30",
    "BRAND_NAME": "Yellow Books",
    "MAIL_SENDER": "notices@yellow-books.example",
    "SUPPORT_ADDRESS": "support@yellow-books.example",
    "SECURITY_PAGE_URL": "https://yellow-books.example/security",
    "MAIL_TRANSPORT": "ses",
    "CONFIGURATION_SET": "signin-notifier",
    "PUBLIC_URL": "https://notices.yellow-books.example",
}

#: hands a value to who started the process
Tell = Callable[[object], None]


@contextmanager
def started(
    module: str, *arguments: object, endpoint: str, inherited: Collection[int] = ()
) -> Iterator[Iterator[Any]]:
    """Call `main` of a module with text arguments, and yield what it tells, as it tells it."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "POWERTOOLS_"))
    }
    environment |= FUNCTION
    environment |= {
        "AWS_ENDPOINT_URL": endpoint,
        "QUEUE_URL": f"{endpoint}/jobs",
        "DEAD_LETTER_QUEUE_URL": f"{endpoint}/dead",
    }
    with subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "bench.process", module, *map(str, arguments)],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=inherited,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            yield map(json.loads, process.stdout)
        except BaseException:
            process.terminate()
            raise
    # what it told before it failed measures nothing
    if process.returncode:
        raise RuntimeError(f"{module} ended with {process.returncode}")


def on_core(number: int) -> AbstractContextManager[None]:
    """Let what is started inside run on one core alone."""
    return _allowed({number})


def away_from(number: int) -> AbstractContextManager[None]:
    """Let what is started inside run on the other cores, if there are any."""
    return _allowed(set(range(len(_CORES))) - {number})


@contextmanager
def _allowed(cores: set[int]) -> Iterator[None]:
    if not _CORES:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {_CORES[core] for core in cores if core < len(_CORES)} or _CORES)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _main(module: str, *arguments: str) -> None:
    results = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    # A door's log leaves by stdout, as in Lambda; nobody reads it here.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def tell(value: object) -> None:
        results.write(json.dumps(value) + "\n")

    importlib.import_module(module).main(tell, *arguments)


if __name__ == "__main__":
    _main(*sys.argv[1:])
