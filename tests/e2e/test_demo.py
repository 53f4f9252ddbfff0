import os
import subprocess
import sys

from tests.e2e.process import ROOT


def test_all_cases_of_the_demo_go_as_they_should(stack):
    done = subprocess.run(
        [sys.executable, "-m", "local.demo"],
        cwd=ROOT,
        env={**os.environ, "URL": stack.url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 of 5 cases" in done.stdout
