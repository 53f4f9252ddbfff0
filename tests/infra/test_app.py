"""What synth lets through: the fixtures' stages are clean, or they would not be there."""

import subprocess
import sys

import pytest
from aws_cdk import aws_sqs as sqs

from infra.app import build
from infra.config import ROOT
from tests.infra.templates import a_config, an_app


def test_a_finding_of_cdk_nag_fails_synth(tmp_path):
    app = an_app(tmp_path)
    build(app, config=a_config("local"))
    sqs.Queue(app.node.find_child("SigninNotifier-local"), "WithoutTls")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert "AwsSolutions-SQS4" in (tmp_path / "validation-report.json").read_text()


def test_what_cloudformation_would_refuse_fails_synth(tmp_path):
    app = an_app(tmp_path)
    build(app, config=a_config("local"))
    queue = app.node.find_child("SigninNotifier-local").queue
    queue.node.default_child.visibility_timeout = 43_201
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert "greater than the maximum" in (tmp_path / "validation-report.json").read_text()


def test_no_export_keeps_a_setting_from_taking_away_what_is_monitored(tmp_path):
    # CloudFormation removes no export that another stack imports: the queue of SES's events could
    # not go with `mail_transport = "smtp"`, nor that of the report target with its address.
    app = an_app(tmp_path)
    build(app, config=a_config("prod"))
    for stack in app.synth().stacks:
        assert stack.template["Outputs"]
        assert not [name for name, of in stack.template["Outputs"].items() if "Export" in of]


def test_every_stage_on_aws_has_its_monitoring(stage_on_aws):
    assert stage_on_aws.monitoring is not None


def test_the_emulator_gets_no_monitoring(local):
    assert local.monitoring is None


def test_whoever_starts_the_app_by_hand_is_told_what_starts_it():
    done = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == ("The CDK command line starts this, for a stage: make synth STAGE=dev\n")
