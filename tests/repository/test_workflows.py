"""What runs on a public service may do little there, and is exactly what was looked at."""

import re

import pytest
import yaml

from tests.repository.files import ROOT, tracked

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def jobs(path):
    return yaml.safe_load(path.read_text())["jobs"]


def test_there_are_workflows():
    assert WORKFLOWS


@each_workflow
def test_every_action_is_pinned_by_its_commit_and_says_its_version(path):
    used = [step["uses"] for job in jobs(path).values() for step in job["steps"] if "uses" in step]
    lines = re.findall(r"uses: +(.*)", path.read_text())
    assert [line.split()[0] for line in lines] == used
    for line in lines:
        assert re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


@each_workflow
def test_nothing_is_permitted_but_to_read_what_is_public(path):
    assert yaml.safe_load(path.read_text())["permissions"] == {}
    for job in jobs(path).values():
        assert job["permissions"] == {"contents": "read"}


@each_workflow
def test_no_job_keeps_a_credential_or_reads_a_secret(path):
    for job in jobs(path).values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
    assert "secrets." not in path.read_text()
    assert "pull_request_target" not in path.read_text()


@each_workflow
def test_text_of_strangers_reaches_no_shell(path):
    for job in jobs(path).values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")


@each_workflow
def test_every_job_ends_and_an_outdated_one_is_given_up(path):
    assert yaml.safe_load(path.read_text())["concurrency"]["cancel-in-progress"] is True
    for job in jobs(path).values():
        assert 0 < job["timeout-minutes"] <= 60


def test_the_newcomers_two_commands_are_what_is_run():
    [job] = [job for path in WORKFLOWS for name, job in jobs(path).items() if name == "test"]
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert {"make test", "make check"} <= set(commands)


def test_every_folder_with_dependencies_is_kept_up_to_date():
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    watched = {
        (update["package-ecosystem"], folder)
        for update in updates
        for folder in update.get("directories", [update.get("directory")])
    }
    npm = {path.parent for path in tracked("package.json")}
    pip = {path.parent for path in tracked("*.in")}
    expected = {("npm", folder) for folder in npm} | {("pip", folder) for folder in pip}
    expected = {
        (kind, f"/{folder.relative_to(ROOT)}".replace("/.", "/")) for kind, folder in expected
    }
    assert watched == expected | {("github-actions", "/")}
