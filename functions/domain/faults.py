"""What a model found wrong with what somebody sent, said without repeating it."""

import re
from typing import Any

from pydantic_core import ErrorDetails

from functions.domain.errors import Fault

#: what a name of a field looks like, here and in most APIs
_FIELD_NAME = re.compile(r"[a-z]{1,20}(_?[A-Za-z][a-z]{0,20}){0,3}", re.ASCII)


def fault_of(detail: ErrorDetails) -> Fault:
    """Return what a model found wrong, without echoing what the caller sent."""
    names: list[Any] = list(detail["loc"])
    if detail["type"] == "extra_forbidden":
        # The name is the caller's own text, and may be anything: a number, an address.
        if not _FIELD_NAME.fullmatch(names[-1]):
            return Fault(pointer="", detail="has an unknown field whose name is not shown")
        return Fault(pointer=_pointer(names), detail="is not a known field")
    if detail["type"] == "missing":
        return Fault(pointer=_pointer(names), detail="is required")
    return Fault(pointer=_pointer(names), detail=detail["msg"])


def _pointer(names: list[Any]) -> str:
    return "".join(f"/{name}" for name in names)
