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
    "brand_name": "Yellow Books",
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
    #: outputs that CDK has added for other stacks
    read_elsewhere: dict[str, Any]

    @classmethod
    def of(cls, stack, others):
        """Read a synthesized stack, and what it refers to in others, by their name."""
        body, stack_name = stack.template, stack.stack_name
        paths = {
            logical_id: resource["Metadata"]["aws:cdk:path"]
            .removeprefix(f"{stack_name}/")
            .removesuffix("/Resource")
            for logical_id, resource in body["Resources"].items()
        }
        outputs = {
            name: _spelled_out(output["Value"], paths, others)
            for name, output in body.get("Outputs", {}).items()
        }
        return cls(
            resources={
                paths[logical_id]: _spelled_out(resource, paths, others)
                | {"DependsOn": {paths[name] for name in resource.get("DependsOn", [])}}
                for logical_id, resource in body["Resources"].items()
            },
            outputs={k: v for k, v in outputs.items() if not k.startswith("PublishOutput")},
            read_elsewhere={k: v for k, v in outputs.items() if k.startswith("PublishOutput")},
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


def _spelled_out(value, paths, others):
    def inner(value):
        return _spelled_out(value, paths, others)

    match value:
        case {"Ref": str(name)}:
            value = paths.get(name, name)
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            value = f"{paths[name]}.{attribute}"
        case {"Fn::GetStackOutput": {"StackName": stack, "OutputName": output}}:
            value = others[stack].read_elsewhere[output]
        case {"Fn::Join": [separator, parts]}:
            value = separator.join(map(inner, parts))
        case dict():
            value = {key: inner(item) for key, item in value.items()}
        case list():
            value = [inner(item) for item in value]
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
    stacks = app.synth().stacks  # each after those that it refers to
    templates = {}
    for stack in stacks:
        templates[stack.stack_name] = Template.of(stack, templates)
    return Stacks(
        notifier=templates.pop(f"SigninNotifier-{config.stage}"),
        monitoring=templates.popitem()[1] if templates else None,
        protected={stack.stack_name for stack in stacks if stack.termination_protection},
    )
