"""Deploying a platform: the steps of deploy_platform.py, which the other scripts repeat on a chain that is new."""

from pathlib import Path

import click
from scripts._common import Chain

from genbo.chain import verify
from genbo.chain.deploy import deploy_platform, plan_platform
from genbo.chain.deployments import Deployment
from genbo.chain.parameter_files import load_platform


def deploy(chain: Chain, params: Path) -> Deployment:
    """Resolve, print, send, verify."""
    file = load_platform(params / "platform.yaml", chain.resolve)
    deployer = chain.signer(file.deployer)
    plan = plan_platform(chain.node, file.parameters, deployer=deployer.address)
    click.echo(f"chain {chain.node.chain_id}, deployer {deployer.address}, to be sent:")
    for step in plan.steps:
        click.echo(f"    {step.line()}")
    deployment = deploy_platform(plan, chain.sender, deployer=deployer, echo=click.echo)
    stamp = verify.require(chain.node, deployment, file.parameters)
    click.echo(f"verified at block {stamp.number}: nothing differs")
    return deployment
