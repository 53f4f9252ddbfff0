"""The HTTP API: routes, each with its own limit, and an access log without personal data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Acknowledgment, Validations
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.throttling import RouteLimit, Throttling

#: the route, never the path, the query or the caller's address
ACCESS_LOG_FORMAT = json.dumps(
    {
        "requestId": "$context.requestId",
        "requestTime": "$context.requestTime",
        "routeKey": "$context.routeKey",
        "status": "$context.status",
        "responseLatencyMs": "$context.responseLatency",
        "integrationStatus": "$context.integrationStatus",
        "integrationError": "$context.integrationErrorMessage",
    }
)


@dataclass(frozen=True, kw_only=True)
class Route:
    """Which function answers a route, and how often it may be asked."""

    function: lambda_.IFunction
    limit: RouteLimit


def routes(
    limits: Throttling,
    *,
    api: lambda_.IFunction,
    admin: lambda_.IFunction,
    report: lambda_.IFunction,
) -> dict[str, Route]:
    """Name every route of the service; what none of them matches is a 404 of ours."""
    operators = Route(function=admin, limit=limits.admin)
    console = Route(function=admin, limit=limits.console)
    recipients = Route(function=report, limit=limits.report)
    return {
        "POST /api/jobs/signin-notification": Route(function=api, limit=limits.post_sign_in),
        "GET /api/jobs/{jobId}": Route(function=api, limit=limits.get_job),
        "GET /api/admin/dlq": operators,
        "POST /api/admin/dlq/replays": operators,
        "POST /api/admin/dlq/discards": operators,
        "GET /api/admin/jobs": operators,
        "GET /api/admin/jobs/{jobId}": operators,
        "GET /api/admin/stats": operators,
        "GET /api/admin/console": console,
        "GET /api/admin/console/{file}": console,
        "GET /report/{token}": recipients,
        "HEAD /report/{token}": recipients,
        "POST /report/{token}": recipients,
        "$default": Route(function=api, limit=limits.other),
    }


class Api(Construct):
    """An HTTP API of the given routes, by route key (`GET /api/jobs/{jobId}`, `$default`)."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        routes: Mapping[str, Route],
        access_log: logs.ILogGroup,
    ) -> None:
        super().__init__(scope, construct_id)
        self.http_api = apigateway.HttpApi(
            self, "HttpApi", api_name=name, create_default_stage=False
        )
        stage = apigateway.HttpStage(
            self, "Stage", http_api=self.http_api, stage_name="$default", auto_deploy=True
        )
        cfn_stage = stage.node.default_child
        assert isinstance(cfn_stage, apigateway.CfnStage)  # noqa: S101 - narrows CDK's type
        cfn_stage.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=access_log.log_group_arn, format=ACCESS_LOG_FORMAT
        )
        cfn_stage.route_settings = {
            key: {
                "ThrottlingRateLimit": route.limit.rate,
                "ThrottlingBurstLimit": route.limit.burst,
            }
            for key, route in routes.items()
        }
        integrations = {
            function: HttpLambdaIntegration("Integration", function)
            for function in {route.function: None for route in routes.values()}
        }
        for key, route in routes.items():
            method, _, path = key.partition(" ")
            http_route = apigateway.HttpRoute(
                self,
                key,
                http_api=self.http_api,
                route_key=apigateway.HttpRouteKey.with_(path, apigateway.HttpMethod[method])
                if path
                else apigateway.HttpRouteKey.DEFAULT,
                integration=integrations[route.function],
            )
            stage.node.add_dependency(http_route)  # a limit can only be set on a route that exists
            Validations.of(http_route).acknowledge(
                Acknowledgment(
                    id="AwsSolutions-APIG4",
                    reason="The function itself checks the key or the link's signature, in constant"
                    " time, before it reads anything else; an authorizer would be one more cold"
                    " start.",
                )
            )
