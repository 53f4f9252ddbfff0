"""What takes requests and mails, whoever runs the functions."""

from dataclasses import dataclass

from bench.emulated import Aws


@dataclass(frozen=True, kw_only=True, slots=True)
class Pipeline:
    """One that runs, at an emulated AWS."""

    #: where callers reach it
    url: str
    aws: Aws
    queue_url: str
    table_name: str
