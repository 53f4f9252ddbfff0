"""A posted body: bytes from anybody, until a model has taken them."""

from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from functions.domain.errors import BodyTooLarge, Invalid
from functions.domain.faults import fault_of

MAX_BODY_BYTES: Final = 16 * 1024

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
        return model.model_validate_json(text, context=context)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
    if details[0]["type"] == "json_invalid":
        raise Invalid("The body is not valid JSON.")
    if not details[0]["loc"]:
        raise Invalid("The body must be a JSON object.")
    raise Invalid(
        "The request breaks the rules of these fields.", [fault_of(detail) for detail in details]
    )
