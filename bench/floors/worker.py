"""The least for the worker: boto3 with its clients, one model, Powertools, and a mail's libraries.

Both templates are compiled, as they have to be before a mail can leave.
"""

from pathlib import Path

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import AsyncBatchProcessor, EventType
from babel import Locale
from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel
from ua_parser import BasicResolver, load_lazy_builtins


class Model(BaseModel):
    """One model; pydantic loads most of itself for its first."""

    name: str


clients = [
    boto3.client("dynamodb"),
    boto3.client("secretsmanager"),
    boto3.client("sqs"),
    boto3.client("sesv2"),
]
logger = Logger()
processor = AsyncBatchProcessor(EventType.SQS)
environment = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    trim_blocks=True,
)
templates = [environment.get_template(f"mail.{form}.j2") for form in ("html", "txt")]
dates = (Locale, format_datetime)
agents = BasicResolver(load_lazy_builtins())
