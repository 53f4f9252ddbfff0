"""How often API Gateway lets each route be called: settings of a stage."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from infra.setting_types import Whole


class RouteLimit(BaseModel):
    """How often API Gateway lets one route be called, over all callers.

    At most what it allows a whole account:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: requests per second
    rate: Annotated[Whole, Field(ge=1, le=10_000)]
    burst: Annotated[Whole, Field(ge=1, le=5_000)]


class Throttling(BaseModel):
    """One limit per route, so that no route can starve another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: `POST /api/jobs/signin-notification`
    post_sign_in: RouteLimit = RouteLimit(rate=200, burst=400)
    #: `GET /api/jobs/{jobId}`
    get_job: RouteLimit = RouteLimit(rate=100, burst=200)
    #: what operators ask for by the admin key
    admin: RouteLimit = RouteLimit(rate=10, burst=20)
    #: the console's page and its files, which a browser asks for all at once
    console: RouteLimit = RouteLimit(rate=20, burst=60)
    #: the page behind the report links, for its readers and for whoever scans their mail
    report: RouteLimit = RouteLimit(rate=50, burst=100)
    #: everything that no route matches
    other: RouteLimit = RouteLimit(rate=10, burst=20)
