"""Functions that change something and need no duty: whom they are for instead.

Most ask who speaks for the holder: a key, an allowance, a signature, a name in a trade. With the table of duties this
is every function of every contract; a test compares both with the contracts and with a live ledger.
"""

from dataclasses import dataclass
from enum import StrEnum

from genbo.governance.duties import Contract

_AUTHORISATION = "address,address,uint256,uint256,uint256,bytes32"
_KEY = "uint8,bytes32,bytes32"
_TRADE = "(bytes32,address,address,address,uint256,address,uint256,address,uint256,uint256)"
_BATCH = "(bytes32,address,address,address[],int256[],int256[],uint256,uint256)"


class Caller(StrEnum):
    """Whom a function without a duty listens to."""

    HOLDER = "the holder, for own units"
    SPENDER = "whom the holder allowed"
    SIGNED_BY_HOLDER = "anybody, with the holder's signature"
    RECIPIENT = "the recipient, with the holder's signature"
    NOTARY = "the notary of the hold"
    NOTARY_OR_LATE = "the notary of the hold; anybody once it expired"
    SIGNED_BY_ALL = "anybody, with the signature of every party"
    AGENT = "the agent of the trade"
    PARTY = "seller or buyer, for themselves"
    PLATFORM = "the platform contract"
    ANYBODY = "anybody; no figure changes"


@dataclass(frozen=True, slots=True)
class OpenFunction:
    """One function that no duty is asked for."""

    contract: Contract
    signature: str
    """As the contract's method identifiers spell it."""
    caller: Caller


def _on(contract: Contract, caller: Caller, *signatures: str) -> tuple[OpenFunction, ...]:
    return tuple(OpenFunction(contract, signature, caller) for signature in signatures)


OPEN_FUNCTIONS: tuple[OpenFunction, ...] = (
    *_on(
        Contract.TOKEN,
        Caller.HOLDER,
        "transfer(address,uint256)",
        "transferWithReference(address,uint256,bytes32)",
        "batchTransfer(address[],uint256[])",
        "approve(address,uint256)",
        "createHold(bytes32,address,uint256,uint32,address)",
    ),
    *_on(
        Contract.TOKEN,
        Caller.SPENDER,
        "transferFrom(address,address,uint256)",
        "transferFromWithReference(address,address,uint256,bytes32)",
        "createHoldFrom(address,bytes32,address,uint256,uint32,address)",
    ),
    *_on(
        Contract.TOKEN,
        Caller.SIGNED_BY_HOLDER,
        f"permit(address,address,uint256,uint256,{_KEY})",
        f"transferWithAuthorization({_AUTHORISATION},bytes)",
        f"transferWithAuthorization({_AUTHORISATION},{_KEY})",
        "cancelAuthorization(address,bytes32,bytes)",
        f"cancelAuthorization(address,bytes32,{_KEY})",
    ),
    *_on(
        Contract.TOKEN,
        Caller.RECIPIENT,
        f"receiveWithAuthorization({_AUTHORISATION},bytes)",
        f"receiveWithAuthorization({_AUTHORISATION},{_KEY})",
    ),
    *_on(Contract.TOKEN, Caller.NOTARY, "executeHold(bytes32)"),
    *_on(Contract.TOKEN, Caller.NOTARY_OR_LATE, "releaseHold(bytes32)"),
    *_on(Contract.TOKEN, Caller.PLATFORM, "setControlBits(uint16,uint16)"),
    *_on(Contract.TOKEN, Caller.ANYBODY, "sync(address[])"),
    *_on(
        Contract.SETTLEMENT,
        Caller.SIGNED_BY_ALL,
        f"settle({_TRADE},bytes,bytes)",
        f"settleNet({_BATCH},bytes[])",
        f"instruct({_TRADE},bytes,bytes)",
    ),
    *_on(
        Contract.SETTLEMENT,
        Caller.AGENT,
        "confirmPayment(address,bytes32,bytes32)",
        "abort(address,bytes32)",
    ),
    *_on(
        Contract.SETTLEMENT,
        Caller.PARTY,
        "cancelNonce(uint256)",
        "cancelTrade(bytes32)",
    ),
)
