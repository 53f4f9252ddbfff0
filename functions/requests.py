"""What an HTTP request carries, before any door looks at it."""

import re
from base64 import b64decode
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from functions.domain.errors import Invalid
from functions.domain.faults import fault_of

_WEIGHT: Final = re.compile(r"q=([01](?:\.\d{0,3})?)", re.ASCII)

Query = TypeVar("Query", bound=BaseModel)


def raw_body(event: Mapping[str, Any]) -> bytes:
    """Return the body of an HTTP API event.

    Raises:
        Invalid: it is said to be base64, and is not.
    """
    body = event.get("body") or ""
    try:
        return b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except ValueError:
        raise Invalid("The body could not be decoded.") from None


def preferred_languages(accept_language: str) -> list[str]:
    """Return the tags of an `Accept-Language` header, the best first.

    https://www.rfc-editor.org/rfc/rfc9110#name-accept-language
    """
    weighed = []
    for listed in accept_language.split(","):
        tag, _, parameter = listed.partition(";")
        weight = _WEIGHT.fullmatch(parameter.strip())
        weighed.append((float(weight[1]) if weight else 1.0, tag.strip()))
    return [tag for weight, tag in sorted(weighed, key=itemgetter(0), reverse=True) if weight]


def parse_query(model: type[Query], parameters: Mapping[str, str]) -> Query:
    """Parse a query string's parameters.

    Raises:
        Invalid: they break rules; all of them are listed. A pointer leads into a body: these name
            the parameters the same way.
    """
    try:
        return model.model_validate(parameters)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
    raise Invalid(
        "The query breaks the rules of these parameters.",
        [fault_of(detail) for detail in details],
    )
