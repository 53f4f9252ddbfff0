"""Fields that several requests have; apart from `request`, whose address check loads for long."""

import re
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
#: https://www.rfc-editor.org/rfc/rfc3339#section-5.6
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def _single_line(text: str) -> str:
    if CONTROL.search(text):
        raise PydanticCustomError("control_character", "must not contain control characters")
    return text


def _rfc_3339(value: object) -> datetime:
    if isinstance(value, str) and _RFC_3339.fullmatch(value):
        with suppress(ValueError):  # the form is right, but there is no such day or minute
            return datetime.fromisoformat(value.upper())
    raise PydanticCustomError(
        "rfc_3339", "must be an RFC 3339 time with offset, such as 2025-12-19T15:00:00+08:00"
    )


#: a moment with its offset, in text
Rfc3339 = Annotated[datetime, BeforeValidator(_rfc_3339)]
SingleLine = AfterValidator(_single_line)
#: as a sign-in names its user
UserId = Annotated[str, Field(min_length=1, max_length=256), SingleLine]
