"""What a newcomer tries first: the two local keys and one sign-in."""

import json

PRODUCER_KEY = "local-producer-key"
ADMIN_KEY = "local-admin-key"

SIGN_IN = {
    "userId": "user-123",
    "email": "user@example.com",
    "name": "John",
    "provider": "github",
    "ipAddress": "203.0.113.7",
    "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "locale": "en",
}


def curl(port: int) -> str:
    """Return the command that posts the sample sign-in, for any POSIX shell."""
    return (
        f"curl -sS -X POST http://localhost:{port}/api/jobs/signin-notification \\\n"
        f"  -H 'Authorization: Bearer {PRODUCER_KEY}' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d '{json.dumps(SIGN_IN)}'"
    )
