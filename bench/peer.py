"""`python -m bench.peer FOLDER`: the service that this one replaced, and this one, side by side."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench import api, published, sustained
from bench.figures import Figure
from bench.machine import here_and_now

RESULTS: Final = Path(__file__).with_suffix(".json")
#: where Debian's package has it; the peer's own script knows no other place
_POSTGRES: Final = Path("/usr/lib/postgresql/15/bin/postgres")
#: the peer's own sections, and how often each is run
_SECTIONS: Final = {"e2e": 5, "steady": 3, "resources": 1}

NOTES: Final = """\
Peer: Express, Bull, PostgreSQL and Redis on all cores of one machine; its mail is a line in a file.
Ours: the real handlers, both on one core, and a stand-in that answers for DynamoDB, SQS and SES;
our mail is rendered in two forms and handed over by HTTP.
Our databases and our queue are AWS's: what they work is in the price of a request, not in a process
that could be measured here. So the rows with databases have no figure of ours.
The peer's databases are a loopback away. Ours wait for a network: 13 ms of our time to the 202 were
set for DynamoDB and SQS; that part is assumed, not measured.
At 100 jobs/s the peer's processes wake up for single jobs, which costs more than under full load.
Ours at that rate, to the mail: `python -m bench queue_to_mail`, on an emulator.
Lambda adds processes with the load and is paid while one works; the peer's two processes and its
two databases run, and are paid, at night too.""".splitlines()


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the comparison; None where there is nothing to compare with."""

    what: str
    unit: str
    peer: float | None
    ours: float | None


class Missing(Exception):
    """Something that the peer needs is not here; says what to do."""


def main() -> int:
    """Measure both; write `peer.json` and the README's figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.peer", description=__doc__)
    parser.add_argument("peer", type=Path, help="the folder of the replaced service")
    peer = parser.parse_args().peer
    try:
        _check(peer)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    # before anything runs: both are of this commit, whatever is committed meanwhile
    where = here_and_now()
    theirs = _measured(peer)
    load = {"peer": _load()}
    ours = {figure.name: figure for figure in (*sustained.measure(), *api.measure())}
    load["ours"] = _load()
    rows = list(_rows(theirs, ours))
    print("\n".join(_lines(rows)))
    print(f"\nLoad of the machine meanwhile: peer {load['peer']}, ours {load['ours']}.")
    results = {
        **where,
        "load": load,
        "peer_runs": _SECTIONS,
        "rows": [asdict(row) for row in rows],
        "notes": NOTES,
    }
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    published.write()
    return 0


def _check(peer: Path) -> None:
    if not (peer / "bench" / "measure.js").is_file():
        raise Missing(
            f"{peer} is not the peer's folder. Name it: make bench-peer PEER=path/to/peer"
        )
    if shutil.which("redis-server") is None or not _POSTGRES.exists():
        raise Missing("Redis and PostgreSQL 15 are needed: apt-get install redis-server postgresql")
    if os.geteuid() != 0:
        raise Missing("Run it as root: the peer starts PostgreSQL as its user postgres.")


def _load() -> float:
    """Return the load of the last five minutes: one that others share is not the same for both."""
    return round(os.getloadavg()[1], 1)


def _measured(peer: Path) -> dict[str, list[Any]]:
    """Run the peer's own measurements; return the runs of each section."""
    with TemporaryDirectory(prefix="peer-") as folder:
        copy = Path(folder) / "peer"
        # It writes its data and results beside itself.
        shutil.copytree(
            peer, copy, ignore=shutil.ignore_patterns("node_modules", "data", "results")
        )
        # PostgreSQL's user reaches its data through here.
        Path(folder).chmod(0o755)
        _run(copy, "npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--silent")
        with _services(copy):
            for section, runs in _SECTIONS.items():
                _run(copy, "node", "bench/measure.js", section, str(runs))
        return {
            section: json.loads((copy / "results" / f"{section}.json").read_text())["runs"]
            for section in _SECTIONS
        }


@contextmanager
def _services(copy: Path) -> Iterator[None]:
    try:
        _run(copy, "./services.sh", "start")
        yield
    finally:
        _run(copy, "./services.sh", "stop")


def _run(folder: Path, *command: str) -> None:
    # What it says belongs to the progress; the table has the terminal's output for itself.
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603 - our own arguments


def _rows(theirs: dict[str, list[Any]], ours: dict[str, Figure]) -> Iterator[Row]:
    def peer(section: str, value: Callable[[Any], float]) -> float:
        return statistics.median(map(value, theirs[section]))

    def row(what: str, unit: str, theirs: float, own: str | None = None) -> Row:
        return Row(what=what, unit=unit, peer=theirs, ours=ours[own].value if own else None)

    def memory(process: str) -> Row:
        rss_mb = peer("resources", lambda run: run["rssKb"]["atEnd"][process]["rss"] * 1.024e-3)
        own = f"sustained.{process}_rss_mb"
        what = f"memory of the {process} process; the peer after 10,000 jobs, ours after 20,000"
        return row(what, "MB", rss_mb, own)

    def time(percentile: str) -> Iterator[Row]:
        post = peer("steady", lambda run: run["post"][percentile])
        mail = peer("steady", lambda run: run["sentToCompleted"][percentile])
        yield row(f"time to the 202, {percentile}", "ms", post, f"api.{percentile}_ms")
        yield row(f"request to completed at 100 jobs/s, {percentile}", "ms", mail)

    yield row("CPU per job, API + worker, full load", "ms", peer("e2e", _own_cpu), "total.cpu_ms")
    yield row("the same with the databases", "ms", peer("e2e", _all_cpu))
    yield row("CPU per job, API + worker, 100 jobs/s", "ms", peer("steady", _own_cpu))
    yield row("the same with the databases", "ms", peer("steady", _all_cpu))
    rate = peer("e2e", lambda run: run["jobsPerS"])
    yield row("rate; the peer on all cores, ours on one", "jobs/s", rate, "sustained.rate")
    yield from time("p50")
    yield from time("p99")
    yield memory("api")
    yield memory("worker")


def _own_cpu(run: Any) -> float:
    own: float = run["apiMsPerJob"] + run["workerMsPerJob"]
    return own


def _all_cpu(run: Any) -> float:
    databases: float = run["postgresMsPerJob"] + run["redisMsPerJob"]
    return _own_cpu(run) + databases


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    width = max(len(row.what) for row in rows)
    yield f"{'':{width}}  {'peer':>10}  {'ours':>10}"
    for row in rows:
        yield f"{row.what:{width}}  {_cell(row.peer)}  {_cell(row.ours)}  {row.unit}"
    yield from ("", *NOTES)


def _cell(value: float | None) -> str:
    return f"{'-' if value is None else f'{value:,.3g}' if value < 100 else f'{value:,.0f}':>10}"  # noqa: PLR2004


if __name__ == "__main__":
    sys.exit(main())
