"""What the stack tells the functions, against what they read."""

from typing import get_args

import pytest

from functions.bootstrap.shared import PROMPT
from functions.bootstrap.smtp import SMTP_LIMITS
from functions.settings import Settings
from infra.config import StageConfig
from infra.stack import WORKER_TIMEOUT
from tests.infra.templates import a_config, synthesize

LOGGING = {
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_LOG_LEVEL",
}
#: it names the worker function, whose own environment therefore can't have it
ADMIN_S_OWN = {"WORKER_EVENT_SOURCE_MAPPING_ID": "Worker/Function/Messages"}
#: the API names other functions, whose own environments therefore can't have it
WORKER_S_OWN = "PUBLIC_URL"


def environment(stacks, function="Admin"):
    return stacks.notifier.at(f"{function}/Function")["Environment"]["Variables"]


@pytest.fixture(scope="module")
def smtp(tmp_path_factory):
    """A stage with all that can be set."""
    config = a_config(
        "dev",
        mail_transport="smtp",
        smtp_host="smtp.example.com",
        smtp_credentials_secret_arn="arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-AbCdEf",
        mail_allowlist=("@example.com", "a@example.org"),
        simulator=True,
        brand_name="Шар ном",
        brand_color="#0a5C36",
        default_locale="en",
        trusted_proxies=2,
        retention_days=7,
    )
    return synthesize(config, tmp_path_factory.mktemp("smtp"))


def test_all_functions_have_the_same_environment_but_for_what_only_one_can_have(any_stage):
    shared = environment(any_stage, "Api")
    for name in ("Sweeper", "Feedback", "Report"):
        assert environment(any_stage, name) == shared
    assert environment(any_stage, "Admin") == shared | ADMIN_S_OWN
    worker = environment(any_stage, "Worker")
    assert worker == shared | {WORKER_S_OWN: worker[WORKER_S_OWN]}
    assert len(any_stage.notifier.every("AWS::Lambda::Function")) == 6


def test_links_in_mails_lead_to_the_stage_s_own_origin_or_else_to_the_api_s(dev, prod):
    assert environment(dev, "Worker")["PUBLIC_URL"] == "Http/HttpApi.ApiEndpoint"
    assert environment(prod, "Worker")["PUBLIC_URL"] == "https://notices.example.com"


def test_the_functions_can_read_their_settings_in_every_stage(any_stage):
    settings = Settings.from_environment(environment(any_stage))
    assert settings.worker_timeout_seconds == WORKER_TIMEOUT.to_seconds()


def test_an_attempt_by_smtp_fits_into_the_workers_time():
    call_s = (PROMPT.connect_timeout + PROMPT.read_timeout) * PROMPT.retries["total_max_attempts"]
    claim_and_move_s = 2 * call_s
    send_s = SMTP_LIMITS.session_s + SMTP_LIMITS.exchange_s
    assert claim_and_move_s + send_s < WORKER_TIMEOUT.to_seconds()


def test_no_variable_is_unknown_to_the_functions(any_stage, smtp):
    known = {name.upper() for name in Settings.model_fields} | LOGGING
    for stacks in (any_stage, smtp):
        assert {*environment(stacks), *environment(stacks, "Worker")} <= known


def test_every_setting_of_the_functions_can_be_set(any_stage, smtp):
    given = {*environment(any_stage), *environment(any_stage, "Worker"), *environment(smtp)}
    assert {name.upper() for name in Settings.model_fields} <= given


def test_a_stage_may_choose_any_transport_that_there_is():
    chosen, known = (
        get_args(model.model_fields["mail_transport"].annotation)
        for model in (StageConfig, Settings)
    )
    assert set(chosen) == set(known)


def test_what_the_stage_says_arrives(smtp):
    settings = Settings.from_environment(environment(smtp))
    assert settings.model_dump() == {
        "stage": "dev",
        "table_name": "Jobs/Table",
        "queue_url": "Delivery/Queue",
        "dead_letter_queue_url": "Delivery/DeadLetters",
        "producer_key_secret_arn": "ProducerKey/Secret.Id",
        "admin_key_secret_arn": "AdminKey/Secret.Id",
        "link_key_secret_arn": "Reporting/LinkKey/Secret.Id",
        "trusted_proxies": 2,
        "retention_days": 7,
        "worker_timeout_seconds": 30,
        "send_interval_ms": 2_000,
        "brand_name": "Шар ном",
        "brand_color": "#0a5C36",
        "mail_sender": "no-reply@example.com",
        "support_address": "support@example.com",
        "security_page_url": "https://example.com/security",
        "default_locale": "en",
        "default_time_zone": "Asia/Ulaanbaatar",
        "mail_transport": "smtp",
        "configuration_set": "",
        "smtp_host": "smtp.example.com",
        "smtp_port": 587,
        "smtp_tls": "starttls",
        "smtp_credentials_secret_arn": (
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-AbCdEf"
        ),
        "simulator": True,
        "mail_allowlist": ("@example.com", "a@example.org"),
        "mail_sink": "sink@example.com",
        "public_url": "",
        "worker_event_source_mapping_id": "Worker/Function/Messages",
    }


@pytest.mark.parametrize("stage", ["local", "dev", "prod"])
def test_logs_and_metrics_carry_the_stage_so_that_two_in_one_account_do_not_mix(stage, request):
    variables = environment(request.getfixturevalue(stage))
    assert {name: variables[name] for name in LOGGING} == {
        "POWERTOOLS_SERVICE_NAME": f"signin-notifier-{stage}",
        "POWERTOOLS_METRICS_NAMESPACE": "SigninNotifier",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }


def test_ses_gets_its_configuration_set(prod):
    assert environment(prod)["CONFIGURATION_SET"] == "Sender/ConfigurationSet"


def test_a_stage_that_mails_by_smtp_has_nothing_at_ses(smtp):
    assert not smtp.notifier.every("AWS::SES::EmailIdentity")
    assert not smtp.notifier.every("AWS::SES::ConfigurationSet")


def test_a_stage_that_mails_by_smtp_waits_for_no_events_of_ses(smtp):
    assert not smtp.notifier.every("AWS::SES::ConfigurationSetEventDestination")
    assert not smtp.notifier.every("AWS::SNS::Topic")
    assert "Feedback/Function" not in smtp.notifier.every("AWS::Lambda::Function")
    assert not [name for name in smtp.notifier.outputs if name.startswith("Feedback")]
    assert not [
        alarm
        for alarm in smtp.monitoring.every("AWS::CloudWatch::Alarm")
        if alarm.startswith("feedback")
    ]


def test_only_the_worker_reads_the_login_of_smtp(smtp):
    readers = [
        path
        for path, policy in smtp.notifier.every("AWS::IAM::Policy").items()
        if "secret:s-AbCdEf" in str(policy)
    ]
    assert readers == ["Worker/Role/DefaultPolicy"]
