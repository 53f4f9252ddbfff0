"""`make audit`: no locked package, of Python or of npm, has a known vulnerability.

pip-audit alone is content when PyPI knows nothing of a version, or answers nothing at all of it.
Here that is an outcome of its own, so that nobody takes silence for health.
"""

import subprocess
import sys
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from infra.config import ROOT

PIP_LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
NPM_LOCKS = (ROOT / "package-lock.json", ROOT / "clients" / "authjs" / "package-lock.json")


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


class PipReport(BaseModel):
    """What `pip-audit --format json` prints."""

    dependencies: list[Package]


class NpmAdvisory(BaseModel):
    """An advisory that names these versions."""

    url: str
    range: str


class NpmPackage(BaseModel):
    """A locked package with advisories, its own or by the names of packages that it depends on."""

    via: list[NpmAdvisory | str]


class NpmCount(BaseModel):
    """How many packages were asked about."""

    total: int


class NpmReport(BaseModel):
    """What `npm audit --json` prints."""

    vulnerabilities: dict[str, NpmPackage]
    #: "dependencies", and of vulnerabilities what is above
    metadata: dict[str, NpmCount]


class Verdict(NamedTuple):
    """What came of asking, and the lines that say so."""

    outcome: Outcome
    lines: list[str]


def judge_pip(report: str, complaint: str) -> Verdict:
    """Judge pip-audit's report, and what it said on stderr if it made none."""
    try:
        packages = PipReport.model_validate_json(report).dependencies
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
    return Verdict(
        outcome, lines or [f"No known vulnerability in {len(packages)} Python packages."]
    )


def judge_npm(report: str, complaint: str, *, lock: str) -> Verdict:
    """Judge npm's report on a lock, and what it said on stderr if it made none."""
    try:
        found = NpmReport.model_validate_json(report)
    except ValidationError:
        refusal = f"NOT AUDITED: npm's registry could not be asked about {lock}."
        return Verdict(Outcome.NOT_ASKED, [refusal, complaint])
    lines = [
        f"{name} {advisory.range}: {advisory.url}, in {lock}"
        for name, package in found.vulnerabilities.items()
        for advisory in package.via
        if isinstance(advisory, NpmAdvisory)
    ]
    if lines:
        return Verdict(Outcome.VULNERABLE, lines)
    total = found.metadata["dependencies"].total
    if not total:
        return Verdict(Outcome.NOT_ASKED, [f"NOT AUDITED: npm has found no package in {lock}."])
    return Verdict(Outcome.CLEAN, [f"No known vulnerability in {total} npm packages of {lock}."])


def main() -> int:
    """Ask PyPI and npm about all locks, say what they answered, and return the exit status."""
    pip_locks = [argument for lock in PIP_LOCKS for argument in ("-r", str(lock))]
    pip = [
        *(sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"),
        *("--require-hashes", "--disable-pip", *pip_locks),
    ]
    npm = [str(Path(sys.executable).with_name("npm")), "audit", "--json", "--package-lock-only"]
    verdicts = [
        judge_pip(*_asked(pip, folder=ROOT)),
        *(
            judge_npm(*_asked(npm, folder=lock.parent), lock=str(lock.relative_to(ROOT)))
            for lock in NPM_LOCKS
        ),
    ]
    for verdict in verdicts:
        print("\n".join(verdict.lines), file=sys.stderr if verdict.outcome else sys.stdout)
    outcomes = {verdict.outcome for verdict in verdicts}
    return next(
        (outcome for outcome in (Outcome.VULNERABLE, Outcome.NOT_ASKED) if outcome in outcomes),
        Outcome.CLEAN,
    )


def _asked(command: list[str], *, folder: Path) -> tuple[str, str]:
    done = subprocess.run(  # noqa: S603 - our own arguments
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,  # its status tells no vulnerability from a failure
    )
    return done.stdout, done.stderr.strip()[-500:]


if __name__ == "__main__":
    sys.exit(main())
