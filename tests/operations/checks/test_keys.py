"""What is said of the keys, and that no value is."""

import pytest

from operations.checks.keys import look_at_keys
from operations.findings import Verdict
from tests.operations.checks.conftest import KEYS


def of(name, findings):
    [found] = [found for found in findings if found.sentence.startswith(name)]
    return found


@pytest.fixture
def secrets(session):
    return session.client("secretsmanager")


def test_keys_that_are_there_are_well_and_none_is_shown(stage):
    findings = list(look_at_keys(stage))
    assert [(f.verdict, f.sentence) for f in findings] == [
        (Verdict.WELL, f"{name} is readable.") for name in KEYS
    ]


def test_a_key_that_does_not_exist_is_wrong_and_hides_no_other(stage, secrets):
    secrets.delete_secret(SecretId="LinkKey", ForceDeleteWithoutRecovery=True)
    findings = list(look_at_keys(stage))
    assert of("LinkKey", findings).verdict is Verdict.WRONG
    assert of("AdminKey", findings).verdict is Verdict.WELL


def test_a_key_that_is_about_to_be_deleted_comes_with_the_command_that_restores_it(stage, secrets):
    arn = secrets.delete_secret(SecretId="AdminKey")["ARN"]
    found = of("AdminKey", look_at_keys(stage))
    assert found.verdict is Verdict.WRONG
    assert found.sentence.endswith(f"restore-secret --region eu-west-1 --secret-id {arn}")


def test_a_key_that_is_no_text_is_wrong(stage_of, secrets):
    stage = stage_of()
    secrets.delete_secret(SecretId="ProducerKey", ForceDeleteWithoutRecovery=True)
    arn = secrets.create_secret(Name="ProducerKey", SecretBinary=b"\xff")["ARN"]
    stage.outputs["ProducerKeyCommand"] = f"aws --secret-id {arn}"
    assert of("ProducerKey", look_at_keys(stage)).verdict is Verdict.WRONG


def test_two_doors_with_one_key_are_wrong(stage, secrets):
    secrets.put_secret_value(SecretId="AdminKey", SecretString="the value of ProducerKey")
    assert of("two of them are the same", look_at_keys(stage)).verdict is Verdict.WRONG


def test_keys_that_the_credentials_may_not_read_are_not_called_wrong(stage, session):
    session.refuses("secrets-manager.GetSecretValue", "AccessDeniedException")
    findings = list(look_at_keys(stage))
    assert {f.verdict for f in findings} == {Verdict.UNKNOWN}
    for name in KEYS:
        assert [f for f in findings if f"may not read {name}" in f.sentence]


def test_the_key_of_the_report_target_is_looked_at_too(stage_of, secrets):
    arn = secrets.create_secret(Name="target", SecretString="k")["ARN"]
    stage = stage_of(
        report_target_url="https://example.com/h", report_target_key_secret_arn=f"{arn}gone"
    )
    assert of("report_target_key_secret_arn", look_at_keys(stage)).verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ('{"username": "u", "password": "p"}', Verdict.WELL),
        ('{"user": "u", "password": "p"}', Verdict.WRONG),
        ("[]", Verdict.WRONG),
        ("u:p", Verdict.WRONG),
    ],
)
def test_the_login_of_smtp_has_the_form_that_the_worker_reads(value, verdict, stage_of, secrets):
    arn = secrets.create_secret(Name="smtp", SecretString=value)["ARN"]
    stage = stage_of(
        mail_transport="smtp", smtp_host="smtp.example.com", smtp_credentials_secret_arn=arn
    )
    assert of("smtp_credentials_secret_arn", look_at_keys(stage)).verdict is verdict
