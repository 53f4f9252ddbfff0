"""How a door's process stands after so many jobs."""

import os
import resource
import sys
import time
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/statm")  # Linux alone has it
_PAGE_MB: Final = os.sysconf("SC_PAGE_SIZE") / 1e6
#: elsewhere: what was used at most, in bytes on a Mac
_PEAK_MB: Final = 1e-6 if sys.platform == "darwin" else 1e-3


def mark(jobs: int) -> dict[str, float]:
    """Return the time, the CPU used so far and the memory in use now."""
    return {
        "jobs": jobs,
        "at_s": time.monotonic(),
        "cpu_s": time.process_time(),
        "rss_mb": _rss_mb(),
    }


def _rss_mb() -> float:
    if _STATUS.exists():
        return int(_STATUS.read_text(encoding="ascii").split()[1]) * _PAGE_MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_MB


def is_due(jobs: int, *, warm_up: int, every: int) -> bool:
    """Tell whether it is time for a mark."""
    return jobs >= warm_up and (jobs - warm_up) % every == 0
