"""The doors, as their callers see them."""

import json

from tests.functions.cloud import ADMIN_KEY, PRODUCER_KEY
from tests.functions.events import Context, call, http_event, take_batch

POST_PATH = "/api/jobs/signin-notification"


class ApiDoor:
    """The auth flow's door."""

    def __init__(self, parts):
        from functions.api import build  # noqa: PLC0415 - reads the environment at import

        self.parts = parts
        self._handler = build(parts)

    def post(self, body, *, key=PRODUCER_KEY, idempotency_key=None, headers=None):
        """Post a sign-in; text and bytes go as they are, all else as JSON."""
        raw = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
        more = {} if idempotency_key is None else {"idempotency-key": idempotency_key}
        return self.call("POST", POST_PATH, body=raw, key=key, headers={**more, **(headers or {})})

    def get(self, job_id, *, key=PRODUCER_KEY):
        return self.call("GET", f"/api/jobs/{job_id}", key=key)

    def call(self, method, path, **request):
        return call(self._handler, http_event(method, path, **request))

    def accept(self, body, **request):
        """Post a sign-in that is to be accepted; return its job's id."""
        answer = self.post(body, **request)
        assert answer.status == 202
        return answer.json["jobId"]

    def stored(self, job_id):
        """Return the job as the table has it."""
        return self.parts.reader.read(job_id, now_ms=self.parts.clock())


class WorkerDoor:
    """The queue's door."""

    def __init__(self, parts):
        from functions.worker import build  # noqa: PLC0415 - reads the environment at import

        self._handler = build(parts)

    def take(self, records):
        """Take a batch; return the ids of the messages that stay on the queue."""
        return take_batch(self._handler, records)


class AdminDoor:
    """The operators' door."""

    def __init__(self, parts):
        from functions.admin import build  # noqa: PLC0415 - reads the environment at import

        self._handler = build(parts)

    def dlq(self, *, key=ADMIN_KEY, **query):
        """List dead letters."""
        return self.call("GET", "/api/admin/dlq", key=key, query=query)

    def jobs_of(self, user_id):
        """List a user's last jobs."""
        return self.call("GET", "/api/admin/jobs", key=ADMIN_KEY, query={"userId": user_id})

    def job(self, job_id):
        """Read all that is known of a job."""
        return self.call("GET", f"/api/admin/jobs/{job_id}", key=ADMIN_KEY)

    def stats(self, **query):
        """Read the statistics."""
        return self.call("GET", "/api/admin/stats", key=ADMIN_KEY, query=query)

    def replay(self, **body):
        """Replay dead jobs."""
        return self.bulk("replays", body)

    def discard(self, **body):
        """Discard dead jobs."""
        return self.bulk("discards", body)

    def bulk(self, command, body, *, key=ADMIN_KEY):
        """Change dead jobs; text goes as it is, all else as JSON."""
        raw = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
        return self.call("POST", f"/api/admin/dlq/{command}", key=key, body=raw)

    def call(self, method, path, **request):
        return call(self._handler, http_event(method, path, **request))


class SweeperDoor:
    """The clock's door."""

    def __init__(self, parts):
        from functions.sweeper import build  # noqa: PLC0415 - reads the environment at import

        self._handler = build(parts)

    def sweep(self, *, left_ms=60_000):
        """Sweep once, as the clock's rule asks for it, with so much time."""
        assert self._handler({}, Context(left_ms=left_ms)) == {}


class FeedbackDoor:
    """SES's door."""

    def __init__(self, parts):
        from functions.feedback import build  # noqa: PLC0415 - reads the environment at import

        self._handler = build(parts)

    def take(self, records):
        """Take a batch; return the ids of the messages that stay on the queue."""
        return take_batch(self._handler, records)


class ReportDoor:
    """The recipient's door."""

    def __init__(self, parts):
        from functions.report import build  # noqa: PLC0415 - reads the environment at import

        self.parts = parts
        self._handler = build(parts)

    def look(self, token, **request):
        """Open a link."""
        return self.call("GET", token, **request)

    def confirm(self, token, **request):
        """Press the page's button."""
        return self.call("POST", token, body="", **request)

    def call(self, method, token, *, languages=None, **request):
        headers = {"accept-language": languages} if languages else {}
        event = http_event(method, f"/report/{token}", headers=headers, **request)
        return call(self._handler, event)
