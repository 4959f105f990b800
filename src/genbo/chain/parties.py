"""Parties: who would give and who would receive by the exact bytes of a call, and whose verdict it would open.

What is not read here (a hold that is executed by its number) was read when it was made, and the token asks once more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from eth_abi.exceptions import DecodingError

from genbo.chain.contracts.base import as_address
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.contracts.settlement import Settlement
from genbo.kernel import Address

_FREELY = frozenset(
    {
        "transfer",
        "transferWithReference",
        "transferFrom",
        "transferFromWithReference",
        "batchTransfer",
        "transferWithAuthorization",
        "receiveWithAuthorization",
        "createHold",
        "createHoldFrom",
    }
)
"""What holders do: both sides are judged."""

_BY_DUTY = frozenset(
    {
        "issue",
        "mint",
        "batchMint",
        "distribute",
        "forcedTransfer",
        "batchForcedTransfer",
        "redistribute",
        "redistributeBurned",
        "reverseTransfer",
    }
)
"""What the registrar does: the giver's restrictions do not stand in the way, the recipient is judged on every path
(R-JSTOA-6.1.1.8c)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Whom a call would touch in one token."""

    token: Address
    movers: tuple[Address, ...] = ()
    """Who would give or receive, as far as that is judged."""
    opened: tuple[Address, ...] = ()
    """Whose verdict would be given or renewed."""
    until: int = 0
    """Until when those would be verified: the first second it no longer holds."""


def parties_of(to: Address, data: bytes, *, by: Address, settlement: Address) -> Parties | None:
    """The parties of a call; None when it moves nothing and opens nothing.

    Args:
        by: the account that acts.
        settlement: the settlement contract of the deployment.
    """
    contract = Settlement if to == settlement else SecurityToken
    entry = contract.interface().by_selector.get(data[:4])
    if entry is None:
        return None
    try:
        arguments = entry.decode_inputs(data)
    except DecodingError:
        return None  # the contract refuses it as well
    if to == settlement:
        return _settled(entry.name, arguments)
    if entry.name in _BY_DUTY:
        return Parties(token=to, movers=_addresses(arguments["to"]))
    if entry.name in _FREELY:
        giver = arguments.get("from", arguments.get("holder", by))
        return Parties(token=to, movers=_addresses(giver, arguments["to"]))
    if entry.name in ("setVerdict", "batchSetVerdict") and not arguments["blocked"]:
        opened = arguments["accounts"] if "accounts" in arguments else arguments["account"]
        return Parties(token=to, opened=_addresses(opened), until=arguments["until"])
    return None


def _settled(name: str, arguments: dict[str, Any]) -> Parties | None:
    """A trade of the settlement contract: the struct begins with its number and its token."""
    if name in ("settle", "instruct"):
        _, token, seller, buyer, *_ = next(iter(arguments.values()))
        return Parties(token=as_address(token), movers=_addresses(seller, buyer))
    if name == "settleNet":
        _, token, _, parties, *_ = next(iter(arguments.values()))
        return Parties(token=as_address(token), movers=_addresses(parties))
    return None


def _addresses(*given: str | Iterable[str]) -> tuple[Address, ...]:
    each = (one for group in given for one in ([group] if isinstance(group, str) else list(group)))
    return tuple(dict.fromkeys(map(as_address, each)))
