"""`python -m bench [subject...]`: measure, print the table; all subjects: write `results.json`."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench import api, limiter, queue_to_mail, replay, sustained, table, worker
from bench.figures import Figure, Measurement

RESULTS: Final = Path(__file__).parent / "results.json"
SUBJECTS: Final[Mapping[str, Measurement]] = {
    "api": api.measure,
    "worker": worker.measure,
    "sustained": sustained.measure,
    "replay": replay.measure,
    "limiter": limiter.measure,
    "queue_to_mail": queue_to_mail.measure,
}


def main() -> int:
    """Measure the subjects that are named, or all."""
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("subject", nargs="*", choices=[[], *SUBJECTS], help="default: all")
    wanted = arguments.parse_args().subject or list(SUBJECTS)
    figures: list[Figure] = []
    for subject in wanted:
        print(f"measuring: {subject}", file=sys.stderr, flush=True)
        figures.extend(SUBJECTS[subject]())
    print(table.text(figures))
    if wanted == list(SUBJECTS):
        results = {**_where(), "figures": [table.record(figure) for figure in figures]}
        RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


def _where() -> dict[str, Any]:
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


if __name__ == "__main__":
    sys.exit(main())
