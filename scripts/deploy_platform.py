"""Deploy the platform: Safes, duties, platform and factory; hand over ADMIN; verify; write the record.

ape run deploy_platform --network ethereum:local:test
ape run deploy_platform --network http://127.0.0.1:8545
"""

from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand
from scripts._common import Chain, deployments_option, one_line_errors, params_option
from scripts._platform import deploy

from genbo.chain import deployments


@click.command(cls=ConnectedProviderCommand)
@params_option
@deployments_option
def cli(params: Path | None, folder: Path) -> None:
    with one_line_errors():
        chain = Chain()
        deployment = deploy(chain, chain.params(params))
        if chain.is_inside:
            click.echo("no record written: this chain ends with the script")
        else:
            click.echo(f"record: {deployments.save(deployment, folder)}")
