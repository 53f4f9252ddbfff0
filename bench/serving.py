"""A server on loopback in a process of its own, so that what it works is not measured."""

import asyncio
import multiprocessing
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

#: tells the port, once callers may come
Ready = Callable[[int], None]


@contextmanager
def serving(serve: Callable[[Ready], Coroutine[Any, Any, None]]) -> Iterator[str]:
    """Run a server until the context is left; return its endpoint."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_run, args=(serve, theirs), daemon=True
    )
    process.start()
    theirs.close()  # or nobody would hear that it ended before it was ready
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def _run(serve: Callable[[Ready], Coroutine[Any, Any, None]], ready: Connection) -> None:
    asyncio.run(serve(ready.send))
