"""Every `aws` command in the documents is one that AWS's command line takes."""

import shlex

import pytest

from tests.docs.aws_command import refusal
from tests.docs.aws_here import fits
from tests.docs.pages import PAGES, blocks, inline
from tests.docs.runbook import NAMED
from tests.docs.shell import PLACEHOLDER, commands
from tests.repository.files import ROOT

FOUND = [
    (f"{page.relative_to(ROOT)}", command)
    for page in PAGES
    for script in [*(block.text for block in blocks(page, "sh")), *inline(page)]
    for command in commands(script, "aws")
    if script not in NAMED
]


@pytest.fixture(autouse=True)
def an_account_of_nobody(monkeypatch, tmp_path):
    """Nothing of the developer's own configuration is read."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("page", "command"), FOUND, ids=lambda value: str(value)[:60])
def test_the_command_line_takes_it(page, command):
    assert refusal(command) == "", f"{page}: aws {shlex.join(command)}"


def test_the_runbook_has_commands():
    assert {page for page, _ in FOUND} >= {"docs/OPERATIONS.md"}


@pytest.mark.parametrize(
    "wrong",
    [
        "aws sqs recieve-message --queue-url x",
        "aws sqs receive-message --queue x",
        "aws sqs receive-message --max-number-of-messages 10",
        "aws sqs receive-message --queue-url x --max-number-of-messages ten",
        "aws sqs receive-message --queue-url x --query 'Messages['",
        "aws sqs receive-message --queue-url x --query Mesages",
        "aws sqs receive-message --queue-url x --query 'Messages[].[Body, MesageId]'",
        "aws sqs get-queue-attributes --queue-url x --attribute-names QueArn",
        "aws sesv2 put-account-details --mail-type TRANSACTIONL --website-url x",
        'aws events put-events --entries \'[{"Sorce": "a"}]\'',
        "aws sesv2 send-email --content 'Simpel={}'",
        "aws logs tail a-group --format tiny",
        "aws acm wait certificate-valid --certificate-arn x",
        "aws acm wait certificate-validated --certificate x",
        "aws nosuchservice list-things",
    ],
)
def test_a_command_that_is_wrong_is_refused(wrong):
    [command] = commands(wrong, "aws")
    assert refusal(command) != ""


def test_commands_are_found_wherever_the_shell_would_run_them():
    script = """
f() { aws a one --x "$(output "$1" | sed 's/)//')" --y "$(aws b two)" \\
  --z '$untouched | "here"' | jq .; }   # aws c three
while m=$(aws d four --q "$Q"); do :; done; aws e five > f
one  # what aws f six would do
aws g seven
"""
    assert commands(script, "aws") == [
        ["a", "one", "--x", PLACEHOLDER, "--y", PLACEHOLDER, "--z", '$untouched | "here"'],
        ["b", "two"],
        ["d", "four", "--q", PLACEHOLDER],
        ["e", "five"],
        ["g", "seven"],
    ]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("?ERROR ?'timed out'", {1, 2}), ('"timed out"', {2}), ("job ERROR", {1}), ("", {0, 1, 2})],
)
def test_a_filter_finds_one_of_its_optional_terms_or_all_of_the_others(pattern, found):
    lines = ["job error", "ERROR job", "Task timed out"]
    assert {at for at, line in enumerate(lines) if fits(pattern, line)} == found
