"""What the scripts share: the connection that ape made, as our own node, and the accounts it knows."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ape
import click
from eth_utils.address import is_checksum_address

from genbo.chain import deployments
from genbo.chain.contracts.safe import Approval
from genbo.chain.deployments import Deployment
from genbo.chain.keys import Signer, development_key
from genbo.chain.networks import is_development
from genbo.chain.remote import RemoteNode
from genbo.chain.safe import Proposal, approve
from genbo.chain.sender import Sender
from genbo.chain.steps import Collect, Step, missing_approvals
from genbo.compliance.reasons import explain
from genbo.kernel import Address, Fault, Refusal

SCRIPTS = Path(__file__).resolve().parent
DEPLOYMENTS = SCRIPTS.parent / ".genbo" / "deployments"
"""In the data folder, where the service looks for them."""

params_option = click.option(
    "--params",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the parameters; by default scripts/params/local or scripts/params/node.",
)
deployments_option = click.option(
    "--deployments",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEPLOYMENTS,
    help="Folder of the deployment records, one file per chain.",
)
successions_option = click.option(
    "--successions",
    "successions",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEPLOYMENTS.parent / "successions",
    help="Folder of the succession records, one file per product.",
)


class AccountOfApe:
    """A key that ape keeps: a key file with a passphrase, or a hardware device."""

    def __init__(self, account: Any) -> None:
        self._account = account
        self.address = Address(account.address)

    def sign_transaction(self, fields: dict[str, Any]) -> bytes:
        ecosystem = ape.networks.provider.network.ecosystem
        kind = {"type": 2} if "maxFeePerGas" in fields else {"type": 0}
        transaction = ecosystem.create_transaction(**fields, **kind, **{"from": self.address})
        signed = self._account.sign_transaction(transaction)
        if signed is None:
            raise click.ClickException(f"{self.address} did not sign")
        return bytes(signed.serialize_transaction())

    def sign_digest(self, digest: bytes) -> bytes:
        signature = self._account.sign_raw_msghash(digest)
        if signature is None:
            raise click.ClickException(f"{self.address} did not sign")
        return bytes(signature.encode_rsv())


class Chain:
    """The chain the script was started on."""

    def __init__(self) -> None:
        provider = ape.networks.provider
        self.node = RemoteNode(provider.web3, name=provider.name)
        self.sender = Sender(self.node)
        self.is_inside = provider.name == "test"
        """ape's own chain inside this process: gone when the script ends."""

    def params(self, chosen: Path | None) -> Path:
        return chosen or SCRIPTS / "params" / ("local" if self.is_inside else "node")

    def signer(self, name: str) -> Signer:
        """`test:3` is key 3 of the well-known mnemonic; anything else the alias of an account of ape's."""
        if name.startswith("test:"):
            if not is_development(self.node.chain_id):
                raise ValueError(name)
            return development_key(int(name.removeprefix("test:")))
        if name not in ape.accounts.aliases:
            raise ValueError(name)
        return AccountOfApe(ape.accounts.load(name))

    def resolve(self, name: str) -> Address:
        """The address an account's name stands for, or the address itself."""
        if name.startswith("0x"):
            if not is_checksum_address(name):
                raise ValueError(name)
            return Address(name)
        return self.signer(name).address

    def load(self, folder: Path) -> Deployment:
        deployment = deployments.load(folder, self.node.chain_id)
        deployments.require_same_chain(deployment, self.node)
        return deployment


def collector(
    owners: Sequence[Signer], made_elsewhere: Mapping[str, Mapping[Address, bytes]]
) -> Collect:
    """Signatures of the owners at hand, and those that other owners made elsewhere over the same digest."""

    def collect(proposal: Proposal) -> list[Approval]:
        entitled = set(proposal.safe.owners().value)
        brought = made_elsewhere.get("0x" + proposal.digest.hex(), {})
        found = [Approval(owner, signature) for owner, signature in brought.items()]
        found += [approve(proposal, owner) for owner in owners if owner.address not in brought]
        rightful = [approval for approval in found if approval.owner in entitled]
        return rightful[: proposal.safe.threshold().value]

    return collect


def announce(steps: Sequence[Step], collect: Collect) -> None:
    """Prints the steps, and which of them lack signatures."""
    for step in steps:
        click.echo(f"    {step.line()}")
    for step, given, needed in missing_approvals(steps, collect):
        click.echo(f"lacks {needed - given} of {needed} signatures: {step.line()}", err=True)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """A refusal ends the script with one line: 1 when a rule said no, 2 when the surroundings are not right."""
    try:
        yield
    except Refusal as refusal:
        click.echo(f"{refusal.reason.value}: {explain(refusal)}", err=True)
        sys.exit(2 if isinstance(refusal, Fault) else 1)
