"""The environment: read once, and refused with every variable that is missing or wrong."""

import pytest
from pydantic import ValidationError

from functions.settings import Settings

REQUIRED = {
    "STAGE": "dev",
    "TABLE_NAME": "jobs",
    "QUEUE_URL": "https://sqs.example/jobs",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.example/dead",
    "PRODUCER_KEY_SECRET_ARN": "arn:producer",
    "ADMIN_KEY_SECRET_ARN": "arn:admin",
    "LINK_KEY_SECRET_ARN": "arn:links",
    "WORKER_TIMEOUT_SECONDS": "30",
    "BRAND_NAME": "Yellow Books",
    "MAIL_SENDER": "notice@yellowbooks.mn",
    "SUPPORT_ADDRESS": "support@yellowbooks.mn",
    "SECURITY_PAGE_URL": "https://yellowbooks.mn/security",
    "MAIL_TRANSPORT": "ses",
}


def refusal(environment):
    with pytest.raises(SystemExit) as caught:
        Settings.from_environment(environment)
    return str(caught.value)


def test_the_required_variables_are_enough():
    settings = Settings.from_environment(REQUIRED)
    assert {name: str(getattr(settings, name.lower())) for name in REQUIRED} == REQUIRED


def test_no_other_variable_is_required():
    required = {
        name.upper() for name, field in Settings.model_fields.items() if field.is_required()
    }
    assert required == REQUIRED.keys()


def test_every_missing_variable_is_named():
    message = refusal({})
    assert [name for name in REQUIRED if f"{name}: Field required" not in message] == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("STAGE", "production"),
        ("WORKER_TIMEOUT_SECONDS", "soon"),
        ("WORKER_TIMEOUT_SECONDS", "9"),
        ("WORKER_TIMEOUT_SECONDS", "901"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "11"),
        ("RETENTION_DAYS", "0"),
        ("MAIL_TRANSPORT", "pigeon"),
        ("SMTP_TLS", "maybe"),
        ("SIMULATOR", "perhaps"),
    ],
)
def test_a_wrong_variable_is_named(name, wrong):
    assert f"{name}: " in refusal(REQUIRED | {name: wrong})


def test_all_wrong_and_missing_variables_are_named_at_once():
    message = refusal({"STAGE": "production", "RETENTION_DAYS": "0"} | {"TABLE_NAME": "jobs"})
    assert "STAGE: " in message
    assert "RETENTION_DAYS: " in message
    assert "QUEUE_URL: " in message
    assert "TABLE_NAME: " not in message


def test_a_refusal_does_not_repeat_what_a_variable_holds():
    assert "SECRET" not in refusal(REQUIRED | {"WORKER_TIMEOUT_SECONDS": "SECRET"})


def test_a_variable_is_its_fields_name_in_capitals_and_nothing_else():
    assert "TABLE_NAME: " in refusal(
        {name: value for name, value in REQUIRED.items() if name != "TABLE_NAME"}
        | {"table_name": "jobs"}
    )


def test_variables_of_others_are_left_alone():
    assert Settings.from_environment(REQUIRED | {"PATH": "/bin"}) == Settings.from_environment(
        REQUIRED
    )


@pytest.mark.parametrize(
    ("listed", "entries"),
    [
        ("", ()),
        (" , ,", ()),
        ("dev@example.com", ("dev@example.com",)),
        (" dev@example.com ,@example.org", ("dev@example.com", "@example.org")),
    ],
)
def test_the_allowlist_is_separated_by_commas(listed, entries):
    assert (
        Settings.from_environment(REQUIRED | {"MAIL_ALLOWLIST": listed}).mail_allowlist == entries
    )


@pytest.mark.parametrize(("text", "on"), [("true", True), ("false", False), ("1", True)])
def test_the_simulator_is_switched_on_by_a_word(text, on):
    assert Settings.from_environment(REQUIRED | {"SIMULATOR": text}).simulator is on


def test_settings_do_not_change():
    settings = Settings.from_environment(REQUIRED)
    with pytest.raises(ValidationError):
        settings.stage = "prod"
