"""`cdk deploy --all -c stage=prod`: the stacks of one stage."""

from aws_cdk import App, CliCredentialsStackSynthesizer, Environment, Validations
from cdk_nag import AwsSolutionsChecks

from infra.config import StageConfig
from infra.monitoring.stack import MonitoringStack
from infra.stack import NotifierStack
from infra.stages import load


def build(app: App, *, config: StageConfig) -> None:
    """Add the stage's stacks; synth fails on any finding of cdk-nag that is not acknowledged."""
    env = Environment(account=config.account, region=config.region)
    local = config.stage == "local"
    notifier = NotifierStack(
        app,
        f"SigninNotifier-{config.stage}",
        config=config,
        env=env,
        # MiniStack under AUTH=true refuses the roles that `cdk bootstrap` makes for publishing
        synthesizer=CliCredentialsStackSynthesizer() if local else None,
    )
    if not local:  # the emulators have neither metrics nor metric math
        MonitoringStack(
            app,
            f"SigninNotifierMonitoring-{config.stage}",
            config=config,
            env=env,
            notifier=notifier,
        )
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))


if __name__ == "__main__":
    app = App()
    stage = app.node.try_get_context("stage")
    if stage is None:
        raise SystemExit("The CDK command line starts this, for a stage: make synth STAGE=dev")
    build(app, config=load(stage, public_url=app.node.try_get_context("public_url")))
    app.synth()
