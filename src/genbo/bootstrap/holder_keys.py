"""Holders' keys (保有者の鍵) that this process can reach: those it holds, and on a development chain everybody's."""

from collections.abc import Sequence

from sqlalchemy import Connection

from genbo.chain.accounts import account_of
from genbo.chain.keyring import HeldKeys
from genbo.chain.keys import Signer
from genbo.chain.networks import is_development
from genbo.custody import Key
from genbo.kernel import Address, InvestorId, ProductId
from genbo.storage.keys import keys_of


def holder_signer(
    ring: HeldKeys,
    connection: Connection,
    product: ProductId,
    investor: InvestorId,
    address: Address,
    *,
    chain_id: int,
) -> Signer | None:
    """The key of a holder's address; None where the holder has to sign."""
    held = ring.signer_of(address)
    if held is not None or not is_development(chain_id):
        return held
    all_keys: Sequence[Key] = keys_of(connection, product, [investor])
    for number in range(len(all_keys)):
        signer = account_of(investor, product, chain_id=chain_id, number=number)
        if signer.address == address:
            return signer
    return None
