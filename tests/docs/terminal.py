"""The terminal that the runbook asks for, at the stack on this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.emulator import credentials
from tests.repository.files import ROOT

#: for a command, what it is here; the rest is as everybody has it
_STAND_INS = {
    "aws": f'exec {sys.executable} -m tests.docs.aws_here "$@"',
    # an error that the API answers is an error of the command
    "curl": f'exec {shutil.which("curl")} --fail-with-body "$@"',
    # plans, and really pauses and resumes: the stack of AWS_ENDPOINT_URL, whatever runs at ROOT
    # past this stand-in, or it would ask itself
    "make": f"""PATH="{os.environ["PATH"]}" {sys.executable} -m tests.docs.make "$@" || exit
case "$1" in pause|resume) exec {sys.executable} -m operations "$1" local ;; esac""",
    # what it waits for on AWS is there at once
    "sleep": "exit 0",
}


class Terminal:
    """Bash in a checkout, with credentials for the account."""

    def __init__(self, folder: Path, *, endpoint: str) -> None:
        self._checkout = folder / "checkout"
        self._refused = folder / "refused.txt"
        stand_ins = folder / "bin"
        stand_ins.mkdir()
        for name, script in _STAND_INS.items():
            (stand_ins / name).write_text(f"#!/bin/sh\n{script}\n")
            (stand_ins / name).chmod(0o755)
        profiles = folder / "config"
        profiles.write_text("[profile yours]\n")
        self._environment = credentials() | {
            "AWS_CONFIG_FILE": str(profiles),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "EDITOR": "test -f",
            "HOME": str(folder),
            "REFUSED": str(self._refused),
            "NO_PROXY": "127.0.0.1,localhost",
            "PATH": f"{stand_ins}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "USER": "operator",
        }
        self._check_out(folder / "origin")

    def _check_out(self, origin: Path) -> None:
        """Make a checkout of something with the project's tags, and its settings in it."""
        git = ["git", "-c", "user.name=t", "-c", "user.email=t@t.example"]
        subprocess.run([*git, "init", "--quiet", origin], check=True)  # noqa: S603 - our own
        for tag in ("v1.0.0", "v1.1.0"):
            change = ["commit", "--quiet", "--allow-empty", "--message", tag]
            subprocess.run([*git, *change], cwd=origin, check=True)  # noqa: S603 - our own
            subprocess.run([*git, "tag", tag], cwd=origin, check=True)  # noqa: S603 - our own
        subprocess.run(  # noqa: S603 - our own
            [*git, "clone", "--quiet", origin, self._checkout], check=True
        )
        (self._checkout / "stages").symlink_to(ROOT / "stages")

    def run(self, script: str) -> str:
        """Run a script, whose first failure ends it; return what it printed.

        A test that fails has all of it in its own output.
        """
        self._refused.write_text("")
        done = subprocess.run(  # noqa: S603 - our own text
            ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607
            cwd=self._checkout,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        sys.stdout.write(done.stdout)
        sys.stderr.write(done.stderr)
        assert done.returncode == 0, f"{script.splitlines()[-1]}\n{done.stderr}"
        return done.stdout

    def refused(self) -> set[str]:
        """Return the operations that the last script asked AWS for in vain.

        Those that failed beside those that the emulator does not have, with what it said.
        """
        return set(self._refused.read_text().splitlines())
