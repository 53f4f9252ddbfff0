"""Made-up users, remembered: no log line may tell of them."""

from itertools import count
from typing import Any

_numbers = count(1)
_personal: set[str] = set()


def a_person(**changes: Any) -> dict[str, Any]:
    """Return the body of a sign-in by somebody whom no other test knows."""
    number = next(_numbers)
    body = {
        "userId": f"somebody-{number:04d}",
        "email": f"narantuya.{number:04d}@people.example",
        "name": f"Нарантуяа {number:04d}",
        "provider": "github",
        "ipAddress": f"198.51.100.{number % 250}, 203.0.113.{number % 250}",
        "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36",
    } | changes
    for field in ("userId", "email", "name", "ipAddress"):
        if isinstance(body.get(field), str) and body[field]:
            _personal.update(body[field].split(", "))
    return body


def all_personal_texts() -> frozenset[str]:
    """Return every id, address, name and IP address that `a_person` has given out."""
    return frozenset(_personal)
