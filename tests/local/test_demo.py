import os
import subprocess
import sys

import pytest

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


@pytest.mark.parametrize("url", ["localhost:3333", "http://["])
def test_what_is_no_address_is_refused_with_one_that_is(url):
    done = demo(URL=url)
    assert done.returncode == 2
    assert "such as http://localhost:3333" in done.stderr
    assert "Traceback" not in done.stderr


def test_of_a_pasted_route_the_address_is_taken(port, emulator):
    emulator.answer = {"status": 200, "text": "{}"}
    assert "0 of 5 cases" in demo(URL=f"http://localhost:{port}/api/jobs/x").stdout
    assert {seen.raw_path.split("$default")[1] for seen in emulator.requests} == {
        "/api/jobs/signin-notification"
    }


def test_an_answer_that_is_not_promised_fails_its_case_and_the_whole(port, emulator):
    emulator.answer = {"status": 200, "text": "<p>not the service</p>"}
    done = demo(URL=f"http://localhost:{port}")
    assert done.returncode == 1
    assert "FAILED: expected JSON" in done.stdout
    assert "0 of 5 cases" in done.stdout
