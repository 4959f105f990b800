"""What the journeys share: where the registry is, customers' units, and a sale."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager

from genbo_sdk import Client, LocalSigner, TransferIntent, models, sign_authorisation
from genbo_sdk.sandbox import Sandbox


@contextmanager
def world(about: str) -> Iterator[Sandbox]:
    """The sandbox that `--sandbox FILE` names, or one of our own."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--sandbox", metavar="FILE", help="written by: genbo sandbox --file FILE")
    file = parser.parse_args().sandbox
    if file:
        yield Sandbox.read(file)
        return
    with Sandbox.start() as sandbox:
        yield sandbox


def fresh(what: str) -> str:
    """A reference that was not used yet, such as a 取引ID; in life it comes from the broker's books."""
    return f"{what}-{time.time_ns():x}"


def units_of(client: Client, product: str) -> dict[str, int]:
    """Customer to units in a product, as the registry has it: what a broker's books are compared with."""
    held: dict[str, int] = {}
    for each in client.positions.list(product):
        if each.investor:
            held[each.investor] = held.get(each.investor, 0) + each.units
    return held


def lots_of(client: Client, product: str) -> dict[str, int]:
    """The same, added up from the register lot by lot."""
    held: dict[str, int] = {}
    for each in client.lots.list(product):
        if each.investor:
            held[each.investor] = held.get(each.investor, 0) + each.units
    return held


def sell(
    sandbox: Sandbox,
    broker: Client,
    *,
    giver: str,
    to: str,
    recipient: str,
    units: int,
    trade: str,
) -> models.TransferOrder:
    """Sells units of a customer whose key the broker keeps: prepared, compared, signed here, ordered, final.

    Args:
        to: the taker, by its investor id or its address.
        recipient: the taker's address in this product, from the broker's own records: this is what is signed.
    """
    asked = {"product": sandbox.product, "trade": trade, "from_": giver, "to": to, "units": units}
    prepared = broker.transfers.order_prepare(**asked)
    signer = LocalSigner.from_key(sandbox.holder_keys[giver])  # in life: from_keystore, or a HSM
    intent = TransferIntent(
        chain_id=sandbox.chain_id,
        token=sandbox.token,
        sender=signer.address,
        recipient=recipient,
        units=units,
        ref=trade,
    )
    signed = sign_authorisation(
        signer,
        intent,
        token_name=broker.products.get(sandbox.product).name,
        valid_after=prepared.typed_data["message"]["validAfter"],
        valid_before=prepared.typed_data["message"]["validBefore"],
        prepared=prepared.typed_data,  # refused when it says anything else than the intent
    )
    order = broker.transfers.order(**asked, authorisation=signed.given())
    done = broker.wait_final(order)
    broker.wait_read(sandbox.product, done.block)  # final on the ledger is read a moment later
    return done


def address_of(client: Client, investor: str, product: str) -> str:
    """The address that speaks for an investor in a product."""
    wallets = client.investors.wallets(investor, product=product).items
    return next(each.address for each in wallets if each.state == "active")
