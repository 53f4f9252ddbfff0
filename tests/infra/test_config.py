"""What a stage's file may say."""

import re

import pytest

from infra.stages import STAGES, load

VALID = """
brand_name = "Yellow Books"
mail_sender = "no-reply@example.com"
support_address = "support@example.com"
security_page_url = "https://example.com/security"
"""
EXTRA = {"local": 'account = "000000000000"', "dev": 'mail_sink = "sink@example.com"', "prod": ""}
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf"
REQUIRED = ("brand_name", "mail_sender", "support_address", "security_page_url")
#: what makes a stage whole, unless a test is about just that
WHOLE = {
    "local": {},
    "dev": {},
    "prod": {"alarm_email": "oncall@example.com", "public_url": "https://notices.example.com"},
}


def valid_but(given):
    """Return what is required, without what is given."""
    name = given.partition(" ")[0]
    return "\n".join(line for line in VALID.splitlines() if not line.startswith(f"{name} ="))


def loaded(directory, stage, more=""):
    whole = "\n".join(
        f'{name} = "{value}"' for name, value in WHOLE[stage].items() if name not in more
    )
    (directory / f"{stage}.toml").write_text(
        f"{valid_but(more)}\n{EXTRA[stage]}\n{whole}\n{more}\n"
    )
    return load(stage, directory=directory)


@pytest.mark.parametrize("stage", STAGES)
def test_a_file_with_what_is_required_is_enough(stage, tmp_path):
    assert loaded(tmp_path, stage).stage == stage


def test_the_laptop_s_file_is_ready_as_it_ships():
    assert load("local").simulator


@pytest.mark.parametrize(
    ("stage", "settings"),
    [("dev", (*REQUIRED, "mail_sink")), ("prod", (*REQUIRED, "public_url", "alarm_email"))],
)
def test_a_stage_on_aws_ships_unfilled_and_says_all_that_is_to_be_filled_in(stage, settings):
    with pytest.raises(SystemExit) as refusal:
        load(stage)
    said = [line.split(":")[:2] for line in str(refusal.value).splitlines()]
    assert said == [[f"stages/{stage}.toml", f" {setting}"] for setting in settings]


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
        (
            "prod",
            'default_locale = "fr"',
            'default_locale: there is no templates/locales/fr.toml, write "en" or "mn"',
        ),
        ("prod", 'brand_color = "yellow"', "brand_color: write six hex digits"),
        ("prod", 'brand_color = "#ffc"', "brand_color: write six hex digits"),
        ("prod", 'account = "12"', "account: write the twelve digits"),
        ("prod", 'alarm_email = "a@b@c"', "alarm_email: write one bare address"),
        ("prod", "retention_days = 0", "retention_days: Input should be greater"),
        ("prod", "retention_days = 7", "retention_days: write more than 7, or links"),
        ("prod", "log_retention_days = 31", "log_retention_days: Input should be 1, 3, "),
        ("prod", "trusted_proxies = -1", "trusted_proxies: Input should be greater"),
        ("prod", "worker_max_concurrency = 9", "worker_max_concurrency: there is no such setting"),
        ("prod", "colour = 1", "colour: there is no such setting"),
        ("prod", "[throttling]\nadmin = {rate = 0, burst = 1}", "throttling.admin.rate: Input "),
        ("prod", "[throttling]\nmail = {rate = 1, burst = 1}", "throttling.mail: there is no "),
        ("dev", 'mail_allowlist = ["example.com"]', "mail_allowlist.0: write one bare address"),
        ("prod", 'public_url = "http://example.com"', 'public_url: write "https://"'),
        ("prod", 'public_url = "https://example.com/"', "public_url: write scheme and host alone"),
        (
            "prod",
            'report_target_url = "https://a.example/b"',
            "report_target_url: it goes together",
        ),
        (
            "prod",
            f'report_target_key_secret_arn = "{SECRET}"',
            "report_target_url: it goes together",
        ),
        ("prod", 'report_target_url = "http://a.example"', "report_target_url: write an https URL"),
        (
            "prod",
            f'report_target_url = "https://a.b/c#d"\nreport_target_key_secret_arn = "{SECRET}"',
            "report_target_url: write an https URL without a user name or a fragment (#...)",
        ),
        (
            "local",
            f'report_target_url = "https://a.example"\nreport_target_key_secret_arn = "{SECRET}"',
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
        ("security_page_url", "https://example.com@elsewhere.example/"),
    ],
)
def test_a_malformed_required_value_is_refused_by_name(setting, value, tmp_path):
    text = re.sub(f'{setting} = ".*"', f'{setting} = "{value}"', VALID)
    (tmp_path / "prod.toml").write_text(text)
    with pytest.raises(SystemExit, match=rf"prod\.toml: {setting}: "):
        load("prod", directory=tmp_path)


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("public_url", '"https://you:pass@example.com"', "write scheme and host alone"),
        ("public_url", '"https://example.com?x=1"', "write scheme and host alone"),
        ("public_url", '"https://example.com#x"', "write scheme and host alone"),
        ("public_url", '"https://example.com/api"', "write scheme and host alone"),
        ("public_url", '"notices.example.com"', "write scheme and host alone"),
        ("smtp_credentials_secret_arn", '"nonsense"', "write the secret's whole ARN"),
        ("report_target_key_secret_arn", '"nonsense"', "write the secret's whole ARN"),
        ("report_target_key_secret_arn", f'"{SECRET[:-7]}"', "write the secret's whole ARN"),
        ("region", '"Frankfurt"', 'there is no AWS region "Frankfurt"'),
        ("region", '"eu-central-1a"', 'there is no AWS region "eu-central-1a"'),
        ("region", '"us-moon-1"', 'there is no AWS region "us-moon-1"'),
        ("region", '"aws-global"', 'there is no AWS region "aws-global"'),
        ("account", "123456789012", "write the twelve digits, in quotes"),
        ("brand_name", r'"a\nb"', "write one line"),
        ("brand_name", '"   "', "write one line"),
        ("brand_name", r'"a\u202Eb"', "write one line"),
        ("mail_allowlist", '["@"]', "write one bare address"),
        ("region", "1", "there is no AWS region"),
        ("alarm_email", "true", "write one bare address"),
        ("mail_allowlist", '"@example.com"', "write a list"),
        ("throttling", "10", "write a table"),
        ("simulator", "1", "write true or false, without quotes"),
        ("simulator", '"yes"', "write true or false, without quotes"),
    ],
)
def test_a_value_of_no_meaning_is_refused_by_name(setting, value, sentence, tmp_path):
    with pytest.raises(SystemExit, match=rf"dev\.toml: {setting}[.0-9]*: {sentence}"):
        loaded(tmp_path, "dev", f"{setting} = {value}")


