"""Silence about a package is never taken for its health."""

import json
import os
import subprocess
import sys

from infra.config import ROOT
from local.audit import NPM_LOCKS, Outcome, judge_npm, judge_pip
from tests.e2e.process import free_port
from tests.repository.files import tracked

WELL = {"name": "jinja2", "version": "3.1.6", "vulns": []}
ILL = {
    "name": "requests",
    "version": "2.31.0",
    "vulns": [{"id": "PYSEC-2024-1", "fix_versions": ["2.32.0"], "aliases": [], "description": ""}],
}
UNKNOWN = {"name": "uv", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def judged(*packages):
    return judge_pip(json.dumps({"dependencies": packages, "fixes": []}), "")


def test_packages_without_an_advisory_are_clean():
    assert judged(WELL) == (Outcome.CLEAN, ["No known vulnerability in 1 Python packages."])


def test_an_advisory_is_named_with_the_version_that_mends_it():
    outcome, lines = judged(WELL, ILL)
    assert outcome is Outcome.VULNERABLE
    assert lines == ["requests 2.31.0: PYSEC-2024-1, mended in 2.32.0"]


def test_a_package_that_was_not_asked_about_is_named():
    outcome, [line] = judged(WELL, UNKNOWN)
    assert outcome is Outcome.NOT_ASKED
    assert line == "NOT AUDITED: PyPI gave no answer about 1 of 2 packages: uv"


def test_packages_are_not_named_where_none_was_asked_about():
    assert judged(UNKNOWN, UNKNOWN) == (
        Outcome.NOT_ASKED,
        ["NOT AUDITED: PyPI gave no answer about 2 of 2 packages"],
    )


def test_an_advisory_counts_though_others_were_not_asked_about():
    outcome, lines = judged(ILL, UNKNOWN)
    assert outcome is Outcome.VULNERABLE
    assert len(lines) == 2


def test_a_report_of_nothing_is_not_clean():
    assert judged().outcome is Outcome.NOT_ASKED


def npm_judged(total, **packages):
    metadata = {"vulnerabilities": {"total": len(packages)}, "dependencies": {"total": total}}
    return judge_npm(
        json.dumps({"vulnerabilities": packages, "metadata": metadata}), "", lock="lock"
    )


def test_every_npm_lock_is_asked_about():
    assert sorted(NPM_LOCKS) == tracked("package-lock.json")


def test_npm_packages_without_an_advisory_are_clean():
    assert npm_judged(2) == (Outcome.CLEAN, ["No known vulnerability in 2 npm packages of lock."])


def test_an_npm_advisory_is_named_once_by_the_package_that_it_is_about():
    advisory = {"source": 1, "title": "", "url": "https://github.com/a/1", "range": "<0.7.0"}
    outcome, lines = npm_judged(2, cookie={"via": [advisory]}, auth={"via": ["cookie"]})
    assert outcome is Outcome.VULNERABLE
    assert lines == ["cookie <0.7.0: https://github.com/a/1, in lock"]


def test_an_npm_report_of_nothing_or_of_an_error_is_not_clean():
    assert npm_judged(0).outcome is Outcome.NOT_ASKED
    refused = judge_npm(
        '{"message": "405 Method Not Allowed", "error": {}}', "said why", lock="lock"
    )
    assert refused.outcome is Outcome.NOT_ASKED
    assert refused.lines == [
        "NOT AUDITED: npm's registry could not be asked about lock.",
        "said why",
    ]


def test_a_laptop_without_a_network_is_told_that_nothing_was_audited(tmp_path):
    nowhere = f"http://127.0.0.1:{free_port()}"
    done = subprocess.run(
        [sys.executable, "-m", "local.audit"],
        cwd=ROOT,
        # also without what an earlier answer may have left in a cache
        env={**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
        | dict.fromkeys(("HTTPS_PROXY", "https_proxy"), nowhere),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == Outcome.NOT_ASKED, done.stderr
    assert "NOT AUDITED: PyPI could not be asked." in done.stderr
    for lock in NPM_LOCKS:
        refusal = f"npm's registry could not be asked about {lock.relative_to(ROOT)}."
        assert f"NOT AUDITED: {refusal}" in done.stderr
    assert done.stdout == ""


def test_make_check_passes_when_nothing_could_be_asked_and_make_audit_does_not():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    def recipe(target):
        return makefile.partition(f"\n{target}:")[2].partition("\n\n")[0].splitlines()

    assert "\tpython -m local.audit || test $$? -eq 2" in recipe("check")
    assert recipe("audit")[1:] == ["\tpython -m local.audit"]
