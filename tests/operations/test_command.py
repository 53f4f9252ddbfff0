"""The command line itself."""

import os
import signal
import subprocess
import sys

import pytest

from infra.config import ROOT
from tests.docs.make import planned
from tests.operations.test_stage import FOUND


def operations(*arguments, folder):
    return subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "operations", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_stage_that_does_not_exist_is_refused_with_those_that_do(tmp_path):
    done = operations("pause", "moon", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr == 'There is no stage "moon". Name one of local, dev, prod.\n'


def test_help_names_the_commands(tmp_path):
    done = operations("--help", folder=tmp_path)
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("doctor", "pause", "resume"))


def test_what_goes_wrong_is_one_sentence_and_no_traceback(tmp_path):
    done = operations("pause", "local", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("`make local` does not run in this folder.")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_reader_who_has_seen_enough_ends_it_quietly(service, tmp_path):
    service.answers(200, FOUND)
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as nobody:
        done = subprocess.run(
            [sys.executable, "-m", "operations", "doctor", "local"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "AWS_ENDPOINT_URL": service.url},
            stdout=nobody,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stderr == ""
    assert done.returncode == 128 + signal.SIGPIPE


TARGETS = ("bootstrap", "synth", "diff", "deploy", "destroy", "doctor", "pause", "resume")


def make(*arguments):
    return subprocess.run(  # noqa: S603 - our own arguments
        ["make", "--no-print-directory", *arguments],  # noqa: S607 - whichever the user has
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_without_a_stage_asks_for_one_and_does_nothing(target):
    done = make(target)
    assert done.returncode == 2
    assert done.stderr.startswith(f"Name the stage: make {target} STAGE=dev")
    assert done.stdout == ""


@pytest.mark.parametrize("target", ["bootstrap", "synth", "diff", "deploy", "destroy"])
def test_a_stage_that_does_not_exist_is_told_before_cdk_is_started(target):
    done = make(target, "STAGE=moon")
    assert done.returncode == 2
    assert done.stderr.startswith('There is no stage "moon". Name one of local, dev, prod.\n')
    assert done.stdout == ""


def test_templates_are_written_without_a_login():
    assert "cdk synth --quiet -c stage=prod" in planned("synth", "STAGE=prod")
    assert "login" not in planned("synth", "STAGE=prod")
    assert "login" in planned("deploy", "STAGE=prod")


def test_prod_is_not_destroyed_by_one_command():
    done = make("destroy", "STAGE=prod")
    assert done.returncode == 2
    assert done.stderr.startswith("prod is protected, and its table is kept: nothing was done.")
    assert "docs/OPERATIONS.md, The end of a stage" in done.stderr
