"""Each door answers with nothing but the bundle, over a stand-in for AWS."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from functions.adapters.dynamodb.items import job_item
from functions.domain.model import Status
from tests.adapters.mail import Page
from tests.builders import a_sign_in, job_number
from tests.functions.events import http_event, record
from tests.infra.alone import run_alone

CALL = """
import importlib, json
from types import SimpleNamespace
door = importlib.import_module(sys.argv[2])
context = SimpleNamespace(
    function_name="door", function_version="1", invoked_function_arn="arn", aws_request_id="id",
    memory_limit_in_mb=1024, get_remaining_time_in_millis=lambda: 60_000,
)
answer = door.handler(json.loads(sys.argv[3]), context)
print(json.dumps({"file": door.__file__, "answer": answer}))
"""
LANGUAGES = ("mn", "en")
JOBS = {
    job.job_id: job
    for n, language in enumerate(LANGUAGES)
    for job in [
        job_number(n, status=Status.PROCESSING, sign_in=a_sign_in(locale=language), run=1),
    ]
}


class Aws:
    """Answers what the doors ask of AWS, and keeps it."""

    def __init__(self):
        self.endpoint = ""
        self.asked = []
        self.mails = []

    def answer(self, operation, request):
        self.asked.append(operation)
        match operation:
            case "SendEmail":
                self.mails.append(request)
                return {"MessageId": "one"}
            case "UpdateItem":
                job = JOBS.get(request["Key"]["pk"]["S"])
                return {"Attributes": job_item(job, expires_at_s=2**40)} if job else {}
            case "GetSecretValue":
                return {"SecretString": "a key"}
            case "Query":
                return {"Items": [], "Count": 0}
            case "GetQueueAttributes":
                return {"Attributes": {"ApproximateNumberOfMessages": "0"}}
            case _:
                return {}


@pytest.fixture
def aws():
    with serving(Aws()) as served:
        yield served


@contextmanager
def serving(aws):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            # SES alone names the operation by a path
            target = self.headers.get("X-Amz-Target", "SES.SendEmail")
            body = json.dumps(aws.answer(target.rpartition(".")[2], request)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        aws.endpoint = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield aws
        server.shutdown()


@pytest.fixture
def call(laptop_bundle, aws):
    def call(door, event):
        said = run_alone(
            laptop_bundle,
            CALL,
            f"functions.{door}",
            json.dumps(event),
            AWS_ENDPOINT_URL=aws.endpoint,
            QUEUE_URL=f"{aws.endpoint}/queue",
            DEAD_LETTER_QUEUE_URL=f"{aws.endpoint}/dead-letters",
        )
        assert said["file"] == str(laptop_bundle / "functions" / f"{door}.py")
        return said["answer"]

    return call


@pytest.mark.parametrize(
    ("door", "method", "path", "status"),
    [
        ("api", "POST", "/api/jobs/signin-notification", 401),
        ("api", "GET", "/nothing", 404),
        ("admin", "GET", "/api/admin/stats", 401),
        ("admin", "GET", "/api/admin/console", 200),
        ("report", "GET", "/report/no-token", 404),
    ],
)
def test_a_door_answers_http(door, method, path, status, call):
    assert call(door, http_event(method, path))["statusCode"] == status


def test_the_api_takes_a_sign_in(call, aws):
    body = json.dumps({"userId": "user-1", "email": "user@example.com", "provider": "github"})
    event = http_event("POST", "/api/jobs/signin-notification", body=body, key="a key")
    assert call("api", event)["statusCode"] == 202
    assert aws.asked[-2:] == ["TransactWriteItems", "SendMessage"]


def test_the_worker_mails_in_every_language(call, aws):
    records = [
        record(json.dumps({"jobId": job_id, "run": 1}), message_id=job_id) for job_id in JOBS
    ]
    assert call("worker", {"Records": records}) == {"batchItemFailures": []}
    contents = [mail["Content"]["Simple"] for mail in aws.mails]
    pages = [Page(content["Body"]["Html"]["Data"]) for content in contents]
    languages = [dict(of)["lang"] for page in pages for tag, of in page.elements if tag == "html"]
    assert set(languages) == set(LANGUAGES)
    assert all("Chrome 131 (Windows)" in page.text for page in pages)
    assert all("(UTC+8)" in content["Body"]["Text"]["Data"] for content in contents)


def test_the_worker_leaves_what_is_no_job_on_the_queue(call):
    answer = call("worker", {"Records": [record("nothing", message_id="one")]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "one"}]}


def test_feedback_writes_what_became_of_a_mail(call, aws):
    [job_id, _] = JOBS
    told = {
        "eventType": "Delivery",
        "mail": {"timestamp": "2025-12-19T07:00:00.000Z", "tags": {"jobId": [job_id]}},
    }
    event = {"Records": [record(json.dumps(told), message_id="one")]}
    assert call("feedback", event) == {"batchItemFailures": []}
    assert aws.asked == ["UpdateItem"]


def test_the_sweeper_looks_for_what_is_overdue(call, aws):
    assert call("sweeper", {}) == {}
    assert {"Query", "ReceiveMessage"} <= set(aws.asked)
