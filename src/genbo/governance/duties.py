"""Duties (職務): who may do what on the ledger, as data.

One duty is one role of the access manager. No duty implies another, and whatever moves, creates or releases units
against somebody's will is held by a Safe, so that the chain itself refuses a single signature (R-JSTOA-6.2.3a).
The deployment wires the access manager from this table, `verify` compares the live wiring with it, and
`docs/powers.md` is printed from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Contract(StrEnum):
    """The contracts whose functions are bound to duties."""

    TOKEN = "SecurityToken"
    PLATFORM = "Platform"
    FACTORY = "TokenFactory"
    SETTLEMENT = "Settlement"
    DISBURSEMENT = "Disbursement"
    ANCHOR = "RegisterAnchor"
    DOCUMENTS = "DocumentRegistry"


class Duty(IntEnum):
    """The roles of the access manager. The numbers are those of `contracts/governance/Duties.sol`."""

    ADMIN = 0
    ISSUER = 1
    DISTRIBUTOR = 2
    RESTRICTOR = 3
    RELEASER = 4
    REPAIRER = 5
    STOPPER = 6
    RESUMER = 7
    MARKET_OPERATOR = 8
    TRANSFER_CONTROLLER = 9
    PRODUCT_CREATOR = 10
    FACTORY = 11
    CASH_ADMIN = 12
    ANCHORER = 13
    DOCUMENT_KEEPER = 14


class Holder(StrEnum):
    """What kind of account holds a duty."""

    PERSON = "person"
    TWO_PERSONS = "two persons"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What one duty may do, what it may not, and whom it can block."""

    duty: Duty
    name_ja: str
    held_by: Holder
    institution: str
    """The party of A.2.1 whose people hold it."""
    may: str
    may_not: str
    blocks: str
    functions: tuple[tuple[Contract, str], ...]
    """Function signatures, exactly as the contracts' method identifiers spell them."""


_ACT = "(bytes32,bytes32,uint32)"
_TERMS = "(bytes32,string,string,uint16,bytes32,bytes32,address,uint80,uint32,uint32)"
_PAYMENTS = "(bytes32,uint32,bytes32,address,address),(uint32,address,uint64)[]"


def _on(contract: Contract, *signatures: str) -> tuple[tuple[Contract, str], ...]:
    return tuple((contract, signature) for signature in signatures)


