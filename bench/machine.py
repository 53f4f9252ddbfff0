"""Where and when something was measured."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def here_and_now() -> dict[str, Any]:
    """Return the time, the commit and the machine, as results name them."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    return {
        "measured_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "commit": commit.stdout.strip(),
        "machine": {
            "cores": os.cpu_count(),
            # others' work, and our own of the last minute
            "load": round(os.getloadavg()[0], 1),
            "cpu": _cpu(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
        },
    }


def _cpu() -> str:
    facts = Path("/proc/cpuinfo")  # Linux alone has it
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
