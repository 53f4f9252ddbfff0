"""What looks like a setting's value and can't work on AWS."""

import pytest

from tests.infra.test_config import SECRET, loaded

SMTP = 'mail_transport = "smtp"\nsmtp_host = "smtp.example.com"\n'
TARGET = f'report_target_url = "https://a.example"\nreport_target_key_secret_arn = "{SECRET}"\n'
LOGIN = f'{SMTP}smtp_credentials_secret_arn = "{SECRET}"\n'


@pytest.mark.parametrize(
    "name", ["localtime", "right/UTC", "posix/Asia/Tokyo", "America", "a" * 300, "asia/tokyo"]
)
def test_a_time_zone_that_lambda_has_not_is_refused(name, tmp_path):
    with pytest.raises(SystemExit, match=r"prod\.toml: default_time_zone: write an IANA name"):
        loaded(tmp_path, "prod", f'default_time_zone = "{name}"')


@pytest.mark.parametrize("name", ["UTC", "Asia/Tokyo", "America/Argentina/Buenos_Aires"])
def test_a_time_zone_that_lambda_has_is_accepted(name, tmp_path):
    assert loaded(tmp_path, "prod", f'default_time_zone = "{name}"').default_time_zone == name


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ('smtp_host = "smtp://relay"', "smtp_host: write a host alone"),
        ('smtp_host = "relay:25"', "smtp_host: write a host alone"),
        ('smtp_host = "our relay"', "smtp_host: write a host alone"),
        ('smtp_host = "relay\\n"', "smtp_host: write a host alone"),
        (f'brand_name = "{"a" * 101}"', "brand_name: write one line of at most 100 characters"),
        (
            "[throttling]\nadmin = {rate = 10_001, burst = 1}",
            "throttling.admin.rate: Input should be less than or equal to 10000",
        ),
        (
            "[throttling]\nadmin = {rate = 1, burst = 5_001}",
            "throttling.admin.burst: Input should be less than or equal to 5000",
        ),
        (f'{LOGIN}region = "us-east-1"', "smtp_credentials_secret_arn: write that of .* us-east-1"),
        (
            f'{TARGET}region = "us-east-1"',
            "report_target_key_secret_arn: write that of .* us-east-1",
        ),
        (
            f'{LOGIN}account = "222222222222"',
            "smtp_credentials_secret_arn: write that of .* account 222222222222",
        ),
        (f'{SMTP}smtp_tls = "implicit"', "smtp_port: write 465"),
        (f"{SMTP}smtp_port = 465", 'smtp_tls: write "implicit"'),
        ('public_url = "https://a..b"', "public_url: write scheme and host alone"),
        ('alarm_email = "a@-b.-c"', "alarm_email: write one bare address"),
        ('stage = "dev"', "stage: remove it"),
    ],
)
def test_what_can_t_work_is_refused(given, sentence, tmp_path):
    with pytest.raises(SystemExit, match=rf"prod\.toml: {sentence}"):
        loaded(tmp_path, "prod", given)


@pytest.mark.parametrize(
    "given",
    [
        f'{SMTP}smtp_tls = "implicit"\nsmtp_port = 465',
        f'{SMTP}smtp_tls = "implicit"\nsmtp_port = 2465',
        f"{SMTP}smtp_port = 25",
        'smtp_host = "10.0.0.5"',
        'smtp_host = "relay"',
        f'{LOGIN}region = "eu-west-1"\naccount = "123456789012"',
        f'{TARGET}region = "eu-west-1"\naccount = "222222222222"',  # CloudFormation reads it
        f'brand_name = "{"Ш" * 100}"',
        'public_url = "https://xn--e1afmkfd.example-1.com"',
        'alarm_email = "a@x1.co-op.example"',
        "[throttling]\nadmin = {rate = 10_000, burst = 5_000}",
    ],
)
def test_what_can_work_is_accepted(given, tmp_path):
    assert loaded(tmp_path, "prod", given)