POWERS: tuple[Power, ...] = (
    Power(
        duty=Duty.ADMIN,
        name_ja="権限管理",
        held_by=Holder.TWO_PERSONS,
        institution="registrar",
        may="grant, revoke and wire duties",
        may_not="act on a token, the platform or the factory",
        blocks="everybody, by revoking duties",
        functions=(),
    ),
    Power(
        duty=Duty.ISSUER,
        name_ja="発行・償還・分割・支払",
        held_by=Holder.TWO_PERSONS,
        institution="registrar",
        may="issue, redeem, split, set the terms, close a product that goes on as another; pay the lines of an "
        "anchored payee list in a yen token",
        may_not="move a holder's units, redeem before the date, exceed the authorised cap, close a product "
        "whose successor does not carry the same total, pay a line twice or draw more yen than a payer allowed",
        blocks="nobody; ends a product that is redeemed to zero or has a successor",
        functions=_on(Contract.DISBURSEMENT, f"pay({_PAYMENTS})")
        + _on(
            Contract.TOKEN,
            f"issue(address[],uint256[],{_ACT})",
            "mint(address,uint256)",
            "batchMint(address[],uint256[])",
            f"redeem(address[],uint256[],{_ACT})",
            "burn(address,uint256)",
            "batchBurn(address[],uint256[])",
            f"redeemAll(address[],{_ACT})",
            f"split(uint256,uint16,{_ACT})",
            "setTerms(uint16,bytes32,address,uint80,uint32)",
            f"close(bytes32,{_ACT})",
        ),
    ),
    Power(
        duty=Duty.DISTRIBUTOR,
        name_ja="配布",
        held_by=Holder.PERSON,
        institution="registrar",
        may="distribute from the initial beneficiary to eligible investors",
        may_not="touch an investor's units",
        blocks="nobody",
        functions=_on(Contract.TOKEN, "distribute(address[],uint256[],bytes32)"),
    ),
    Power(
        duty=Duty.RESTRICTOR,
        name_ja="移転制限の設定",
        held_by=Holder.PERSON,
        institution="registrar, compliance",
        may="give verdicts; raise freezes, lock-ups, class limits; plug in a rule",
        may_not="lift a restriction, move units",
        blocks="any holder; all holders by a rule, a class limit or a product lock-up",
        functions=_on(
            Contract.TOKEN,
            "setVerdict(address,uint32,uint8,bool)",
            "batchSetVerdict(address[],uint32,uint8,bool)",
            "setAddressFrozen(address,bool)",
            "batchSetAddressFrozen(address[],bool[])",
            "setFrozenTokens(address,uint256)",
            "freezePartialTokens(address,uint256)",
            "batchFreezePartialTokens(address[],uint256[])",
            "unfreezePartialTokens(address,uint256)",
            "batchUnfreezePartialTokens(address[],uint256[])",
            "setLockUp(address,uint32)",
            "setOwnAccount(address,bool)",
            "setProductLockUp(uint32)",
            "setPermittedClasses(uint32)",
            "setRule(address)",
            "enableHolderCount()",
        ),
    ),
    Power(
        duty=Duty.RELEASER,
        name_ja="移転制限の解除",
        held_by=Holder.TWO_PERSONS,
        institution="registrar, compliance",
        may="lift what a RESTRICTOR raised (its account holds that duty as well)",
        may_not="move units",
        blocks="nobody",
        functions=(),
    ),
    Power(
        duty=Duty.REPAIRER,
        name_ja="強制移転・再配布・逆移転・鍵の更新",
        held_by=Holder.TWO_PERSONS,
        institution="registrar",
        may="forced transfer, redistribution, reverse transfer, re-keying; on evidence, but for "
        "the short forms of the standards",
        may_not="give units to an ineligible investor, use a reference twice, create units beyond those "
        "that a mistaken redemption destroyed",
        blocks="a holder, by taking units or retiring an address",
        functions=_on(
            Contract.TOKEN,
            "forcedTransfer(address,address,uint256)",
            "batchForcedTransfer(address[],address[],uint256[])",
            f"forcedTransfer(address,address,uint256,{_ACT})",
            "redistribute(address,address,uint256,bytes32,bytes32)",
            "redistributeBurned(bytes32,address,uint256,bytes32,bytes32)",
            f"reverseTransfer(bytes32,address,address,uint256,{_ACT})",
            f"recoveryAddress(address,address,{_ACT})",
            "recoveryAddress(address,address,address)",
        ),
    ),
    Power(
        duty=Duty.STOPPER,
        name_ja="停止",
        held_by=Holder.PERSON,
        institution="platform operator",
        may="stop every product at once, alone",
        may_not="resume, move units",
        blocks="everybody",
        functions=_on(Contract.PLATFORM, "stop()"),
    ),
    Power(
        duty=Duty.RESUMER,
        name_ja="停止の解除",
        held_by=Holder.TWO_PERSONS,
        institution="platform operator",
        may="end a stop that somebody else made, into market closed",
        may_not="open the market; resume when the person who stopped is among its owners",
        blocks="nobody",
        functions=_on(Contract.PLATFORM, "resume()"),
    ),
    Power(
        duty=Duty.MARKET_OPERATOR,
        name_ja="開局・閉局",
        held_by=Holder.PERSON,
        institution="platform operator",
        may="open and close the market",
        may_not="lift a stop, move units",
        blocks="holders: ordinary transfers wait while the market is closed",
        functions=_on(Contract.PLATFORM, "openMarket()", "closeMarket()"),
    ),
    Power(
        duty=Duty.TRANSFER_CONTROLLER,
        name_ja="移転実行可否制御",
        held_by=Holder.TWO_PERSONS,
        institution="registrar",
        may="switch transfer-enable groups, assign products to them",
        may_not="move units, stop repair",
        blocks="holders of the products of a group",
        functions=_on(
            Contract.PLATFORM,
            "createGroup(bytes32,bool)",
            "setTransferEnabled(bytes32,bool)",
            "assignGroup(address,bytes32)",
        ),
    ),
    Power(
        duty=Duty.PRODUCT_CREATOR,
        name_ja="銘柄の作成",
        held_by=Holder.TWO_PERSONS,
        institution="registrar",
        may="approve token code, create products",
        may_not="issue, move or restrict",
        blocks="nobody",
        functions=_on(
            Contract.FACTORY, "approveCode(bytes32,address)", f"create(bytes,{_TERMS},bytes32)"
        ),
    ),
    Power(
        duty=Duty.FACTORY,
        name_ja="銘柄の登録",
        held_by=Holder.CONTRACT,
        institution="the token factory",
        may="register the product it just created",
        may_not="remove or change a product",
        blocks="nobody",
        functions=_on(Contract.PLATFORM, "register(bytes32,address,bytes32)"),
    ),
    Power(
        duty=Duty.CASH_ADMIN,
        name_ja="決済通貨の登録",
        held_by=Holder.TWO_PERSONS,
        institution="registrar",
        may="put yen tokens on the settlement list and take them off",
        may_not="move units or money",
        blocks="settlement in a yen token it takes off the list",
        functions=_on(Contract.SETTLEMENT, "allowCash(address,bool)"),
    ),
    Power(
        duty=Duty.ANCHORER,
        name_ja="アンカリング",
        held_by=Holder.PERSON,
        institution="registrar",
        may="anchor roots of registers, payee lists and audit days",
        may_not="replace or remove a root, touch a token",
        blocks="nobody",
        functions=_on(Contract.ANCHOR, "anchor(uint8,bytes32,uint32,bytes32,uint64)"),
    ),
    Power(
        duty=Duty.DOCUMENT_KEEPER,
        name_ja="書類の登録",
        held_by=Holder.TWO_PERSONS,
        institution="registrar",
        may="set and remove documents of a product",
        may_not="touch units; what was set stays in the events",
        blocks="nobody",
        functions=_on(
            Contract.DOCUMENTS, "setDocument(bytes32,string,bytes32)", "removeDocument(bytes32)"
        ),
    ),
)

EXCLUDES: frozenset[frozenset[Duty]] = frozenset(
    {
        frozenset({Duty.STOPPER, Duty.RESUMER}),
        frozenset({Duty.RESTRICTOR, Duty.ISSUER}),
        frozenset({Duty.DISTRIBUTOR, Duty.REPAIRER}),
    }
)
"""Duties that one person must not hold together: who stops does not resume, who judges investors does not issue,
who distributes does not undo (R-JSTOA-6.2.3a). For a Safe, its owners count as the persons."""


def power_of(duty: Duty) -> Power:
    """The row of `duty`."""
    return next(power for power in POWERS if power.duty is duty)


def duty_of(contract: Contract, signature: str) -> Duty:
    """The duty that a function is bound to. Raises KeyError for a function that is open to everybody."""
    for power in POWERS:
        if (contract, signature) in power.functions:
            return power.duty
    raise KeyError(signature)


def bound_functions(contract: Contract) -> Iterator[tuple[str, Duty]]:
    """Every function of `contract` that needs a duty, with that duty."""
    for power in POWERS:
        for on, signature in power.functions:
            if on is contract:
                yield signature, power.duty
