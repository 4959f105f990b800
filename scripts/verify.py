"""Compare a live deployment with its parameters: code, duties, wiring, Safes. Reads only.

    ape run verify --network http://127.0.0.1:8545

Ends with 0 when nothing differs, 1 with one line per difference, 2 when it could not be compared.
"""

import sys
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand
from scripts._common import Chain, deployments_option, one_line_errors, params_option
from scripts._platform import deploy

from genbo.chain.parameter_files import load_platform
from genbo.chain.verify import verify


@click.command(cls=ConnectedProviderCommand)
@params_option
@deployments_option
def cli(params: Path | None, folder: Path) -> None:
    with one_line_errors():
        chain = Chain()
        chosen = chain.params(params)
        deployment = deploy(chain, chosen) if chain.is_inside else chain.load(folder)
        file = load_platform(chosen / "platform.yaml", chain.resolve)
        found = verify(chain.node, deployment, file.parameters)
        for drift in found.value:
            click.echo(f"differs: {drift}")
        products = ", ".join(deployment.tokens) or "no product"
        click.echo(
            f"{len(found.value)} differences at block {found.stamp.number} "
            f"of chain {found.stamp.chain_id} ({products})"
        )
        if found.value:
            sys.exit(1)
