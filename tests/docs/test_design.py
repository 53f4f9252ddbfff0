"""What docs/DESIGN.md shows of the code is what the code does."""

import re

from functions.adapters.dynamodb.acceptance import JobAcceptance
from functions.domain.model import Status
from infra.config import ROOT
from tests.builders import a_job
from tests.docs.pages import blocks
from tests.domain.transitions import transitions
from tests.jobs_table import AT_ONCE

PAGE = ROOT / "docs" / "DESIGN.md"
NOWHERE = "[*]"


class Recorder:
    """A DynamoDB that takes every transaction."""

    def __init__(self):
        self.requests = []

    def transact_write_items(self, **request):
        self.requests.append(request)


def test_the_diagram_has_every_change_of_state_and_no_other():
    [diagram] = blocks(PAGE, "mermaid")
    kind, direction, *lines = diagram.text.strip().splitlines()
    assert (kind, direction.strip()) == ("stateDiagram-v2", "direction LR")
    drawn = [re.fullmatch(r" +(\S+) --> (\S+?)(?:: [\w ,]+)?", line).groups() for line in lines]
    assert len(set(drawn)) == len(drawn)
    found = {(before or NOWHERE, after) for before, after in transitions()}
    ends = set(Status) - {before for before, _ in found}
    assert set(drawn) == found | {(end, NOWHERE) for end in ends}


def test_the_window_s_update_and_its_condition_are_the_ones_that_are_made():
    table = Recorder()
    acceptance = JobAcceptance(
        table, table_name="jobs", retention_days=30, retry=AT_ONCE, new_token=str
    )
    acceptance.add(a_job(), window_start_ms=0)
    [request] = table.requests
    [update] = [item["Update"] for item in request["TransactItems"] if "Update" in item]
    [shown] = blocks(PAGE, "text")
    quoted = [re.escape(" ".join(part.split())) for part in shown.text.split("...")]
    assert re.fullmatch(" .* ".join(quoted), update["UpdateExpression"])
    assert f"`{update['ConditionExpression']}`" in PAGE.read_text()
