"""What the logs are asked: the statistics of jobs, in CloudWatch Logs Insights."""

from dataclasses import dataclass

from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.stack import NotifierStack

#: how a job ends is told by the worker, or by the sweeper for one whose worker has died
_COMPLETED = '(message = "job completed" or (message = "job repaired" and status = "completed"))'
_DEAD = (
    '(message = "job dead" or message = "dead letter without a job"'
    ' or (message = "job repaired" and status = "dlq"))'
)


@dataclass(frozen=True, kw_only=True)
class Query:
    """One saved query."""

    name: str
    text: str


QUERIES = (
    Query(
        name="success rate by status",
        # the sweeper's line has a status, the worker's tells it in its message
        text=f"""filter {_COMPLETED} or {_DEAD}
| fields strcontains(coalesce(status, message), "completed") as isCompleted
| stats sum(isCompleted) as completed,
    count(*) - sum(isCompleted) as dead,
    100 * sum(isCompleted) / count(*) as successRatePercent""",
    ),
    Query(
        name="average processing time of completed jobs",
        text="""filter message = "job completed"
| stats count(*) as jobs,
    avg(elapsed_ms) as averageMs,
    pct(elapsed_ms, 50) as p50Ms,
    pct(elapsed_ms, 95) as p95Ms,
    pct(elapsed_ms, 99) as p99Ms""",
    ),
    Query(
        name="dead letters by error",
        # only the worker's lines name an error: the others are a worker that died twice, and a
        # message that belongs to no job
        text=f"""filter {_DEAD}
| stats count(*) as jobs by message, error_class, error_type
| sort jobs desc""",
    ),
)


class SavedQueries(Construct):
    """The queries, over the logs of the two functions that end jobs."""

    def __init__(self, scope: Construct, construct_id: str, *, notifier: NotifierStack) -> None:
        super().__init__(scope, construct_id)
        for query in QUERIES:
            logs.CfnQueryDefinition(
                self,
                query.name.title().replace(" ", ""),
                name=f"{notifier.service_name}/{query.name}",
                query_string=query.text,
                log_group_names=[
                    function.log_group.log_group_name
                    for function in (notifier.worker, notifier.sweeper)
                ],
            )
