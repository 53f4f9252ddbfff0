"""The stack of `make local`: deployed for a measurement, and gone after it."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.emulated import Aws
from bench.pipeline import Pipeline
from infra.config import ROOT
from local.deployment import STACK
from local.endpoint import told

_START_DEADLINE_S: Final = 180.0
#: a busy machine takes its time to end a dozen processes
_END_DEADLINE_S: Final = 120.0


@contextmanager
def deployed() -> Iterator[Pipeline]:
    """Deploy the stack on a free port, until the context is left."""
    port = _free_port()
    with TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        command = [sys.executable, "-m", "local", "--port", str(port), "--logs", str(scratch)]
        with (scratch / "output.txt").open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own arguments
                command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
            )
        try:
            emulator = _until_announced(process, scratch)
            aws = Aws(emulator)
            described = aws.client("cloudformation").describe_stacks(StackName=STACK)
            [named] = described["Stacks"]
            outputs = {one["OutputKey"]: one["OutputValue"] for one in named["Outputs"]}
            yield Pipeline(
                url=f"http://localhost:{port}",
                aws=aws,
                queue_url=outputs["QueueUrl"],
                table_name=outputs["TableName"],
            )
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(_END_DEADLINE_S)


def _until_announced(process: subprocess.Popen[bytes], scratch: Path) -> str:
    deadline = time.monotonic() + _START_DEADLINE_S
    while time.monotonic() < deadline and process.poll() is None:
        if emulator := told(logs=scratch):
            return emulator
        time.sleep(0.1)
    said = (scratch / "output.txt").read_text(encoding="utf-8")
    raise RuntimeError(f"the stack did not come up:\n{said}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
