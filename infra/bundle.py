"""The asset that all functions run from: built here, without Docker."""

import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, ILocalBundling
from aws_cdk import aws_lambda as lambda_

from infra.config import ROOT

#: whose clients the functions make
_AWS_SERVICES = ("dynamodb", "events", "lambda", "secretsmanager", "sesv2", "sqs")
#: what no function opens, by what it would be for
_UNUSED = (
    "aws_lambda_powertools/event_handler/openapi/swagger_ui",  # a page that shows an OpenAPI
    "boto3/data",  # `boto3.resource`
    "boto3/examples",  # boto3's own documentation
    "botocore/data/*/*/examples-1.json",  # botocore's
    "dateutil/zoneinfo/*.tar.gz",  # zones for dateutil; ours are tzdata's
    "dns",  # email-validator's question whether a domain takes mail, which nobody asks
    "**/*.pyi",  # type checkers
    # scripts name this machine's Python, and records name their hash: no two machines' are alike
    "bin",
    "*.dist-info/RECORD",
    "*.dist-info/sboms",  # scanners of wheels
)


@dataclass(frozen=True, kw_only=True)
class Target:
    """The machine that functions are built for."""

    runtime: lambda_.Runtime
    architecture: lambda_.Architecture
    pip_options: tuple[str, ...]


LAMBDA = Target(
    runtime=lambda_.Runtime.PYTHON_3_13,
    architecture=lambda_.Architecture.ARM_64,
    pip_options=("--python-platform=aarch64-manylinux2014", "--python-version=3.13"),
)
#: MiniStack runs functions in its own Python, which is this one
THIS_MACHINE = Target(
    runtime=lambda_.Runtime(
        f"python{sys.version_info.major}.{sys.version_info.minor}", lambda_.RuntimeFamily.PYTHON
    ),
    architecture=lambda_.Architecture.X86_64
    if platform.machine() == "x86_64"
    else lambda_.Architecture.ARM_64,
    pip_options=(),
)


@jsii.implements(ILocalBundling)
class Bundle:
    """Fills the asset: the locked dependencies, the functions and the templates."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        """Fill the directory; a failing installer raises, Docker is never the fallback."""
        output = Path(output_dir)
        install = [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet"),
            *("--python", sys.executable, "--target", output_dir),
            *("--require-hashes", "--only-binary=:all:", *self._target.pip_options),
            *("-r", str(ROOT / "requirements" / "functions.txt")),
        ]
        # the lock has hashes: what uv's cache holds is what the index would give
        cached = subprocess.run(  # noqa: S603 - our own arguments
            [*install, "--offline"], check=False, capture_output=True
        )
        if cached.returncode:
            subprocess.run(install, check=True)  # noqa: S603 - our own arguments
        _prune(output)
        for folder in ("functions", "templates"):
            shutil.copytree(
                ROOT / folder, output / folder, ignore=shutil.ignore_patterns("__pycache__")
            )
        return True


def _prune(output: Path) -> None:
    """Drop two thirds of the weight: languages, AWS services and data that no function uses."""
    languages = {
        texts.stem.partition("-")[0] for texts in (ROOT / "templates" / "locales").glob("*.toml")
    }
    for data in (output / "babel" / "locale-data").iterdir():
        if data.stem.partition("_")[0] not in {"root", *languages}:
            data.unlink()
    for service in (output / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in _AWS_SERVICES:
            shutil.rmtree(service)
    for pattern in _UNUSED:
        unused = list(output.glob(pattern))
        if not unused:
            raise FileNotFoundError(f"Nothing to leave out any more: {pattern}")
        for path in unused:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def build_code(target: Target) -> lambda_.Code:
    """Bundle the functions, the templates and the locked dependencies into one asset."""
    return lambda_.Code.from_asset(
        str(ROOT / "functions"),
        # by content: a changed dependency or template is a changed asset
        asset_hash_type=AssetHashType.OUTPUT,
        bundling=BundlingOptions(
            image=lambda_.Runtime.PYTHON_3_13.bundling_image,  # demanded, never run
            local=Bundle(target),
        ),
    )
