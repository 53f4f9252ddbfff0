"""One deployed stage, as an operator reaches it: on AWS, or in the emulator of `make local`."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
)

from infra.config import StageConfig
from local import endpoint
from local.emulator import credentials

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sesv2 import SESV2Client
    from types_boto3_sqs import SQSClient

_NOT_RUNNING = "`make local` does not run in this folder. Start it in another terminal first."
_NO_EMULATOR = (
    "Stage local is for an emulator, and `make local` starts one and deploys into it. For another"
    " one, name it in front of the command:"
    " AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test"
)


class OperationError(Exception):
    """What went wrong, in a sentence for whoever typed the command."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage that is deployed; `outputs` are those of its stack."""

    config: StageConfig
    region: str
    outputs: Mapping[str, str]
    session: boto3.Session
    client_options: Mapping[str, Any]

    @property
    def emulated(self) -> bool:
        """Whether it is deployed into an emulator, which knows less than AWS."""
        return self.config.stage == "local"

    def lambda_client(self) -> "LambdaClient":
        """Return a client of the stage's Lambda."""
        return self.session.client("lambda", **self.client_options)

    def sqs_client(self) -> "SQSClient":
        """Return a client of the stage's SQS."""
        return self.session.client("sqs", **self.client_options)

    def ses_client(self) -> "SESV2Client":
        """Return a client of the stage's SES."""
        return self.session.client("sesv2", **self.client_options)

    def secrets_client(self) -> "SecretsManagerClient":
        """Return a client of the stage's Secrets Manager."""
        return self.session.client("secretsmanager", **self.client_options)

    def sns_client(self) -> Any:
        """Return a client of the stage's SNS."""
        return self.session.client("sns", **self.client_options)

    def output(self, name: str) -> str:
        """Return an output of the stack.

        Raises:
            OperationError: the stack was deployed before there was such an output.
        """
        try:
            return self.outputs[name]
        except KeyError:
            raise OperationError(
                f"The stack has no output {name} yet. Deploy it first: {_deploy(self.config.stage)}"
            ) from None


def reach(config: StageConfig) -> Stage:
    """Find a stage's stack.

    Raises:
        OperationError: it is not to be had; says why.
    """
    name = config.stage
    with explained(name):
        if name == "local":
            session, options = _emulator()
        else:
            session, options = boto3.Session(region_name=_region(config)), {}
        region = session.region_name
        if region is None:
            raise OperationError(
                f"No AWS region is set. Write it into stages/{name}.toml, or name it in front of"
                " the command: AWS_REGION=eu-west-1"
            )
        if name != "local" and config.account is not None:
            _check_account(session.client("sts", **options), config.account, name)
        stack = f"SigninNotifier-{name}"
        outputs = _outputs(session.client("cloudformation", **options), stack)
        if outputs is None:
            raise OperationError(
                f"There is no stack {stack} in {region} in this account. If it is deployed"
                " elsewhere, name its region in front of the command: AWS_REGION=... (the account:"
                f" aws sts get-caller-identity). If it is not: {_deploy(name)}"
            )
    return Stage(
        config=config, region=region, outputs=outputs, session=session, client_options=options
    )


def monitoring_outputs(stage: Stage) -> Mapping[str, str] | None:
    """Return what the stage's alarms are deployed with; None if they are not."""
    name = stage.config.stage
    with explained(name):
        client = stage.session.client("cloudformation", **stage.client_options)
        return _outputs(client, f"SigninNotifierMonitoring-{name}")


@contextmanager
def explained(stage: str) -> Iterator[None]:
    """Say in one sentence what AWS, or the way to it, did not like."""
    try:
        yield
    except NoCredentialsError:
        raise OperationError(
            _NO_EMULATOR
            if stage == "local"
            else "No AWS credentials were found. Log in (aws sso login, aws configure), or name a"
            " profile in front of the command: AWS_PROFILE=..."
        ) from None
    except EndpointConnectionError as error:
        raise OperationError(
            f"Nothing answers at {error.kwargs['endpoint_url']}. Correct AWS_ENDPOINT_URL, or start"
            " `make local` in this folder."
            if stage == "local"
            else f"AWS was not reached: {error}"
        ) from None
    except BotoCoreError as error:
        raise OperationError(f"AWS was not asked: {error}") from None
    except ClientError as error:
        raise OperationError(f"AWS refused: {error}") from None
    except ValueError as error:  # botocore's own, of what it can't read
        raise OperationError(
            f"A setting of yours for AWS makes no sense: {error}. Correct it where it is, among"
            " the variables (AWS_ENDPOINT_URL, AWS_MAX_ATTEMPTS, ...) or in ~/.aws/config."
        ) from None


def _emulator() -> tuple[boto3.Session, dict[str, Any]]:
    # without `make local`, an emulator that somebody has deployed the stage into by hand
    url = endpoint.told() or os.environ.get("AWS_ENDPOINT_URL")
    if not url:
        raise OperationError(_NOT_RUNNING)
    root = credentials()
    session = boto3.Session(
        aws_access_key_id=root["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=root["AWS_SECRET_ACCESS_KEY"],
        region_name=root["AWS_REGION"],
    )
    # A proxy of the user's network does not lead to this machine.
    return session, {"endpoint_url": url, "config": Config(proxies={})}


def _region(config: StageConfig) -> str | None:
    # The command lines of AWS and of CDK read AWS_REGION, and boto3 does not:
    # https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
    return config.region or os.environ.get("AWS_REGION")


def _check_account(client: Any, account: str, stage: str) -> None:
    # Another account may have a stack of the same name, and it would be the one that is paused.
    actual = client.get_caller_identity()["Account"]
    if actual != account:
        raise OperationError(
            f"The AWS credentials are those of account {actual}, and stages/{stage}.toml says that"
            f" stage {stage} is in account {account}. Log in there, or name its profile in front of"
            " the command: AWS_PROFILE=..."
        )


def _outputs(client: "CloudFormationClient", stack: str) -> dict[str, str] | None:
    try:
        [described] = client.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        # CloudFormation has no code of its own for this.
        if "does not exist" in str(error):
            return None
        raise
    return {o["OutputKey"]: o["OutputValue"] for o in described.get("Outputs", [])}


def _deploy(stage: str) -> str:
    return "make local" if stage == "local" else f"make deploy STAGE={stage}"
