"""The real stack, brought into the emulator by the real `cdk deploy`."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from infra.config import ROOT
from local.emulator import ACCOUNT, REGION, Emulator, credentials
from local.process import run

STACK = "SigninNotifier-local"


async def deploy(
    emulator: Emulator, *, public_url: str, scratch: Path, log: Path, say: Callable[[str], None]
) -> str:
    """Bootstrap and deploy; return the id of the HTTP API, whose mails lead to `public_url`.

    Raises:
        StartError: a step failed; alone or in a group.
    """
    assembly, outputs = scratch / "cdk.out", scratch / "outputs.json"
    environment = _environment(emulator, scratch)

    async def cdk(*arguments: str | Path, folder: Path = ROOT) -> None:
        command = [ROOT / "node_modules" / ".bin" / "cdk", *arguments]
        await run(command, environment=environment, log=log, folder=folder)

    async def bootstrap() -> None:
        await emulator.ready()
        # From a folder without cdk.json, or it would synthesize the stack as well.
        await cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}", folder=scratch)

    say("Starting the AWS emulator; bundling the functions (cdk synth)")
    # Synthesis needs no AWS, so both are done at once.
    async with asyncio.TaskGroup() as steps:
        steps.create_task(bootstrap())
        steps.create_task(
            cdk(
                *("synth", "--quiet", "--output", assembly),
                *("-c", "stage=local", "-c", f"public_url={public_url}"),
            )
        )
    say(f"Deploying {STACK} (cdk deploy)")
    await cdk(
        *("deploy", STACK, "--app", assembly, "--method", "direct"),
        *("--require-approval", "never", "--outputs-file", outputs),
    )
    api_id: str = json.loads(outputs.read_text())[STACK]["ApiId"]
    return api_id


def _environment(emulator: Emulator, scratch: Path) -> dict[str, str]:
    # Nothing of the user's own AWS settings may lead a deployment out of the emulator.
    own = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "CDK_"))}
    # Both spellings are in use, and a client that knows both prefers one of them.
    direct = ",".join(
        ["127.0.0.1", *(own[name] for name in ("NO_PROXY", "no_proxy") if name in own)]
    )
    return {
        **own,
        # Node comes from the same virtual environment as this Python.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        **credentials(),
        "AWS_ENDPOINT_URL": emulator.endpoint,
        # A proxy of the user's network does not lead to this machine.
        "NO_PROXY": direct,
        "no_proxy": direct,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "TMPDIR": str(scratch),
    }
