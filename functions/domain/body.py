"""A posted body: bytes from anybody, until a model has taken them."""

import json
from collections import Counter
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from functions.domain.errors import BodyTooLarge, Fault, Invalid
from functions.domain.faults import fault_of

MAX_BODY_BYTES: Final = 16 * 1024

_BROKEN_RULES: Final = "The request breaks the rules of these fields."

Body = TypeVar("Body", bound=BaseModel)


class Strict(BaseModel):
    """A JSON object: names in camel case, exact types, no unknown field, no echo in errors."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
    )


def parse_body(model: type[Body], body: bytes, *, context: Any = None) -> Body:
    """Parse a posted body.

    Raises:
        BodyTooLarge: it has more than `MAX_BODY_BYTES` bytes.
        Invalid: it is not UTF-8, not JSON, not an object, or breaks rules; all of them are listed.
            Fields that are given twice are listed once nothing else is wrong.
    """
    if len(body) > MAX_BODY_BYTES:
        raise BodyTooLarge(f"The body must not be longer than {MAX_BODY_BYTES} bytes.")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Invalid("The body is not valid UTF-8.") from None
    # API Gateway hands broken bytes over as U+FFFD, so that the original is lost.
    if "\N{REPLACEMENT CHARACTER}" in text:
        raise Invalid("The body is not valid UTF-8.")
    try:
        parsed = model.model_validate_json(text, context=context)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
    else:
        _refuse_repeats(text)
        return parsed
    if details[0]["type"] == "json_invalid":
        raise Invalid("The body is not valid JSON.")
    if not details[0]["loc"]:
        raise Invalid("The body must be a JSON object.")
    raise Invalid(_BROKEN_RULES, [fault_of(detail) for detail in details])


def _refuse_repeats(text: str) -> None:
    """Refuse a body that a model has taken, if one of its fields stands there twice.

    The model took the last of them; what else reads the body on its way may take the first.
    """
    pointers = json.loads(text, object_pairs_hook=_repeats)
    if pointers:
        faults = [Fault(pointer, "must be given once only") for pointer in sorted(pointers)]
        raise Invalid(_BROKEN_RULES, faults)


def _repeats(fields: list[tuple[str, Any]]) -> set[str]:
    """Return the pointers of an object's repeated fields, and of those within its objects.

    All names are a model's own, but within a repeated field: what the model did not take may hold
    anything.
    """
    times = Counter(name for name, _ in fields)
    return {f"/{name}" for name in times if times[name] > 1} | {
        f"/{name}{inner}"
        for name, value in fields
        if times[name] == 1 and isinstance(value, set)
        for inner in value
    }
