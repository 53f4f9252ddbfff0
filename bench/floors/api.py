"""The least for the API: boto3 with its clients, one model, Powertools' logger and resolver."""

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import BaseModel


class Model(BaseModel):
    """One model; pydantic loads most of itself for its first."""

    name: str


clients = [
    boto3.client("dynamodb"),
    boto3.client("secretsmanager"),
    boto3.client("sqs"),
]
logger = Logger()
app = APIGatewayHttpResolver()
