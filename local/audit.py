"""`make audit`: no locked Python package has a known vulnerability.

pip-audit alone is content when PyPI knows nothing of a version, or answers nothing at all of it.
Here that is an outcome of its own, so that nobody takes silence for health.
"""

import subprocess
import sys
from enum import IntEnum
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from infra.config import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


class Outcome(IntEnum):
    """What came of asking, as an exit status."""

    CLEAN = 0
    VULNERABLE = 1
    NOT_ASKED = 2


class Vulnerability(BaseModel):
    """An advisory that names this version."""

    id: str
    fix_versions: list[str]


class Package(BaseModel):
    """One locked package, with its advisories or the reason why there is no answer."""

    name: str
    version: str = ""
    vulns: list[Vulnerability] = []
    skip_reason: str = ""


class Report(BaseModel):
    """What `pip-audit --format json` prints."""

    dependencies: list[Package]


class Verdict(NamedTuple):
    """What came of asking, and the lines that say so."""

    outcome: Outcome
    lines: list[str]


def judge(report: str, complaint: str) -> Verdict:
    """Judge pip-audit's report, and what it said on stderr if it made none."""
    try:
        packages = Report.model_validate_json(report).dependencies
    except ValidationError:
        return Verdict(Outcome.NOT_ASKED, ["NOT AUDITED: PyPI could not be asked.", complaint])
    lines = [
        f"{package.name} {package.version}: {found.id}, mended in "
        f"{' and '.join(found.fix_versions) or 'no version yet'}"
        for package in packages
        for found in package.vulns
    ]
    outcome = Outcome.VULNERABLE if lines else Outcome.CLEAN
    unknown = [package.name for package in packages if package.skip_reason]
    if unknown or not packages:
        outcome = Outcome.VULNERABLE if lines else Outcome.NOT_ASKED
        which = f": {', '.join(sorted(unknown))}" if len(unknown) < len(packages) else ""
        lines.append(
            f"NOT AUDITED: PyPI gave no answer about {len(unknown)} of {len(packages)} packages"
            f"{which}"
        )
    return Verdict(outcome, lines or [f"No known vulnerability in {len(packages)} packages."])


def main() -> int:
    """Ask PyPI about all locks, say what it answered, and return the exit status."""
    locks = [argument for lock in LOCKS for argument in ("-r", str(lock))]
    asked = subprocess.run(  # noqa: S603 - our own arguments
        [
            *(sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"),
            *("--require-hashes", "--disable-pip", *locks),
        ],
        capture_output=True,
        text=True,
        check=False,  # its status tells no vulnerability from a failure
    )
    verdict = judge(asked.stdout, asked.stderr.strip()[-500:])
    print("\n".join(verdict.lines), file=sys.stderr if verdict.outcome else sys.stdout)
    return verdict.outcome


if __name__ == "__main__":
    sys.exit(main())
