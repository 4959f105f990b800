"""Reversal (逆移転): whether a reverse transfer mirrors the trade it names, asked before it is sent.

The contract guarantees that a trade is reversed once, by two persons, and not in part of what was
asked. That the named trade was one of these parties and this quantity only the register knows
(R-JSTOA-6.1.1.10b, R-PROGMAT-T2.11).
"""

from genbo.kernel import Address, ProductId, Reason, Reference, Refusal
from genbo.register.model import Trade
from genbo.register.ports import TradeHistory
from genbo.token.movement import MovementKind

_REVERSIBLE = frozenset({MovementKind.TRANSFER, MovementKind.DISTRIBUTE, MovementKind.FORCED})


def require_mirror(
    *,
    product: ProductId,
    original: Reference,
    sender: Address,
    recipient: Address,
    units: int,
    factor: int,
    history: TradeHistory,
) -> Trade:
    """The trade that a reversal from `sender` (its recipient) to `recipient` (its sender) undoes.

    Args:
        units: what the reversal gives back, in units of now.
        factor: product of all splits so far (`TotalIssued.factor`).

    Raises:
        Refusal: `trade_unknown` when no movement that can be reversed has this reference;
            `reversal_mismatch` when parties or quantity are not the trade's, swapped.
    """
    trades = [trade for trade in history.trades(product, original) if trade.kind in _REVERSIBLE]
    if not trades:
        raise Refusal(Reason.TRADE_UNKNOWN, ref=original)
    to_sender = [trade for trade in trades if trade.target == sender]
    if not to_sender:
        raise _mismatch(original, "sender", sender, trades[0].target)
    between = [trade for trade in to_sender if trade.source == recipient]
    if not between:
        raise _mismatch(original, "recipient", recipient, to_sender[0].source)
    for trade in between:
        if units == trade.units * (factor // trade.factor):
            return trade
    expected = between[0].units * (factor // between[0].factor)
    raise _mismatch(original, "units", units, expected)


def _mismatch(
    ref: Reference, field: str, value: Address | int, expected: Address | int | None
) -> Refusal:
    return Refusal(Reason.REVERSAL_MISMATCH, ref=ref, field=field, value=value, expected=expected)
