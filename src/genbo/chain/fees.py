"""Fees: what a transaction offers for its gas. Nothing on networks where gas is free, as Genbo's usually are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from genbo.chain.call import Call
from genbo.chain.node import Header

TIP = 1
"""Wei per gas above the base fee, where gas costs anything at all."""

_RAISE_BY = 8
"""A replacement offers at least an eighth more: nodes ask for a tenth."""


@dataclass(frozen=True, slots=True)
class Fee:
    """Wei per gas."""

    price: int
    """At most."""
    tip: int
    """Of it for the block's maker; equal to `price` on networks from before London."""

    def covers(self, header: Header) -> bool:
        """Whether the next block may take it, as far as the latest one tells."""
        return self.price >= (header.base_fee or 0)


def fee_of(header: Header, *, gas_price: int = 0) -> Fee:
    """What to offer for the next block. `gas_price` (wei) counts where blocks carry no base fee."""
    if header.base_fee is None:
        return Fee(gas_price, gas_price)
    if header.base_fee == 0:
        return Fee(0, 0)
    return Fee(2 * header.base_fee + TIP, TIP)


def raised(before: Fee, header: Header, *, gas_price: int = 0) -> Fee | None:
    """What a replacement of the same number offers; None where gas is free and nothing can be outbid."""
    now = fee_of(header, gas_price=gas_price)
    if not (before.price or now.price):
        return None
    return Fee(max(now.price, _more(before.price)), max(now.tip, _more(before.tip)))


def transaction_fields(
    call: Call, *, chain_id: int, nonce: int, gas: int, fee: Fee, header: Header
) -> dict[str, Any]:
    """The fields to sign, named as in JSON-RPC."""
    fields: dict[str, Any] = {
        "chainId": chain_id,
        "nonce": nonce,
        "gas": gas,
        "value": 0,
        "data": call.data,
    }
    if call.to is not None:
        fields["to"] = call.to
    if header.base_fee:
        return fields | {"maxFeePerGas": fee.price, "maxPriorityFeePerGas": fee.tip}
    return fields | {"gasPrice": fee.price}


def _more(price: int) -> int:
    return price + price // _RAISE_BY + 1
