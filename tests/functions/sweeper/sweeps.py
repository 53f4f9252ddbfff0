"""What the tests of sweeps share: their metrics, and messages as they lie in queues."""

import json

MINUTE_MS = 60_000
QUIET = {
    "Completed": 0,
    "Dead": 0,
    "DueResent": 0,
    "DueNotResent": 0,
    "DueMovedOn": 0,
    "DueLeftOver": 0,
    "ParkedResent": 0,
    "ParkedNotResent": 0,
    "ParkedMovedOn": 0,
    "ParkedLeftOver": 0,
    "ReportsResent": 0,
    "ReportsNotResent": 0,
    "ReportsLeftOver": 0,
    "DeadLettersDeleted": 0,
    "DeadLettersListed": 0,
    "DeadLettersLeftOver": 0,
    "RepairFailed": 0,
    "Swept": 1,
}


def told(said):
    """Return the sum of each metric of the one document that was written, but for the gauges."""
    (document,) = said.metrics
    (directive,) = document["_aws"]["CloudWatchMetrics"]
    assert {metric["Unit"] for metric in directive["Metrics"]} == {"Count"}
    names = {metric["Name"] for metric in directive["Metrics"]} - {"ParkedNow", "DeadNow"}
    return {name: sum(document[name]) for name in names}


def body(job, **changes):
    return json.dumps({"jobId": job.job_id, "run": job.run} | changes)


def sent(cloud):
    return sorted(json.loads(record["body"])["jobId"] for record in cloud.receive())
