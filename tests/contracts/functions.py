"""Every function that changes something, as a table: which of the eleven actions it is, who may call it, a call that
succeeds in the state `ready`, and in which states of the platform it runs (requirements A.1.2, the effect table).

A function that is missing here fails a completeness test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tests.contracts.actors import Actor
from tests.contracts.handle import Handle
from tests.contracts.stage import (
    DUE,
    EVIDENCE,
    RETAIL,
    TERMS_HASH,
    VERIFIED_UNTIL,
    Stage,
    act,
    ref,
)
from tests.contracts.typed import Words, sign, split, token_domain

from genbo.chain import artifacts
from genbo.chain.call import Call
from genbo.chain.contracts.encoding import terms_struct
from genbo.governance import Contract


class Action(IntEnum):
    """基本機能: the numbers are those of R-JSTOA-6.1.1.1 to .11; zero for what is none of them."""

    NONE = 0
    ISSUE = 1
    DISTRIBUTE = 2
    TRANSFER = 3
    REDEEM = 4
    ADDITIONAL_ISSUE = 5
    SPLIT = 6
    RESTRICT = 7
    FORCED = 8
    REDISTRIBUTE = 9
    REVERSE = 10
    STOP = 11


@dataclass(frozen=True)
class Function:
    """One row."""

    contract: Contract
    signature: str
    action: Action
    by: str
    """The attribute of the stage that names who may call it."""
    arguments: Callable[[Stage], tuple[Any, ...]]
    when_closed: bool = True
    """Runs while the market is closed, and while the product's transfer-enable group is off."""
    when_stopped: bool = False
    """Runs under full stop."""
    when_ended: bool = False
    """Runs after the product was redeemed in full."""
    product: str = "token"
    """The attribute of the stage that names the token, for what the first product is too old for."""

    @property
    def id(self) -> str:
        return f"{self.contract}.{self.signature}"

    def actor(self, stage: Stage) -> Actor:
        who: Actor | Handle = getattr(stage, self.by)
        return stage.machine(who) if isinstance(who, Handle) else who

    def handle(self, stage: Stage) -> Handle:
        return {
            Contract.TOKEN: getattr(stage, self.product),
            Contract.PLATFORM: stage.platform,
            Contract.FACTORY: stage.factory,
            Contract.SETTLEMENT: stage.settlement,
            Contract.ANCHOR: stage.anchor,
            Contract.DISBURSEMENT: stage.disbursement,
            Contract.DOCUMENTS: stage.documents,
        }[self.contract]

    def call(self, stage: Stage) -> Call:
        return self.handle(stage)(self.signature, *self.arguments(stage))

    def selector(self, stage: Stage) -> bytes:
        return self.handle(stage).selector(self.signature)


_ACT = "(bytes32,bytes32,uint32)"
_TERMS = "(bytes32,string,string,uint16,bytes32,bytes32,address,uint80,uint32,uint32)"
TOKEN, PLATFORM, FACTORY = Contract.TOKEN, Contract.PLATFORM, Contract.FACTORY
SETTLEMENT, ANCHOR, DOCUMENTS = Contract.SETTLEMENT, Contract.ANCHOR, Contract.DOCUMENTS
DISBURSEMENT = Contract.DISBURSEMENT
_AUTHORISATION = "address,address,uint256,uint256,uint256,bytes32"
_TRADE = "(bytes32,address,address,address,uint256,address,uint256,address,uint256,uint256)"
_BATCH = "(bytes32,address,address,address[],int256[],int256[],uint256,uint256)"
_PAYMENTS = "(bytes32,uint32,bytes32,address,address),(uint32,address,uint64)[]"


def _second_product(stage: Stage) -> tuple[Any, ...]:
    terms = stage.terms("P2")
    return (artifacts.load("SecurityToken").creation_code, terms_struct(terms), ref("salt"))


def _hold(stage: Stage) -> tuple[Any, ...]:
    return (ref("HOLD-2"), stage.corp.address, 1, VERIFIED_UNTIL, stage.ann.address)


