"""A new version of the functions, brought to the running stack by `cdk deploy`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.deployment import STACK
from local.emulator import credentials
from tests.e2e.process import ROOT
from tests.e2e.stack import Stack

_COPIED = ("functions", "infra", "requirements", "stages", "templates")
_LINKED = (".venv", "node_modules", "package.json")


class NextVersion:
    """A checkout of its own with one changed line, synthesized and ready to be deployed."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self._folder = folder
        # Nothing of the user's own AWS settings may lead a deployment out of the emulator.
        own = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "CDK_"))}
        self._environment = {
            **own,
            **credentials(),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "TMPDIR": str(folder),
            "AWS_ENDPOINT_URL": stack.emulator,
            "NO_PROXY": f"127.0.0.1,{own.get('NO_PROXY', '')}",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
        }
        for name in _COPIED:
            shutil.copytree(ROOT / name, folder / name)
        for name in _LINKED:
            (folder / name).symlink_to(ROOT / name)
        shutil.copy(ROOT / "cdk.json", folder)
        with (folder / "functions" / "__init__.py").open("a") as source:
            source.write("# the next version\n")
        self._cdk("synth", "--quiet", "-c", "stage=local", "-c", f"public_url={stack.url}")

    def deploy(self) -> None:
        """Deploy it, and return once it runs."""
        self._cdk(
            *("deploy", STACK, "--app", "cdk.out", "--method", "direct"),
            *("--require-approval", "never"),
        )

    def _cdk(self, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603 - our own arguments
            [ROOT / "node_modules" / ".bin" / "cdk", *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
