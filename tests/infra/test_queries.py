"""The saved queries, against the lines that the functions write."""

import re

import pytest

from functions.domain.model import Status
from infra.monitoring.queries import QUERIES
from tests.watched import LINES

#: what is no field in the queries' language, as far as they use it
#: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
WORDS = {
    *("filter", "fields", "stats", "sort", "by", "as", "and", "or", "desc"),
    *("avg", "coalesce", "count", "pct", "strcontains", "sum"),
}


def fields(text):
    """The names in a query that are neither words of the language nor made in it."""
    bare = re.sub(r'"[^"]*"', "", text)
    made = set(re.findall(r"\bas (\w+)", bare))
    return set(re.findall(r"[A-Za-z_@]\w*", bare)) - WORDS - made


def messages(text):
    return set(re.findall(r'message = "([^"]*)"', text))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_reads_only_lines_and_fields_that_are_written(query):
    assert messages(query.text)
    assert messages(query.text) <= LINES.keys()
    written = {"message"}.union(*(LINES[message] for message in messages(query.text)))
    assert fields(query.text) <= written


def test_all_that_the_lines_are_said_to_have_is_read():
    read = set().union(*(fields(query.text) for query in QUERIES))
    assert set().union(*LINES.values()) == read - {"message"}
    assert set().union(*(messages(query.text) for query in QUERIES)) == LINES.keys()


def test_a_query_asks_for_states_that_a_job_can_have():
    asked = {
        status for query in QUERIES for status in re.findall(r'\bstatus = "([^"]*)"', query.text)
    }
    assert asked == {Status.COMPLETED, Status.DLQ}


def test_the_three_statistics_are_saved_for_the_logs_of_the_functions_that_end_jobs(stage_on_aws):
    saved = stage_on_aws.monitoring.every("AWS::Logs::QueryDefinition")
    assert {name.partition("/")[2] for name in (q["Name"] for q in saved.values())} == {
        "success rate by status",
        "average processing time of completed jobs",
        "dead letters by error",
    }
    for query in saved.values():
        assert query["LogGroupNames"] == ["Worker/Logs", "Sweeper/Logs"]


def test_they_are_in_a_folder_of_their_stage(prod):
    for query in prod.monitoring.every("AWS::Logs::QueryDefinition").values():
        assert query["Name"].startswith("signin-notifier-prod/")
