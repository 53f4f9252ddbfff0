"""What a stage's file may say."""

import re

import pytest

from infra.config import STAGES, load
from infra.pace import WORKER_BATCH_MS
from infra.stack import WORKER_TIMEOUT
from tests.infra.templates import a_config

VALID = """
mail_sender = "no-reply@example.com"
support_address = "support@example.com"
security_page_url = "https://example.com/security"
"""
EXTRA = {"local": 'account = "000000000000"', "dev": 'mail_sink = "sink@example.com"', "prod": ""}
#: what makes a stage whole, unless a test is about just that
WHOLE = {
    "local": {},
    "dev": {},
    "prod": {"alarm_email": "oncall@example.com", "public_url": "https://notices.example.com"},
}


def loaded(directory, stage, more=""):
    whole = "\n".join(
        f'{name} = "{value}"' for name, value in WHOLE[stage].items() if name not in more
    )
    (directory / f"{stage}.toml").write_text(f"{VALID}\n{EXTRA[stage]}\n{whole}\n{more}\n")
    return load(stage, directory=directory)


@pytest.mark.parametrize("stage", STAGES)
def test_a_file_with_what_is_required_is_enough(stage, tmp_path):
    assert loaded(tmp_path, stage).stage == stage


def test_the_laptop_s_file_is_ready_as_it_ships():
    assert load("local").simulator


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_stage_on_aws_ships_unfilled_and_says_what_to_fill_in(stage):
    with pytest.raises(SystemExit) as refusal:
        load(stage)
    assert str(refusal.value).splitlines()[:3] == [
        f"stages/{stage}.toml: mail_sender: fill it in",
        f"stages/{stage}.toml: support_address: fill it in",
        f"stages/{stage}.toml: security_page_url: fill it in",
    ]


@pytest.mark.parametrize(
    ("stage", "given", "sentence"),
    [
        ("prod", "simulator = true", "simulator: remove it"),
        ("prod", 'mail_transport = "log"', 'mail_transport: "log" sends nothing'),
        ("prod", 'smtp_tls = "none"', 'smtp_tls: "none" shows mails to the network'),
        ("prod", 'mail_sink = "a@example.com"', "mail_sink: remove it"),
        ("prod", 'mail_allowlist = ["@example.com"]', "mail_allowlist: remove it"),
        ("prod", 'mail_transport = "smtp"', "smtp_host: fill it in"),
        ("prod", 'mail_transport = "pigeon"', "mail_transport: Input should be 'ses', "),
        ("prod", 'sender_identity = "phone"', "sender_identity: Input should be 'email' or "),
        ("prod", 'default_time_zone = "Mars"', "default_time_zone: write an IANA name"),
        ("prod", 'brand_color = "yellow"', "brand_color: write six hex digits"),
        ("prod", 'brand_color = "#ffc"', "brand_color: write six hex digits"),
        ("prod", 'account = "12"', "account: String should match"),
        ("prod", 'alarm_email = "a@b@c"', "alarm_email: write one bare address"),
        ("prod", "retention_days = 0", "retention_days: Input should be greater"),
        ("prod", "retention_days = 7", "retention_days: more than 7, as long as the links"),
        ("prod", "log_retention_days = 31", "log_retention_days: Input should be 1, 3, "),
        ("prod", "trusted_proxies = -1", "trusted_proxies: Input should be greater"),
        ("prod", "worker_max_concurrency = 9", "worker_max_concurrency: there is no such setting"),
        ("prod", "colour = 1", "colour: there is no such setting"),
        ("prod", "[throttling]\nadmin = {rate = 0, burst = 1}", "throttling.admin.rate: Input "),
        ("prod", "[throttling]\nmail = {rate = 1, burst = 1}", "throttling.mail: there is no "),
        ("dev", 'mail_allowlist = ["example.com"]', "mail_allowlist.0: write one bare address"),
        ("prod", 'public_url = "http://example.com"', 'public_url: write "https://"'),
        ("prod", 'public_url = "https://example.com/"', "public_url: String should match"),
        (
            "prod",
            'report_target_url = "https://a.example/b"',
            "report_target_url: it goes together",
        ),
        (
            "prod",
            'report_target_key_secret_arn = "arn:aws:x"',
            "report_target_url: it goes together",
        ),
        ("prod", 'report_target_url = "http://a.example"', "report_target_url: String should "),
        (
            "local",
            'report_target_url = "https://a.example"\nreport_target_key_secret_arn = "arn:aws:x"',
            "report_target_url: remove it",
        ),
        ("local", 'mail_sink = "a@example.com"', "mail_sink: remove it"),
        ("prod", 'alarm_email = ""', "alarm_email: fill it in, or nobody hears"),
        ("prod", 'public_url = ""', "public_url: fill in a domain of yours"),
        (
            "prod",
            'public_url = "https://a1b2c3.execute-api.eu-west-1.amazonaws.com"',
            "public_url: fill in a domain of yours",
        ),
    ],
)
def test_nonsense_is_refused_by_file_and_setting(stage, given, sentence, tmp_path):
    with pytest.raises(SystemExit, match=re.escape(f"{stage}.toml: {sentence}")):
        loaded(tmp_path, stage, given)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("mail_sender", "Yellow Books <no-reply@example.com>"),
        ("mail_sender", "a@example.com,b@example.com"),
        ("mail_sender", "ö@example.com"),
        ("support_address", "support"),
        ("security_page_url", "http://example.com/security"),
        ("security_page_url", "https:///security"),
        ("security_page_url", "https://example.com/my page"),
    ],
)
def test_a_malformed_required_value_is_refused_by_name(setting, value, tmp_path):
    text = re.sub(f'{setting} = ".*"', f'{setting} = "{value}"', VALID)
    (tmp_path / "prod.toml").write_text(text)
    with pytest.raises(SystemExit, match=rf"prod\.toml: {setting}: "):
        load("prod", directory=tmp_path)


