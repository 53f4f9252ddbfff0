"""Each contract is run against the fake and against the adapter that it stands for."""

from itertools import count

import pytest

from functions.adapters.dynamodb.acceptance import JobAcceptance
from functions.adapters.dynamodb.dead_letters import DeadLetters
from functions.adapters.dynamodb.deliveries import Deliveries
from functions.adapters.dynamodb.moves import MovableJobs
from functions.adapters.dynamodb.reader import JobsById
from functions.adapters.dynamodb.repairs import Repairs
from functions.adapters.dynamodb.reports import ReportsOfJobs
from tests.fake_dead_letters import InMemoryDeadLetters
from tests.fake_jobs import InMemoryJobs
from tests.fake_reporting import InMemoryReports
from tests.jobs_table import AT_ONCE, TABLE_NAME, OneCallAtATime

RETENTION_DAYS = 30


class JobsInMemory(InMemoryJobs):
    """The fakes of the table, side by side."""

    def __init__(self):
        super().__init__(retention_days=RETENTION_DAYS)
        self.page = InMemoryDeadLetters(self).page


class JobsInTable:
    """The adapters of the table, side by side like the fakes."""

    def __init__(self, client):
        tokens = count()
        moves = MovableJobs(client, table_name=TABLE_NAME, retry=AT_ONCE)
        self.add = JobAcceptance(
            client,
            table_name=TABLE_NAME,
            retention_days=RETENTION_DAYS,
            retry=AT_ONCE,
            new_token=lambda: f"token-{next(tokens)}",
        ).add
        reader = JobsById(client, table_name=TABLE_NAME)
        self.read = reader.read
        self.read_many = reader.read_many
        self.job_ids_of = reader.job_ids_of
        self.claim = moves.claim
        self.move = moves.move
        self.release = moves.release
        repairs = Repairs(
            client, table_name=TABLE_NAME, retention_days=RETENTION_DAYS, retry=AT_ONCE
        )
        self.due = repairs.due
        self.count_due = repairs.count_due
        self.add_orphan = repairs.add_orphan
        self.record = Deliveries(client, table_name=TABLE_NAME, retry=AT_ONCE).record
        self.page = DeadLetters(client, table_name=TABLE_NAME).page


@pytest.fixture(params=["in memory", "in the table"])
def reports(request):
    if request.param == "in memory":
        return InMemoryReports(retention_days=RETENTION_DAYS)
    return ReportsOfJobs(
        OneCallAtATime(request.getfixturevalue("table")),
        table_name=TABLE_NAME,
        retention_days=RETENTION_DAYS,
        retry=AT_ONCE,
    )


@pytest.fixture(params=["in memory", "in the table"])
def jobs(request):
    if request.param == "in memory":
        return JobsInMemory()
    return JobsInTable(OneCallAtATime(request.getfixturevalue("table")))
