"""Bring the token code of this package to the platform: new services and acts, approved by two persons; verify; record.

ape run deploy_code --network http://127.0.0.1:8545

Tokens that stand keep the code they were created with; `succeed_product` moves them one by one. A platform from before
there were payments in a yen token gets their contract, too. Carrier, signers and signatures made elsewhere are those of
`successor.yaml`.
"""

from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand
from scripts._common import (
    Chain,
    announce,
    collector,
    deployments_option,
    one_line_errors,
    params_option,
)
from scripts._platform import deploy

from genbo.chain import deployments, verify
from genbo.chain.code import deploy_code, plan_code
from genbo.chain.successor.parameter_file import load_succession


@click.command(cls=ConnectedProviderCommand)
@params_option
@deployments_option
def cli(params: Path | None, folder: Path) -> None:
    with one_line_errors():
        chain = Chain()
        chosen = chain.params(params)
        deployment = deploy(chain, chosen) if chain.is_inside else chain.load(folder)
        file = load_succession(chosen / "successor.yaml", chain.resolve)
        collect = collector([chain.signer(name) for name in file.signers], file.approvals)
        carrier = chain.signer(file.carrier)
        plan = plan_code(chain.node, deployment, carrier=carrier.address)
        click.echo(f"acts {plan.acts}, services {plan.services}, to be signed:")
        announce(plan.steps, collect)
        deployment = deploy_code(plan, chain.sender, collect=collect, by=carrier, echo=click.echo)
        stamp = verify.require(chain.node, deployment)
        click.echo(f"verified at block {stamp.number}: nothing differs")
        if not chain.is_inside:
            click.echo(f"record: {deployments.save(deployment, folder)}")
