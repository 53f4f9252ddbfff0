"""`python -m bench [subject...]`: measure and print; all subjects: write what is published too."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Final

from bench import (
    api,
    bundle,
    cold_start,
    limiter,
    published,
    queue_to_mail,
    replay,
    sustained,
    table,
    worker,
)
from bench.figures import Figure, Measurement
from bench.machine import here_and_now
from bench.published import RESULTS

SUBJECTS: Final[Mapping[str, Measurement]] = {
    "api": api.measure,
    "worker": worker.measure,
    "sustained": sustained.measure,
    "replay": replay.measure,
    "cold_start": cold_start.measure,
    "bundle": bundle.measure,
    "limiter": limiter.measure,
    "queue_to_mail": queue_to_mail.measure,
}


def main() -> int:
    """Measure the subjects that are named, or all."""
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    # no subject at all has to be a choice as well: an empty list
    arguments.add_argument("subject", nargs="*", choices=[[], *SUBJECTS], help="default: all")
    wanted = arguments.parse_args().subject or list(SUBJECTS)
    figures: list[Figure] = []
    for subject in wanted:
        print(f"measuring: {subject}", file=sys.stderr, flush=True)
        figures.extend(SUBJECTS[subject]())
    print(table.text(figures))
    if wanted == list(SUBJECTS):
        results = {**here_and_now(), "figures": [table.record(figure) for figure in figures]}
        RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
        published.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
