"""Signatures (署名) of givers who keep their keys elsewhere: what they sign, and whether they did."""

from collections.abc import Iterator

from genbo.chain.node import Node
from genbo.chain.signing import Domain, TransferAuthorisation, signer_of
from genbo.governance.market import (
    Authorisation,
    DeliveryWindow,
    TransferOrder,
    validity_refusal,
)
from genbo.governance.market.authorisation import SIGNATURE_BYTES
from genbo.kernel import Address, Reason, Refusal

RAW_GAS = 150_000
"""Gas that a raw transfer is proposed with: above the dearest plain transfer."""


def message_of(
    order: TransferOrder, source: Address, target: Address, *, after: int, before: int
) -> TransferAuthorisation:
    """What the giver signs: the nonce is the trade id, so the movement carries it and happens once."""
    return TransferAuthorisation(
        source=source,
        target=target,
        units=int(order.units),
        after=after,
        before=before,
        ref=order.trade,
    )


def signature_refusals(
    node: Node,
    domain: Domain,
    order: TransferOrder,
    source: Address,
    target: Address,
    window: DeliveryWindow,
    *,
    now: int,
    at_once: bool,
) -> Iterator[Refusal]:
    """What is wrong with the signature that an order carries; nothing for one that carries none."""
    given = order.authorisation
    if given is not None:
        refusal = validity_refusal(given, window, now=now, at_once=at_once)
        if refusal is not None:
            yield refusal
        if not _is_signed(node, domain, order, source, target, given):
            yield Refusal(Reason.SIGNATURE_INVALID, account=source)


def _is_signed(
    node: Node,
    domain: Domain,
    order: TransferOrder,
    source: Address,
    target: Address,
    given: Authorisation,
) -> bool:
    message = message_of(order, source, target, after=given.after, before=given.before)
    by_key = len(given.signature) == SIGNATURE_BYTES
    if by_key and signer_of(message.digest(domain), given.signature) == source:
        return True
    # A contract account answers for itself (ERC-1271) when the token asks it.
    return bool(node.code(source).value)
