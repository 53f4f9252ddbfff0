"""Bodies of `POST /api/jobs/signin-notification`."""


def a_body(**changes):
    """Return a body with every kind of personal data; a field changed to `...` is left out."""
    body = {
        "userId": "user-123",
        "email": "batbold@example.com",
        "name": "Batbold",
        "provider": "github",
        "ipAddress": "203.0.113.7",
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    }
    return {name: value for name, value in (body | changes).items() if value is not ...}
