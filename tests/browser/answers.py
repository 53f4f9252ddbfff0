"""Answers of the admin API, for what the running stack can't be brought to say at will."""

ANY_LIST = "**/api/admin/dlq?*"
ANY_JOB = "**/api/admin/jobs/*"
ANY_STATS = "**/api/admin/stats?*"

WELL = {
    "accepted": 100,
    "refused": 0,
    "completed": 100,
    "retried": 0,
    "dead": 0,
    "successRate": 1,
    "meanMs": 900,
    "p95Ms": 2000,
    "deadByErrorType": {},
}
NONE_NOW = {"enqueued": 0, "processing": 0, "retrying": 0, "parked": 0, "dlq": 0}


def answers(page, url, answer):
    """Let every such question have this answer."""
    page.unroute(url)
    page.route(url, lambda route: route.fulfill(json=answer))


def statistics(*, worker="running", at_least=(), completed=100, dead=0, **now):
    """A day's statistics: as many jobs ended as given, and so many are in each state now."""
    tally = {
        **WELL,
        "completed": completed,
        "dead": dead,
        "successRate": completed / (completed + dead),
    }
    return {
        "worker": worker,
        "now": {**NONE_NOW, **now},
        "nowAtLeast": list(at_least),
        "sum": tally,
        "hours": [{"hour": f"2026-11-25T{hour:02}:00:00Z", **tally} for hour in range(24)],
    }


def dead_job(number=1, **changes):
    """A dead job as the list has it."""
    return {
        "jobId": f"signin-{number}",
        "jobType": "sign-in-notice",
        "status": "dlq",
        "error": "It failed.",
        "errorClass": "transient",
        "errorType": "ServiceUnavailable",
        "attemptCount": 5,
        "createdAt": "2026-11-25T10:59:00Z",
        "processedAt": "2026-11-25T11:00:00Z",
        "recipient": "u***@example.com",
        "mayHaveLeft": False,
        **changes,
    }


def dead_list(*jobs, more=False):
    """A page of the dead jobs."""
    return {"count": len(jobs), "jobs": list(jobs), "nextCursor": "more" if more else None}


def job_in_full(**changes):
    """All of one dead job."""
    return {
        **dead_job(),
        "delivery": None,
        "stackTrace": None,
        "run": 1,
        "tries": 5,
        "notBefore": "2026-11-25T10:59:30Z",
        "due": None,
        "wentOut": False,
        "signIn": {
            "userId": "user-123",
            "name": "B***",
            "provider": "password",
            "signedInAt": "2026-11-25T10:59:00Z",
            "ipAddress": "203.0.113.*",
            "userAgent": "Mozilla/5.0",
            "locale": "mn",
            "timeZone": "Asia/Ulaanbaatar",
            "location": None,
        },
        "attempts": [],
        "interventions": [],
        **changes,
    }
