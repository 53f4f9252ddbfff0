"""Templates as a test wants to read them: by construct path, with references spelled out."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import App

from infra.app import build
from infra.config import ROOT, StageConfig

REQUIRED = {
    "mail_sender": "no-reply@example.com",
    "support_address": "support@example.com",
    "security_page_url": "https://example.com/security",
}
FILLED_IN = {
    "local": {},
    "dev": {**REQUIRED, "mail_sink": "sink@example.com"},
    "prod": {
        **REQUIRED,
        "alarm_email": "oncall@example.com",
        "public_url": "https://notices.example.com",
        "report_target_url": "https://example.com/hooks/reported",
        "report_target_key_secret_arn": (
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:report-key-AbCdEf"
        ),
    },
}


def a_config(stage, **changes):
    """The stage as its file ships, with what its owner fills in, and with changes."""
    shipped = tomllib.loads((ROOT / "stages" / f"{stage}.toml").read_text())
    return StageConfig.model_validate(shipped | FILLED_IN[stage] | changes | {"stage": stage})


def an_app(outdir):
    """An App in the context that cdk.json gives, except that it bundles nothing."""
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    return App(
        outdir=str(outdir),
        context={
            **context,
            "aws:cdk:bundling-stacks": [],
            "aws:cdk:enable-path-metadata": True,
        },
    )


@dataclass(frozen=True)
class Template:
    """One stack's resources by construct path; a reference reads as the path that it leads to."""

    resources: dict[str, dict[str, Any]]
    outputs: dict[str, Any]

    @classmethod
    def of(cls, body, stack_name):
        paths = {
            logical_id: resource["Metadata"]["aws:cdk:path"]
            .removeprefix(f"{stack_name}/")
            .removesuffix("/Resource")
            for logical_id, resource in body["Resources"].items()
        }
        return cls(
            resources={
                paths[logical_id]: _spelled_out(resource, paths)
                | {"DependsOn": {paths[name] for name in resource.get("DependsOn", [])}}
                for logical_id, resource in body["Resources"].items()
            },
            outputs={
                name: _spelled_out(output["Value"], paths)
                for name, output in body["Outputs"].items()
                if not name.startswith("Exports")
            }
            if "Outputs" in body
            else {},
        )

    def at(self, path):
        """The properties of the resource at a construct path."""
        return self.resources[path]["Properties"]

    def every(self, kind):
        """The properties of every resource of a CloudFormation type, by path."""
        return {
            path: resource["Properties"]
            for path, resource in self.resources.items()
            if resource["Type"] == kind
        }


def _spelled_out(value, paths):
    match value:
        case {"Ref": str(name)}:
            return paths.get(name, name)
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"{paths[name]}.{attribute}"
        case {"Fn::Join": [separator, parts]}:
            spelled_out = (_spelled_out(part, paths) for part in parts)
            # what comes from another stack is read by the name of its export
            return separator.join(
                part if isinstance(part, str) else part["Fn::ImportValue"] for part in spelled_out
            )
        case dict():
            return {key: _spelled_out(item, paths) for key, item in value.items()}
        case list():
            return [_spelled_out(item, paths) for item in value]
        case _:
            return value


@dataclass(frozen=True)
class Stacks:
    """What one stage deploys."""

    notifier: Template
    monitoring: Template | None
    #: the names of those that refuse to be deleted
    protected: set[str]


def synthesize(config, outdir: Path):
    """Synthesize a stage; a finding of cdk-nag or of CloudFormation's rules raises."""
    app = an_app(outdir)
    build(app, config=config)
    stacks = app.synth().stacks
    templates = {
        stack.stack_name: Template.of(stack.template, stack.stack_name) for stack in stacks
    }
    return Stacks(
        notifier=templates.pop(f"SigninNotifier-{config.stage}"),
        monitoring=templates.popitem()[1] if templates else None,
        protected={stack.stack_name for stack in stacks if stack.termination_protection},
    )