@pytest.mark.parametrize("value", ["true", '"1"', "1.0"])
@pytest.mark.parametrize(
    "setting",
    [
        *("trusted_proxies", "retention_days", "log_retention_days", "mails_per_second"),
        *("smtp_port", "throttling.admin.rate", "throttling.admin.burst"),
    ],
)
def test_a_number_is_written_as_a_number(setting, value, tmp_path):
    with pytest.raises(SystemExit, match=rf"dev\.toml: {re.escape(setting)}: write a whole number"):
        loaded(tmp_path, "dev", f"{setting} = {value}")


@pytest.mark.parametrize(
    "given",
    [
        'public_url = "https://notices.example.com:8443"',
        'security_page_url = "https://example.com/a?b=c#security"',
        f'report_target_url = "https://a.b:8443/c?d=e"\nreport_target_key_secret_arn = "{SECRET}"',
        'region = "us-gov-west-1"',
        'region = "ap-southeast-5"',
        'mail_allowlist = ["a@example.com", "@example.com"]',
        'brand_name = "Шар Хуудас"',
        'default_locale = "en"',
        f'smtp_credentials_secret_arn = "{SECRET}"',
        f'smtp_credentials_secret_arn = "{SECRET.replace("key", "a/b+c=d.e@f")}"',
    ],
)
def test_a_value_that_makes_sense_is_accepted(given, tmp_path):
    name = given.partition(" ")[0]
    (tmp_path / "dev.toml").write_text(f"{valid_but(given)}\n{EXTRA['dev']}\n{given}\n")
    assert getattr(load("dev", directory=tmp_path), name)


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


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_refused_by_name(encoding, tmp_path):
    (tmp_path / "prod.toml").write_text('brand_name = "Büchér"', encoding=encoding)
    with pytest.raises(SystemExit, match=r"prod\.toml: it is not in UTF-8"):
        load("prod", directory=tmp_path)


def test_a_byte_order_mark_is_read_over(tmp_path):
    (tmp_path / "local.toml").write_text(f"{VALID}\n{EXTRA['local']}", encoding="utf-8-sig")
    assert load("local", directory=tmp_path).stage == "local"
