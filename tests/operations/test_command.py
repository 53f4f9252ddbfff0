"""The command line itself."""

import subprocess
import sys

from infra.config import ROOT


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
    assert done.returncode == 2
    assert all(stage in done.stderr for stage in ("moon", "local", "dev", "prod"))


def test_help_names_the_commands(tmp_path):
    done = operations("--help", folder=tmp_path)
    assert done.returncode == 0
    assert "pause" in done.stdout
    assert "resume" in done.stdout


def test_what_goes_wrong_is_one_sentence_and_no_traceback(tmp_path):
    done = operations("pause", "local", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("`make local` does not run in this folder.")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
