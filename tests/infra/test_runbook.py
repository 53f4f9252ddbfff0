"""The runbook has what a paged person is sent to, and nothing that does not exist."""

import re

import pytest

from infra.config import ROOT

RUNBOOK = (ROOT / "docs" / "OPERATIONS.md").read_text()


def anchor(heading):
    """The anchor that a heading gets on a page."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(text, level):
    return {anchor(h) for h in re.findall(rf"^{'#' * level} (.+)$", text, re.MULTILINE)}


def test_each_alarm_leads_to_a_section_of_its_own_and_no_section_is_without_an_alarm(prod):
    [alarms] = re.findall(r"^## Alarms$(.*?)^## ", RUNBOOK, re.MULTILINE | re.DOTALL)
    told = {
        re.search(r" Runbook: docs/OPERATIONS\.md#([\w-]+)$", alarm["AlarmDescription"])[1]
        for alarm in prod.monitoring.every("AWS::CloudWatch::Alarm").values()
    }
    assert told == anchors(alarms, 3)


def test_every_link_within_the_page_leads_somewhere():
    links = set(re.findall(r"\]\(#([^)]+)\)", RUNBOOK))
    assert links
    assert links <= anchors(RUNBOOK, 2) | anchors(RUNBOOK, 3)


def test_every_output_that_a_command_reads_is_one_of_the_stack(prod):
    read = set(re.findall(r"(?<!-)\b(?:output|rotate) ([A-Z]\w+)", RUNBOOK))
    read |= {f"{function}LogGroup" for function in re.findall(r"\berrors (\w+)", RUNBOOK)}
    assert read
    assert read <= prod.notifier.outputs.keys() | prod.monitoring.outputs.keys()


def test_it_says_how_long_the_queue_keeps_a_message(prod):
    # SQS's own default, as long as the stack says nothing else
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    assert "MessageRetentionPeriod" not in prod.notifier.at("Delivery/Queue")
    assert "keeps a message for 4 days" in RUNBOOK


def test_every_make_target_exists():
    targets = set(re.findall(r"`?make ([a-z-]+)", RUNBOOK))
    existing = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"pause", "resume", "deploy"} <= targets <= existing


@pytest.mark.parametrize("name", ["Api", "Worker", "Sweeper"])
def test_a_function_is_found_by_the_name_that_the_page_looks_for(name, prod):
    assert "-$1Function" in RUNBOOK
    assert f"{name}/Function" in prod.notifier.every("AWS::Lambda::Function")


def test_every_log_line_that_it_names_is_written_by_a_function():
    named = set(re.findall(r"log line `([^`]+)`", RUNBOOK))
    sources = "\n".join(path.read_text() for path in (ROOT / "functions").rglob("*.py"))
    assert named
    assert {line for line in named if f'"{line}"' not in sources} == set()


def test_the_loop_that_replays_sends_what_the_service_accepts():
    [loop] = re.findall(r"^repeat\(\) \{.*?^\}$", RUNBOOK, re.MULTILINE | re.DOTALL)
    # Beside filter.jobIds a limit is refused, and a hundred is what it is without one.
    assert "limit" not in loop


def test_it_says_what_a_second_mail_depends_on():
    assert "A second mail only ever follows an attempt without an answer" in RUNBOOK
    assert "`mayHaveLeft` marks it, whatever its last error" in " ".join(RUNBOOK.split())
    assert not re.search(r"[Oo]nly .{0,40}class `?unknown", RUNBOOK)


def test_every_section_that_a_command_sends_somebody_to_exists():
    folders = (ROOT / "operations", ROOT / "infra", ROOT / "stages")
    texts = [
        p.read_text()
        for folder in folders
        for p in folder.rglob("*.*")
        if p.suffix in {".py", ".toml"}
    ]
    texts.append((ROOT / "Makefile").read_text())
    named, anchored = set(), set()
    for text in texts:
        named |= set(re.findall(r"docs/OPERATIONS\.md, ([A-Z][\w' -]*)", text))
        anchored |= set(re.findall(r"docs/OPERATIONS\.md#([a-z][\w-]+)", text))
    sections = anchors(RUNBOOK, 2) | anchors(RUNBOOK, 3)
    assert {"The end of a stage", "A custom domain"} <= named
    assert {anchor(name) for name in named} | anchored <= sections