def test_dev_without_an_allowlist_and_without_a_sink_is_refused(tmp_path):
    (tmp_path / "dev.toml").write_text(VALID)
    with pytest.raises(SystemExit, match=r"dev\.toml: mail_sink: fill it in, or mail_allowlist"):
        load("dev", directory=tmp_path)


def test_dev_with_an_allowlist_alone_is_accepted(tmp_path):
    (tmp_path / "dev.toml").write_text(f'{VALID}\nmail_allowlist = ["@example.com"]')
    assert load("dev", directory=tmp_path).mail_sink is None


def test_local_is_refused_outside_the_emulators_account(tmp_path):
    (tmp_path / "local.toml").write_text(f'{VALID}\naccount = "123456789012"')
    with pytest.raises(SystemExit, match=r"local\.toml: account: keep \"000000000000\""):
        load("local", directory=tmp_path)


def test_the_origin_of_links_can_be_given_when_the_port_is_known(tmp_path):
    (tmp_path / "local.toml").write_text(f"{VALID}\n{EXTRA['local']}")
    config = load("local", public_url="http://localhost:4444", directory=tmp_path)
    assert config.public_url == "http://localhost:4444"


def test_every_refusal_is_told_at_once(tmp_path):
    with pytest.raises(SystemExit) as refusal:
        loaded(tmp_path, "prod", 'simulator = true\nmail_transport = "log"')
    assert len(str(refusal.value).splitlines()) == 2


def test_an_unknown_stage_is_told_which_ones_exist(tmp_path):
    with pytest.raises(SystemExit, match=r'no stage "staging".*local.*dev.*prod'):
        load("staging", directory=tmp_path)


def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path):
    (tmp_path / "prod.toml").write_text("mail_sender = no-reply")
    with pytest.raises(SystemExit, match=r"prod\.toml: "):
        load("prod", directory=tmp_path)


@pytest.mark.parametrize(
    ("mails_per_second", "concurrency", "interval_ms", "batch_size"),
    [(1, 2, 2_000, 6), (14, 4, 286, 10), (100, 25, 250, 10), (10_000, 1_000, 100, 10)],
)
def test_workers_share_the_send_rate_and_take_what_they_can_send_in_time(
    mails_per_second, concurrency, interval_ms, batch_size
):
    config = _at(mails_per_second)
    assert (config.worker_max_concurrency, config.send_interval_ms, config.worker_batch_size) == (
        concurrency,
        interval_ms,
        batch_size,
    )


def test_at_every_rate_the_workers_together_keep_to_it_and_reach_it():
    for rate in range(1, 10_001):
        config = _at(rate)
        workers, interval_ms = config.worker_max_concurrency, config.send_interval_ms
        assert 2 <= workers <= 1_000
        assert 0.99 * rate <= 1_000 * workers / interval_ms <= rate
        assert workers * config.worker_batch_size * 1_000 / WORKER_BATCH_MS >= rate
        if rate <= 1_000_000 / WORKER_BATCH_MS:
            # the end of a batch hides in the interval: no send is late for it
            assert interval_ms >= WORKER_BATCH_MS
        else:
            assert workers == 1_000


def test_at_every_rate_a_message_has_its_turn_long_before_the_worker_runs_out_of_time():
    for rate in range(1, 10_001):
        config = _at(rate)
        last_turn_ms = (config.worker_batch_size - 1) * config.send_interval_ms
        assert last_turn_ms <= 12_000
        assert last_turn_ms + WORKER_BATCH_MS < WORKER_TIMEOUT.to_milliseconds() / 2


@pytest.mark.parametrize(("mails_per_second", "concurrency"), [(14, 2), (100, 6), (10_000, 600)])
def test_feedback_functions_keep_up_with_the_events_of_the_mails(mails_per_second, concurrency):
    assert _at(mails_per_second).feedback_max_concurrency == concurrency


def test_on_the_laptop_nothing_is_paced():
    assert (a_config("local").send_interval_ms, a_config("local").worker_batch_size) == (0, 10)


def _at(mails_per_second):
    return a_config("prod").model_copy(update={"mails_per_second": mails_per_second})