def _permit(stage: Stage) -> tuple[Any, ...]:
    words = (stage.bob.address, stage.ann.address, 7, 0, VERIFIED_UNTIL)
    signed = sign(stage.bob, token_domain(stage), Words("Permit", words))
    return (*words[:3], VERIFIED_UNTIL, *split(signed))


def _authorised(stage: Stage, kind: str, *, whole: bool) -> tuple[Any, ...]:
    """bob gives corp a unit by signature."""
    words = (stage.bob.address, stage.corp.address, 1, 0, VERIFIED_UNTIL, ref("T-1"))
    signed = sign(stage.bob, token_domain(stage), Words(f"{kind}WithAuthorization", words))
    return (*words, signed) if whole else (*words, *split(signed))


def _cancelled(stage: Stage, *, whole: bool) -> tuple[Any, ...]:
    words = (stage.bob.address, ref("T-1"))
    signed = sign(stage.bob, token_domain(stage), Words("CancelAuthorization", words))
    return (*words, signed) if whole else (*words, *split(signed))


def _batch(stage: Stage) -> tuple[Any, ...]:
    """bob gives corp a unit for 100 yen, as a batch of two."""
    positions = {stage.bob: (-1, 100), stage.corp: (1, -100)}
    parties = sorted(positions, key=lambda who: int(who.address, 16))
    batch = (
        ref("BATCH-1"),
        stage.token.address,
        stage.yen.address,
        [who.address for who in parties],
        [positions[who][0] for who in parties],
        [positions[who][1] for who in parties],
        0,
        VERIFIED_UNTIL,
    )
    words = bytes(stage.settlement.ask("batchDigest", batch))
    return (batch, [who.signer.sign_digest(words) for who in parties])


