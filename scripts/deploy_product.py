"""Create a product by the signatures of the Safes' owners; verify; add it to the record.

ape run deploy_product --network ethereum:local:test         deploys a platform first: that chain is new
ape run deploy_product --network http://127.0.0.1:8545
"""

from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand
from scripts._common import (
    Chain,
    collector,
    deployments_option,
    one_line_errors,
    params_option,
)
from scripts._platform import deploy

from genbo.chain import deployments, verify
from genbo.chain.deploy import adopt_products, deploy_product, missing_approvals, plan_product
from genbo.chain.parameter_files import load_product


@click.command(cls=ConnectedProviderCommand)
@params_option
@deployments_option
def cli(params: Path | None, folder: Path) -> None:
    with one_line_errors():
        chain = Chain()
        chosen = chain.params(params)
        deployment = deploy(chain, chosen) if chain.is_inside else chain.load(folder)
        if (complete := adopt_products(chain.node, deployment)) != deployment:
            deployment = complete
            click.echo(f"record completed: {deployments.save(deployment, folder)}")

        file = load_product(chosen / "product.yaml", chain.resolve)
        plan = plan_product(chain.node, deployment, file.terms, group_enabled=file.group_enabled)
        click.echo(f"product {file.terms.product_id}, token {plan.token}, to be signed:")
        for step in plan.steps:
            click.echo(f"    {step.line()}")

        collect = collector([chain.signer(name) for name in file.signers], file.approvals)
        for step, given, needed in missing_approvals(plan, collect):
            click.echo(f"lacks {needed - given} of {needed} signatures: {step.line()}", err=True)
        carrier = chain.signer(file.carrier)
        deployment = deploy_product(
            plan, chain.sender, collect=collect, by=carrier, echo=click.echo
        )
        stamp = verify.require(chain.node, deployment)
        click.echo(f"verified at block {stamp.number}: nothing differs")
        if not chain.is_inside:
            click.echo(f"record: {deployments.save(deployment, folder)}")
