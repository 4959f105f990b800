"""Create a product by the signatures of the Safes' owners, with its registry of documents; verify; record both.

ape run deploy_product --network ethereum:local:test         deploys a platform first: that chain is new
ape run deploy_product --network http://127.0.0.1:8545
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
from genbo.chain.deploy import adopt_products, deploy_product, plan_product
from genbo.chain.deployments import Deployment
from genbo.chain.documents import adopt_documents, deploy_documents, plan_documents
from genbo.chain.parameter_files import load_product


@click.command(cls=ConnectedProviderCommand)
@params_option
@deployments_option
def cli(params: Path | None, folder: Path) -> None:
    with one_line_errors():
        chain = Chain()
        chosen = chain.params(params)
        deployment = deploy(chain, chosen) if chain.is_inside else chain.load(folder)
        complete = adopt_documents(chain.node, adopt_products(chain.node, deployment))
        if complete != deployment:
            deployment = complete
            click.echo(f"record completed: {deployments.save(deployment, folder)}")

        file = load_product(chosen / "product.yaml", chain.resolve)
        product = file.terms.product_id
        collect = collector([chain.signer(name) for name in file.signers], file.approvals)
        carrier = chain.signer(file.carrier)

        def keep(deployment: Deployment) -> None:
            stamp = verify.require(chain.node, deployment)
            click.echo(f"verified at block {stamp.number}: nothing differs")
            if not chain.is_inside:
                click.echo(f"record: {deployments.save(deployment, folder)}")

        record = deployment.tokens.get(product)
        if record is None or record.documents is not None:  # a product that is complete is refused
            plan = plan_product(
                chain.node, deployment, file.terms, group_enabled=file.group_enabled
            )
            click.echo(f"product {product}, token {plan.token}, to be signed:")
            announce(plan.steps, collect)
            deployment = deploy_product(
                plan, chain.sender, collect=collect, by=carrier, echo=click.echo
            )
            keep(deployment)

        papers = plan_documents(chain.node, deployment, product, carrier=carrier.address)
        click.echo(f"documents of {product}, registry {papers.registry}, to be signed:")
        announce(papers.steps, collect)
        keep(deploy_documents(papers, chain.sender, collect=collect, by=carrier, echo=click.echo))
