"""What a door costs before its first request, and that it says nothing it should not."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.functions.doors import POST_PATH
from tests.functions.events import http_event

ROOT = Path(__file__).parents[2]

#: what only a mail needs; the worker alone may load it
ONLY_FOR_MAIL = {
    "babel",
    "jinja2",
    "smtplib",
    "ua_parser",
    "functions.adapters.log",
    "functions.adapters.redirect",
    "functions.adapters.ses",
    "functions.adapters.simulator",
    "functions.adapters.smtp",
    "functions.adapters.templates",
    "functions.adapters.user_agent",
}


def run(program, environment, *arguments):
    """Run a program in a fresh interpreter, every warning an error."""
    return subprocess.run(  # noqa: S603 - our own interpreter and our own program
        [sys.executable, "-W", "error", "-c", program, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )


def modules_behind(door, environment):
    program = "import importlib, json, sys; importlib.import_module(sys.argv[1])"
    done = run(f"{program}; print(json.dumps(list(sys.modules)))", environment, f"functions.{door}")
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("door", ["api", "admin", "sweeper", "feedback", "report"])
def test_a_door_that_sends_no_mail_loads_nothing_that_only_a_mail_needs(door, environment):
    assert all(map(find_spec, ONLY_FOR_MAIL))
    assert modules_behind(door, environment).isdisjoint(ONLY_FOR_MAIL)


def test_a_request_without_any_metric_says_nothing_on_stderr(environment):
    program = (
        "import json, sys; from tests.functions.events import Context; import functions.api as api;"
        "print(api.handler(json.loads(sys.argv[1]), Context())['statusCode'])"
    )

    done = run(program, environment, json.dumps(http_event("POST", POST_PATH, body="{}")))

    log_line, status = done.stdout.splitlines()
    assert json.loads(log_line)["problem"] == "unauthenticated"
    assert status == "401"
    assert done.stderr == ""
