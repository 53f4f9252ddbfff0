"""What stage prod deploys, read from its synthesized templates."""

import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aws_cdk import App

from infra.app import build
from infra.config import ROOT, StageConfig

#: what an owner fills in; none of it costs anything
_FILLED_IN: Final = {
    "brand_name": "Yellow Books",
    "mail_sender": "no-reply@example.com",
    "support_address": "support@example.com",
    "security_page_url": "https://example.com/security",
    "alarm_email": "oncall@example.com",
    "public_url": "https://notices.example.com",
}

Resource = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """The resources of all stacks of a stage."""

    config: StageConfig
    resources: Mapping[str, Resource]

    def every(self, kind: str) -> list[Resource]:
        """Return the properties of every resource of a CloudFormation type."""
        return [one["Properties"] for one in self.resources.values() if one["Type"] == kind]

    def function(self, door: str) -> Resource:
        """Return the properties of a door's function."""
        [found] = [
            function
            for function in self.every("AWS::Lambda::Function")
            if function["Handler"] == f"functions.{door}.handler"
        ]
        return found

    def facts(self) -> dict[str, Any]:
        """Return what the bill and the limits go by."""
        functions = self.every("AWS::Lambda::Function")
        # what the bill takes for granted
        assert {one["Architectures"][0] for one in functions} == {"arm64"}  # noqa: S101
        assert {one["TracingConfig"]["Mode"] for one in functions} == {"Active"}  # noqa: S101
        return {
            "memory_mb": {one["Handler"].split(".")[1]: one["MemorySize"] for one in functions},
            "event_sources": len(self.every("AWS::Lambda::EventSourceMapping")),
            "secrets": len(self.every("AWS::SecretsManager::Secret")),
            "keys": len(self.every("AWS::KMS::Key")),
            "alarm_metrics": sum(map(_metrics, self.every("AWS::CloudWatch::Alarm"))),
            "dashboards": len(self.every("AWS::CloudWatch::Dashboard")),
            "retention_days": self.config.retention_days,
            "mails_per_second": self.config.mails_per_second,
            "post_rate": self.config.throttling.post_sign_in.rate,
        }


def deployed() -> Deployed:
    """Synthesize stage prod as it ships."""
    shipped = tomllib.loads((ROOT / "stages" / "prod.toml").read_text(encoding="utf-8"))
    config = StageConfig.model_validate({**shipped, **_FILLED_IN, "stage": "prod"})
    with tempfile.TemporaryDirectory() as outdir:
        app = App(outdir=outdir, context={"aws:cdk:bundling-stacks": []})
        build(app, config=config)
        templates = [stack.template for stack in app.synth().stacks]
    return Deployed(config=config, resources=dict(_resources(templates)))


def _resources(templates: list[Any]) -> Iterator[tuple[str, Resource]]:
    for number, template in enumerate(templates):
        for name, resource in template["Resources"].items():
            yield f"{number}/{name}", {"Properties": {}, **resource}


def _metrics(alarm: Resource) -> int:
    """Count the metrics of an alarm: each is charged, expressions are not."""
    return sum("MetricStat" in part for part in alarm.get("Metrics", [])) or 1
