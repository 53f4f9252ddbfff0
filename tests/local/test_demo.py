import os
import subprocess
import sys

from tests.e2e.process import ROOT, free_port


def demo(**variables):
    return subprocess.run(
        [sys.executable, "-m", "local.demo"],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_service_that_does_not_answer_is_explained():
    url = f"http://localhost:{free_port()}"
    done = demo(URL=url)
    assert done.returncode == 1
    assert f"Nothing answers at {url}. Start it with `make local`" in done.stderr
    assert "Traceback" not in done.stderr


def test_away_from_this_machine_both_keys_are_asked_for():
    done = demo(URL="https://api.example", KEY="k")
    assert done.returncode == 2
    assert "ADMIN_KEY=" in done.stderr


def test_an_answer_that_is_not_promised_fails_its_case_and_the_whole(port, emulator):
    emulator.answer = {"status": 200, "text": "<p>not the service</p>"}
    done = demo(URL=f"http://localhost:{port}")
    assert done.returncode == 1
    assert "FAILED: expected JSON" in done.stdout
    assert "0 of 5 cases" in done.stdout
