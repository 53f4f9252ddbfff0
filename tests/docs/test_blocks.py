"""Every block that the documents show does what they say, or is refused here.

A new block must fit one of the ways to try it; one that fits none fails.
"""

import json
import re
import subprocess

import pytest

from tests.docs.make import complete
from tests.docs.pages import PAGES, blocks
from tests.repository.files import ROOT

SH = [block for page in PAGES for block in blocks(page, "sh")]
CURL = [b for b in SH if b.text.startswith("curl ") and b.page.name in {"README.md", "API.md"}]
MAKE = [
    block
    for block in SH
    if re.match(r"(make |\$EDITOR )", block.text) and block.page.name != "OPERATIONS.md"
]
#: tried by test_runbook.py
RUNBOOK = [block for block in SH if block.page.name == "OPERATIONS.md"]
#: tried by test_clients.py, as all recipes of that page
RECIPES = [block for block in SH if block.page.name == "CLIENTS.md"]

#: where the blocks that are no commands are tried
ELSEWHERE = {
    ("ts", "README.md"): "clients/authjs/tests/readme.test.ts, for both of this name",
    ("python", "CLIENTS.md"): "test_clients.py",
    ("mermaid", "README.md"): "a drawing",
    ("mermaid", "DESIGN.md"): "test_design.py",
    ("text", "DESIGN.md"): "test_design.py",
}


def without_particulars(value):
    """Return the value with a word for each id, time and count in it."""
    text = json.dumps(value, sort_keys=True)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", "TIME", text)
    return re.sub(r"(?<![\w.-])\d+", "NUMBER", text)


def test_every_block_is_tried_in_one_way():
    for block in SH:
        ways = [way for way in (CURL, MAKE, RUNBOOK, RECIPES) if block in way]
        assert len(ways) == 1, f"{block}: nothing here can try\n{block.text}"


def test_every_other_block_is_tried_elsewhere():
    found = {(block.language, page.name) for page in PAGES for block in blocks(page, None)}
    assert {kind for kind in found if kind[0] not in {"sh", "json"}} == set(ELSEWHERE)


def test_every_answer_shown_belongs_to_a_request_that_is_sent():
    answers = [block for page in PAGES for block in blocks(page, "json")]
    sent = [block for block in CURL if block.answer]
    assert [block.text for block in answers] == [block.answer for block in sent]


@pytest.mark.parametrize("block", CURL, ids=str)
def test_a_request_has_the_answer_that_is_shown(stack, block):
    assert "http://localhost:3333" in block.text
    done = subprocess.run(  # noqa: S603 - our own text
        ["sh", "-euc", block.text.replace("http://localhost:3333", stack.url)],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    answered, shown = json.loads(done.stdout), json.loads(block.answer)
    assert without_particulars(answered) == without_particulars(shown)


@pytest.mark.parametrize("block", MAKE, ids=str)
def test_what_make_is_asked_for_is_there(block):
    for line in block.text.splitlines():
        command = line.split("#")[0].split()
        if command[0] == "$EDITOR":
            assert (ROOT / command[1]).is_file()
            continue
        assert command[0] == "make"
        complete(*command[1:])


def test_a_changed_word_in_an_answer_is_seen_and_a_new_id_is_not():
    one = {"jobId": "signin-01a20081-1cea-7099-a422-1e6b36a62bf5", "status": "enqueued", "n": 3}
    other = one | {"jobId": "signin-01a20082-2cea-7099-a422-1e6b36a62bf5", "n": 120}
    assert without_particulars(one) == without_particulars(other)
    for wrong in ({"status": "queued"}, {"more": 1}, {"n": None}, {"jobId": "job-1"}):
        assert without_particulars(one | wrong) != without_particulars(one)