# fmt: off
_ROWS: list[Function] = [
    # --- the holder: action 3, the only one that waits for the market
    Function(TOKEN, "transfer(address,uint256)", Action.TRANSFER, "bob",
             lambda s: (s.ann.address, 1), when_closed=False),
    Function(TOKEN, "transferFrom(address,address,uint256)", Action.TRANSFER, "ann",
             lambda s: (s.bob.address, s.corp.address, 1), when_closed=False),
    Function(TOKEN, "transferWithReference(address,uint256,bytes32)", Action.TRANSFER, "bob",
             lambda s: (s.ann.address, 1, ref("T-1")), when_closed=False),
    Function(TOKEN, "transferFromWithReference(address,address,uint256,bytes32)", Action.TRANSFER, "ann",
             lambda s: (s.bob.address, s.corp.address, 1, ref("T-1")), when_closed=False),
    Function(TOKEN, "batchTransfer(address[],uint256[])", Action.TRANSFER, "bob",
             lambda s: ([s.ann.address, s.corp.address], [1, 2]), when_closed=False),
    # --- the holder by signature: anybody may send what the holder signed
    Function(TOKEN, f"transferWithAuthorization({_AUTHORISATION},bytes)", Action.TRANSFER, "stranger",
             lambda s: _authorised(s, "Transfer", whole=True), when_closed=False),
    Function(TOKEN, f"transferWithAuthorization({_AUTHORISATION},uint8,bytes32,bytes32)", Action.TRANSFER,
             "stranger", lambda s: _authorised(s, "Transfer", whole=False), when_closed=False),
    Function(TOKEN, f"receiveWithAuthorization({_AUTHORISATION},bytes)", Action.TRANSFER, "corp",
             lambda s: _authorised(s, "Receive", whole=True), when_closed=False),
    Function(TOKEN, f"receiveWithAuthorization({_AUTHORISATION},uint8,bytes32,bytes32)", Action.TRANSFER,
             "corp", lambda s: _authorised(s, "Receive", whole=False), when_closed=False),
    Function(TOKEN, "cancelAuthorization(address,bytes32,bytes)", Action.NONE, "stranger",
             lambda s: _cancelled(s, whole=True), when_stopped=True, when_ended=True),
    Function(TOKEN, "cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)", Action.NONE, "stranger",
             lambda s: _cancelled(s, whole=False), when_stopped=True, when_ended=True),
    Function(TOKEN, "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)", Action.NONE,
             "stranger", _permit, when_stopped=True, when_ended=True),
    # --- holds: to make one and to deliver it waits for the market like a transfer, to release it does not
    Function(TOKEN, "createHold(bytes32,address,uint256,uint32,address)", Action.TRANSFER, "bob",
             _hold, when_closed=False),
    Function(TOKEN, "createHoldFrom(address,bytes32,address,uint256,uint32,address)", Action.TRANSFER,
             "ann", lambda s: (s.bob.address, *_hold(s)), when_closed=False),
    Function(TOKEN, "executeHold(bytes32)", Action.TRANSFER, "ann",
             lambda s: (ref("HOLD-1"),), when_closed=False),
    Function(TOKEN, "releaseHold(bytes32)", Action.NONE, "ann",
             lambda s: (ref("HOLD-1"),), when_ended=True),
    # --- anybody: moves nothing
    Function(TOKEN, "approve(address,uint256)", Action.NONE, "bob",
             lambda s: (s.ann.address, 7), when_stopped=True, when_ended=True),
    Function(TOKEN, "sync(address[])", Action.NONE, "stranger",
             lambda s: ([s.ann.address],), when_stopped=True, when_ended=True),
    # --- ISSUER: actions 1, 5, 4 and 6
    Function(TOKEN, f"issue(address[],uint256[],{_ACT})", Action.ADDITIONAL_ISSUE, "issuer",
             lambda s: ([s.beneficiary.address], [5], act("ISSUE-2"))),
    Function(TOKEN, "mint(address,uint256)", Action.ADDITIONAL_ISSUE, "issuer",
             lambda s: (s.beneficiary.address, 5)),
    Function(TOKEN, "batchMint(address[],uint256[])", Action.ADDITIONAL_ISSUE, "issuer",
             lambda s: ([s.beneficiary.address, s.ann.address], [5, 6])),
    Function(TOKEN, f"redeem(address[],uint256[],{_ACT})", Action.REDEEM, "issuer",
             lambda s: ([s.bob.address], [5], act("REDEEM-1"))),
    Function(TOKEN, "burn(address,uint256)", Action.REDEEM, "issuer",
             lambda s: (s.bob.address, 5)),
    Function(TOKEN, "batchBurn(address[],uint256[])", Action.REDEEM, "issuer",
             lambda s: ([s.bob.address, s.ann.address], [5, 1])),
    Function(TOKEN, f"redeemAll(address[],{_ACT})", Action.REDEEM, "issuer",
             lambda s: ([s.bob.address], act("REDEEM-1"))),
    Function(TOKEN, f"split(uint256,uint16,{_ACT})", Action.SPLIT, "issuer",
             lambda s: (10, 0, act("SPLIT-1"))),
    Function(TOKEN, f"close(bytes32,{_ACT})", Action.NONE, "issuer",
             lambda s: (ref("P1-2"), act("CLOSE-1"))),
    Function(TOKEN, "setTerms(uint16,bytes32,address,uint80,uint32)", Action.NONE, "issuer",
             lambda s: (101, TERMS_HASH, s.beneficiary.address, 3_000, DUE)),
    # --- DISTRIBUTOR: action 2
    Function(TOKEN, "distribute(address[],uint256[],bytes32)", Action.DISTRIBUTE, "distributor",
             lambda s: ([s.ann.address, s.bob.address], [1, 2], ref("DIST-2"))),
    # --- RESTRICTOR: action 7, upwards; the market state does not matter, nor that the product has ended
    Function(TOKEN, "setVerdict(address,uint32,uint8,bool)", Action.RESTRICT, "restrictor",
             lambda s: (s.ann.address, VERIFIED_UNTIL, RETAIL, True), when_ended=True),
    Function(TOKEN, "batchSetVerdict(address[],uint32,uint8,bool)", Action.RESTRICT, "restrictor",
             lambda s: ([s.ann.address, s.bob.address], VERIFIED_UNTIL, RETAIL, True), when_ended=True),
    Function(TOKEN, "setAddressFrozen(address,bool)", Action.RESTRICT, "restrictor",
             lambda s: (s.ann.address, True), when_ended=True),
    Function(TOKEN, "batchSetAddressFrozen(address[],bool[])", Action.RESTRICT, "restrictor",
             lambda s: ([s.ann.address, s.bob.address], [True, False]), when_ended=True),
    Function(TOKEN, "batchFreezePartialTokens(address[],uint256[])", Action.RESTRICT, "restrictor",
             lambda s: ([s.ann.address, s.bob.address], [2, 3]), when_ended=True),
    Function(TOKEN, "setFrozenTokens(address,uint256)", Action.RESTRICT, "restrictor",
             lambda s: (s.ann.address, 2), when_ended=True),
    Function(TOKEN, "freezePartialTokens(address,uint256)", Action.RESTRICT, "restrictor",
             lambda s: (s.ann.address, 2), when_ended=True),
    Function(TOKEN, "setLockUp(address,uint32)", Action.RESTRICT, "restrictor",
             lambda s: (s.ann.address, VERIFIED_UNTIL), when_ended=True),
    Function(TOKEN, "setOwnAccount(address,bool)", Action.RESTRICT, "restrictor",
             lambda s: (s.ann.address, True), when_ended=True),
    Function(TOKEN, "setProductLockUp(uint32)", Action.RESTRICT, "restrictor",
             lambda s: (VERIFIED_UNTIL,), when_ended=True),
    Function(TOKEN, "setPermittedClasses(uint32)", Action.RESTRICT, "restrictor",
             lambda s: (1,), when_ended=True),
    Function(TOKEN, "setRule(address)", Action.RESTRICT, "restrictor",
             lambda s: (s.stranger.address,), when_ended=True),
    Function(TOKEN, "enableHolderCount()", Action.NONE, "restrictor",
             lambda s: (), when_ended=True, product="draft"),
    # --- RELEASER: action 7, downwards
    Function(TOKEN, "batchUnfreezePartialTokens(address[],uint256[])", Action.RESTRICT, "releaser",
             lambda s: ([s.stranger.address, s.stranger.address], [2, 3]), when_ended=True),
    Function(TOKEN, "unfreezePartialTokens(address,uint256)", Action.RESTRICT, "releaser",
             lambda s: (s.stranger.address, 5), when_ended=True),
    # --- REPAIRER: actions 8, 9, 10 and re-keying
    Function(TOKEN, "forcedTransfer(address,address,uint256)", Action.FORCED, "repairer",
             lambda s: (s.bob.address, s.ann.address, 10)),
    Function(TOKEN, "batchForcedTransfer(address[],address[],uint256[])", Action.FORCED, "repairer",
             lambda s: ([s.bob.address, s.ann.address], [s.ann.address, s.corp.address], [10, 11])),
    Function(TOKEN, f"forcedTransfer(address,address,uint256,{_ACT})", Action.FORCED, "repairer",
             lambda s: (s.bob.address, s.ann.address, 10, act("ORDER-1"))),
    Function(TOKEN, "redistribute(address,address,uint256,bytes32,bytes32)", Action.REDISTRIBUTE,
             "repairer", lambda s: (s.bob.address, s.ann.address, 3, ref("INC-1"), EVIDENCE)),
    Function(TOKEN, "redistributeBurned(bytes32,address,uint256,bytes32,bytes32)",
             Action.REDISTRIBUTE, "repairer",
             lambda s: (ref("BURN-1"), s.corp.address, 1, ref("INC-1"), EVIDENCE)),
    Function(TOKEN, f"reverseTransfer(bytes32,address,address,uint256,{_ACT})", Action.REVERSE,
             "repairer", lambda s: (ref("T-0"), s.bob.address, s.ann.address, 1, act("REV-1"))),
    Function(TOKEN, f"recoveryAddress(address,address,{_ACT})", Action.NONE, "repairer",
             lambda s: (s.bob.address, s.spare.address, act("KEY-1"))),
    Function(TOKEN, "recoveryAddress(address,address,address)", Action.NONE, "repairer",
             lambda s: (s.bob.address, s.spare.address, s.stranger.address)),
    # --- the platform contract
    Function(TOKEN, "setControlBits(uint16,uint16)", Action.STOP, "platform",
             lambda s: (1, 1), when_stopped=True, when_ended=True),
    # --- the platform's own switches: action 11, T4 and T16
    Function(PLATFORM, "stop()", Action.STOP, "stopper", lambda s: ()),
    Function(PLATFORM, "resume()", Action.STOP, "resumer", lambda s: (), when_stopped=True),
    Function(PLATFORM, "openMarket()", Action.NONE, "market_operator", lambda s: ()),
    Function(PLATFORM, "closeMarket()", Action.NONE, "market_operator", lambda s: ()),
    Function(PLATFORM, "createGroup(bytes32,bool)", Action.NONE, "repairer",
             lambda s: (ref("G3"), True), when_stopped=True),
    Function(PLATFORM, "setTransferEnabled(bytes32,bool)", Action.NONE, "repairer",
             lambda s: (ref("G1"), False)),
    Function(PLATFORM, "assignGroup(address,bytes32)", Action.NONE, "repairer",
             lambda s: (s.token.address, ref("G2"))),
    Function(PLATFORM, "register(bytes32,address,bytes32)", Action.NONE, "factory",
             lambda s: (ref("P9"), s.spare.address, ref("G1"))),
    # --- the factory
    Function(FACTORY, "approveCode(bytes32,address)", Action.NONE, "issuer",
             lambda s: (ref("any"), s.deployment.acts), when_stopped=True),
    Function(FACTORY, f"create(bytes,{_TERMS},bytes32)", Action.NONE, "issuer", _second_product),
    # --- settlement: what moves units waits for the market and stops with it; what only withdraws does not
    Function(SETTLEMENT, f"settle({_TRADE},bytes,bytes)", Action.TRANSFER, "stranger",
             lambda s: s.signed(s.trade("TRADE-2", s.bob, s.corp, 1)), when_closed=False),
    Function(SETTLEMENT, f"settleNet({_BATCH},bytes[])", Action.TRANSFER, "stranger",
             _batch, when_closed=False),
    Function(SETTLEMENT, f"instruct({_TRADE},bytes,bytes)", Action.TRANSFER, "stranger",
             lambda s: s.signed(s.trade("TRADE-3", s.bob, s.corp, 1, agent=s.ann.address)),
             when_closed=False),
    Function(SETTLEMENT, "confirmPayment(address,bytes32,bytes32)", Action.TRANSFER, "ann",
             lambda s: (s.token.address, ref("TRADE-1"), ref("PAYMENT-1")), when_closed=False),
    Function(SETTLEMENT, "abort(address,bytes32)", Action.NONE, "ann",
             lambda s: (s.token.address, ref("TRADE-1"))),
    Function(SETTLEMENT, "cancelNonce(uint256)", Action.NONE, "bob",
             lambda s: (9,), when_stopped=True),
    Function(SETTLEMENT, "cancelTrade(bytes32)", Action.NONE, "bob",
             lambda s: (ref("any"),), when_stopped=True),
    Function(SETTLEMENT, "allowCash(address,bool)", Action.NONE, "issuer",
             lambda s: (s.yen.address, False), when_stopped=True),
    # --- what touches no product
    Function(ANCHOR, "anchor(uint8,bytes32,uint32,bytes32,uint64)", Action.NONE, "anchorer",
             lambda s: (0, ref("P1"), 20260811, ref("root"), 3), when_stopped=True),
    Function(DISBURSEMENT, f"pay({_PAYMENTS})", Action.NONE, "issuer",
             lambda s: (s.run, [(1, s.ann.address, 30), (3, s.bob.address, 70)]),
             when_stopped=True),
    Function(DOCUMENTS, "setDocument(bytes32,string,bytes32)", Action.NONE, "issuer",
             lambda s: (ref("DOC-2"), "doc:2", EVIDENCE), when_stopped=True),
    Function(DOCUMENTS, "removeDocument(bytes32)", Action.NONE, "issuer",
             lambda s: (ref("DOC-1"),), when_stopped=True),
]
# fmt: on

FUNCTIONS: dict[tuple[Contract, str], Function] = {
    (row.contract, row.signature): row for row in _ROWS
}
