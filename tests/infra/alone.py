"""Runs a program with nothing to import from but a bundle and the standard library."""

import json
import subprocess
import sys

DOORS = ("api", "worker", "admin", "sweeper", "feedback", "report")

ENVIRONMENT = {
    "STAGE": "local",
    "TABLE_NAME": "jobs",
    "QUEUE_URL": "http://127.0.0.1:1/queue",
    "DEAD_LETTER_QUEUE_URL": "http://127.0.0.1:1/dead-letters",
    "PRODUCER_KEY_SECRET_ARN": "producer",
    "ADMIN_KEY_SECRET_ARN": "admin",
    "LINK_KEY_SECRET_ARN": "links",
    "WORKER_TIMEOUT_SECONDS": "30",
    "BRAND_NAME": "Yellow Books",
    "MAIL_SENDER": "no-reply@example.com",
    "SUPPORT_ADDRESS": "support@example.com",
    "SECURITY_PAGE_URL": "https://example.com/security",
    "PUBLIC_URL": "https://notices.example.com",
    "MAIL_TRANSPORT": "ses",
    "CONFIGURATION_SET": "signin-notifier",
    "SIMULATOR": "true",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_SERVICE_NAME": "signin-notifier-local",
    "POWERTOOLS_METRICS_NAMESPACE": "SigninNotifier",
}


def run_alone(bundle, program, *arguments, **environment):
    """Return what a program says last, as JSON; its `sys.argv` begins with the bundle."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own program
        [
            # isolated, without site-packages, and as on Lambda without a place for bytecode
            *(sys.executable, "-I", "-S", "-B", "-c"),
            f"import sys; sys.path.insert(0, sys.argv[1])\n{program}",
            *map(str, (bundle, *arguments)),
        ],
        env=ENVIRONMENT | environment,
        cwd=bundle,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
