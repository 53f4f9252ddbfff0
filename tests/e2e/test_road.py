"""The operators' road, in an emulator of its own: bootstrap, deploy, look, destroy, gone."""

import asyncio
import os
import subprocess

import boto3
import pytest

from local.emulator import credentials, emulator
from tests.e2e.process import ROOT

#: what a stack is made of, as the emulator lists it
LISTS = {
    ("dynamodb", "list_tables"): "TableNames",
    ("sqs", "list_queues"): "QueueUrls",
    ("lambda", "list_functions"): "Functions",
    ("lambda", "list_event_source_mappings"): "EventSourceMappings",
    ("logs", "describe_log_groups"): "logGroups",
    ("secretsmanager", "list_secrets"): "SecretList",
    ("sns", "list_topics"): "Topics",
    ("sesv2", "list_email_identities"): "EmailIdentities",
    ("sesv2", "list_configuration_sets"): "ConfigurationSets",
    ("events", "list_rules"): "Rules",
    ("apigatewayv2", "get_apis"): "Items",
    ("iam", "list_roles"): "Roles",
}


class Road:
    """A terminal in which an emulator is named, and nobody sits who could answer."""

    def __init__(self, endpoint):
        self._endpoint = endpoint

    def make(self, target):
        own = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "CDK_"))}
        return subprocess.run(  # noqa: S603 - our own arguments
            ["make", "--no-print-directory", target, "STAGE=local"],  # noqa: S607 - the user's
            cwd=ROOT,
            env=own
            | credentials()
            | {
                "AWS_ENDPOINT_URL": self._endpoint,
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "CDK_DISABLE_CLI_TELEMETRY": "true",
                "CDK_REQUIRE_APPROVAL": "never",
                "CDK_FORCE": "true",
                "NO_PROXY": "127.0.0.1",
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def holds(self):
        """How many of everything there is."""
        held = {}
        for (service, operation), key in LISTS.items():
            root = credentials()
            client = boto3.client(
                service,
                endpoint_url=self._endpoint,
                region_name=root["AWS_REGION"],
                aws_access_key_id=root["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=root["AWS_SECRET_ACCESS_KEY"],
            )
            held[service, operation] = len(getattr(client, operation)().get(key, []))
            client.close()
        return held


@pytest.fixture
def on_the_road(tmp_path):
    """Return a way to do something while an emulator runs."""

    async def run(walk):
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        log = tmp_path / "emulator.log"
        async with emulator(front_door="http://127.0.0.1:9", scratch=scratch, log=log) as running:
            await running.ready()
            await asyncio.to_thread(walk, Road(running.endpoint))

    return lambda walk: asyncio.run(run(walk))


def test_the_same_commands_deploy_and_undo_and_leave_nothing_behind(on_the_road):
    def walk(road):
        looked = road.make("doctor")
        assert looked.returncode == 2
        assert looked.stderr.startswith("There is no stack SigninNotifier-local in us-east-1")
        prepared = road.make("bootstrap")
        assert prepared.returncode == 0, prepared.stderr
        before = road.holds()

        deployed = road.make("deploy")
        assert deployed.returncode == 0, deployed.stderr
        for name in ("ApiUrl", "ProducerKeyCommand", "AdminKeyCommand"):
            assert f"SigninNotifier-local.{name} = " in deployed.stdout + deployed.stderr
        assert all(road.holds()[kind] > before[kind] for kind in LISTS)

        looked = road.make("doctor")
        assert looked.returncode == 0, looked.stdout
        assert looked.stdout.splitlines()[-1] == "9 well, 0 wrong, 2 unknown"

        undone = road.make("destroy")
        assert undone.returncode == 0, undone.stderr
        assert road.holds() == before

    on_the_road(walk)
