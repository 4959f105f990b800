"""Preparing (署名準備): what the giver's key signs for a transfer, in both of its forms. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genbo.bootstrap.office import Office
from genbo.bootstrap.transfers.asked import Judged
from genbo.bootstrap.transfers.signatures import RAW_GAS, message_of
from genbo.chain.fees import fee_of, transaction_fields
from genbo.chain.hexes import hex_of
from genbo.governance.market import DeliveryWindow
from genbo.governance.market.authorisation import MARGIN

_AHEAD = 3600
"""Seconds for which an authorisation is proposed at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is to be signed."""

    needs_signature: bool
    window: DeliveryWindow
    typed_data: dict[str, Any]
    """`TransferWithAuthorization` of ERC-3009, as a wallet takes it."""
    digest: bytes
    transaction: Mapping[str, Any]
    """A whole transaction of the giver's account instead, named as in JSON-RPC."""


def prepare(office: Office, judged: Judged) -> Prepared:
    """What the giver signs for a transfer that would be accepted.

    Raises:
        Refusal: why it would not be.
    """
    if judged.bar is not None:
        raise judged.bar
    assert judged.order is not None
    assert judged.source is not None
    assert judged.target is not None
    assert judged.domain is not None
    order, source, target = judged.order, judged.source.address, judged.target.address
    window = judged.window
    if window is None:  # it was ordered before: what there is to sign was signed
        window = DeliveryWindow(
            delivery_date=order.delivery_date, opens=order.accepted_at, closes=order.accepted_at
        )
    now = int(office.house.now().timestamp())
    message = message_of(
        order,
        source,
        target,
        after=now - MARGIN if judged.is_due else int(window.opens.timestamp()) - MARGIN,
        before=max(int(window.closes.timestamp()), now + _AHEAD),
    )
    call = office.token(order.product).transfer(target, int(order.units), order.trade)
    header = office.house.node.header()
    fields = transaction_fields(
        call,
        chain_id=office.deployment.chain_id,
        nonce=office.house.node.nonce(source),
        gas=RAW_GAS,
        fee=fee_of(header),
        header=header,
    )
    return Prepared(
        needs_signature=judged.keeps_own_key,
        window=window,
        typed_data=message.typed_data(judged.domain),
        digest=message.digest(judged.domain),
        transaction={
            name: hex_of(value) if isinstance(value, bytes) else value
            for name, value in fields.items()
        },
    )
