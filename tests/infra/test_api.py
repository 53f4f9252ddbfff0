"""The HTTP API: routes, limits, access log."""

import json

ROUTES = {
    "POST /api/jobs/signin-notification": "Api/Function",
    "GET /api/jobs/{jobId}": "Api/Function",
    "GET /api/admin/dlq": "Admin/Function",
    "POST /api/admin/dlq/replays": "Admin/Function",
    "POST /api/admin/dlq/discards": "Admin/Function",
    "GET /api/admin/jobs": "Admin/Function",
    "GET /api/admin/jobs/{jobId}": "Admin/Function",
    "GET /api/admin/stats": "Admin/Function",
    "GET /api/admin/console": "Admin/Function",
    "GET /api/admin/console/{file}": "Admin/Function",
    "GET /report/{token}": "Report/Function",
    "HEAD /report/{token}": "Report/Function",
    "POST /report/{token}": "Report/Function",
    "$default": "Api/Function",
}


def test_every_route_leads_to_its_function(any_stage):
    template = any_stage.notifier
    integrations = {
        f"integrations/{path}": integration["IntegrationUri"].removesuffix(".Arn")
        for path, integration in template.every("AWS::ApiGatewayV2::Integration").items()
    }
    assert {
        route["RouteKey"]: integrations[route["Target"]]
        for route in template.every("AWS::ApiGatewayV2::Route").values()
    } == ROUTES


def test_functions_get_the_second_payload_format(any_stage):
    integrations = any_stage.notifier.every("AWS::ApiGatewayV2::Integration").values()
    assert {integration["PayloadFormatVersion"] for integration in integrations} == {"2.0"}


def test_each_route_has_a_limit_of_its_own(prod):
    assert prod.notifier.at("Http/Stage")["RouteSettings"] == {
        "POST /api/jobs/signin-notification": _limit(200, 400),
        "GET /api/jobs/{jobId}": _limit(100, 200),
        "GET /api/admin/dlq": _limit(10, 20),
        "POST /api/admin/dlq/replays": _limit(10, 20),
        "POST /api/admin/dlq/discards": _limit(10, 20),
        "GET /api/admin/jobs": _limit(10, 20),
        "GET /api/admin/jobs/{jobId}": _limit(10, 20),
        "GET /api/admin/stats": _limit(10, 20),
        "GET /api/admin/console": _limit(20, 60),
        "GET /api/admin/console/{file}": _limit(20, 60),
        "GET /report/{token}": _limit(50, 100),
        "HEAD /report/{token}": _limit(50, 100),
        "POST /report/{token}": _limit(50, 100),
        "$default": _limit(10, 20),
    }


def _limit(rate, burst):
    return {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}


def test_a_limit_is_set_only_once_its_route_exists(any_stage):
    template = any_stage.notifier
    waits_for = template.resources["Http/Stage"]["DependsOn"]
    assert set(template.every("AWS::ApiGatewayV2::Route")) <= waits_for


def test_the_access_log_carries_the_route_and_neither_anything_personal_nor_a_link(any_stage):
    settings = any_stage.notifier.at("Http/Stage")["AccessLogSettings"]
    assert settings["DestinationArn"] == "AccessLog.Arn"
    assert json.loads(settings["Format"]) == {
        "requestId": "$context.requestId",
        "requestTime": "$context.requestTime",
        "routeKey": "$context.routeKey",
        "status": "$context.status",
        "responseLatencyMs": "$context.responseLatency",
        "integrationStatus": "$context.integrationStatus",
        "integrationError": "$context.integrationErrorMessage",
    }
