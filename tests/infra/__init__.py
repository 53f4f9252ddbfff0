"""The stacks, read as CloudFormation will get them; needs Node."""

import infra  # noqa: F401 - tells jsii of our Node before anything imports aws_cdk
