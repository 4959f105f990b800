"""Situations in which a transfer of bob's to corp is refused: one per reason, in the order of `Reason.sol`.

Applied one after the other from the last to the first, each hides the one before: that is how the order of the
questions is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.contracts.actors import Person
from tests.contracts.handle import Error, error
from tests.contracts.stage import (
    BANNED,
    CORPORATE,
    DUE,
    REKEY_ACT,
    RETAIL,
    VERIFIED_UNTIL,
    Stage,
    act,
    ref,
)

from genbo.chain.hexes import address_of
from genbo.kernel import ZERO_ADDRESS


@dataclass
class Transfer:
    """The transfer that is judged."""

    giver: Person
    to: str
    units: int = 10


@dataclass(frozen=True)
class Situation:
    number: int
    reason: str
    prepare: Callable[[Stage, Transfer], None]
    """Makes it so; works on top of the situations with higher numbers."""
    error: Callable[[Stage, Transfer], Error]
    """What the transfer is refused with."""


def _verdict(stage: Stage, account: str, until: int, investor_class: int, blocked: bool) -> None:
    stage.releaser.does(stage.token("setVerdict", account, until, investor_class, blocked))


def _restrict(function: str, *arguments: Any) -> Callable[[Stage, Transfer], None]:
    def prepare(stage: Stage, _: Transfer) -> None:
        stage.restrictor.does(stage.token(function, *arguments))

    return prepare


def _rule(artifact: str, argument: int) -> Callable[[Stage, Transfer], None]:
    def prepare(stage: Stage, _: Transfer) -> None:
        rule = stage.create(artifact, argument)
        stage.releaser.does(stage.token("setRule", rule))

    return prepare


def _rule_address(stage: Stage) -> str:
    raw = stage.token.ask("controlWord") & (1 << 160) - 1
    return address_of(raw.to_bytes(20, "big"))


def _retire(stage: Stage, account: str, to: Person, reference: str) -> None:
    stage.repairer.does(stage.token(REKEY_ACT, account, to.address, act(reference)))


def _ask_for(units: int) -> Callable[[Stage, Transfer], None]:
    def prepare(_: Stage, transfer: Transfer) -> None:
        transfer.units = units

    return prepare


def _frozen_in_part(stage: Stage, transfer: Transfer) -> None:
    stage.restrictor.does(stage.token("setFrozenTokens", transfer.giver.address, 42))


def _to_nobody(_: Stage, transfer: Transfer) -> None:
    transfer.to = ZERO_ADDRESS


def _end(stage: Stage, _: Transfer) -> None:
    holders = [who.address for who in (stage.beneficiary, stage.ann, stage.bob, stage.corp)]
    holders += [stage.person(20).address, stage.person(21).address]
    stage.issuer.does(stage.token("redeemAll", holders, act("END")))


def _plain(name: str) -> Callable[[Stage, Transfer], Error]:
    return lambda stage, transfer: error(name)


def _giver(name: str, *facts: Any) -> Callable[[Stage, Transfer], Error]:
    return lambda stage, transfer: error(name, transfer.giver.address, *facts)


def _taker(name: str, *facts: Any) -> Callable[[Stage, Transfer], Error]:
    return lambda stage, transfer: error(name, transfer.to, *facts)


LATER = VERIFIED_UNTIL + 1
PAST = DUE - 1

SITUATIONS = [
    Situation(
        1,
        "platform_stopped",
        lambda s, t: s.stopper.does(s.platform("stop")) and None,
        _plain("TokenStopped"),
    ),
    Situation(
        2,
        "market_closed",
        lambda s, t: s.market_operator.does(s.platform("closeMarket")) and None,
        _plain("TokenMarketClosed"),
    ),
    Situation(
        3,
        "transfer_disabled",
        lambda s, t: s.repairer.does(s.platform("setTransferEnabled", ref("G1"), False)) and None,
        _plain("TokenTransferDisabled"),
    ),
    Situation(4, "product_ended", _end, _plain("TokenProductEnded")),
    Situation(
        5,
        "product_locked_up",
        _restrict("setProductLockUp", LATER),
        lambda s, t: error("TokenProductLockedUp", LATER),
    ),
    Situation(
        6,
        "sender_retired",
        lambda s, t: _retire(s, t.giver.address, s.person(20), "KEY-20"),
        _giver("TokenRetired"),
    ),
    Situation(
        7,
        "sender_frozen",
        lambda s, t: s.restrictor.does(s.token("setAddressFrozen", t.giver.address, True)) and None,
        _giver("TokenAddressFrozen"),
    ),
    Situation(
        8,
        "sender_blocked",
        lambda s, t: _verdict(s, t.giver.address, 0, BANNED, True),
        _giver("TokenBlocked"),
    ),
    Situation(
        9,
        "sender_unverified",
        lambda s, t: _verdict(s, t.giver.address, 0, BANNED, False),
        _giver("TokenUnverified"),
    ),
    Situation(
        10,
        "sender_verdict_expired",
        lambda s, t: _verdict(s, t.giver.address, PAST, BANNED, False),
        _giver("TokenVerdictExpired", PAST),
    ),
    Situation(
        11,
        "sender_class_not_permitted",
        lambda s, t: _verdict(s, t.giver.address, VERIFIED_UNTIL, BANNED, False),
        _giver("TokenClassNotPermitted", BANNED),
    ),
    Situation(
        12,
        "sender_locked_up",
        lambda s, t: s.restrictor.does(s.token("setLockUp", t.giver.address, LATER)) and None,
        _giver("TokenLockedUp", LATER),
    ),
    Situation(
        13,
        "insufficient_balance",
        _ask_for(52),
        _giver("ERC20InsufficientBalance", 51, 52),
    ),
    Situation(
        14,
        "insufficient_unfrozen_balance",
        _frozen_in_part,
        _giver("ERC7943InsufficientUnfrozenBalance", 10, 9),
    ),
    Situation(15, "recipient_invalid", _to_nobody, _taker("ERC20InvalidReceiver")),
    Situation(
        16,
        "recipient_retired",
        lambda s, t: _retire(s, t.to, s.person(21), "KEY-21"),
        _taker("TokenRetired"),
    ),
    Situation(
        17,
        "recipient_frozen",
        lambda s, t: s.restrictor.does(s.token("setAddressFrozen", t.to, True)) and None,
        _taker("TokenAddressFrozen"),
    ),
    Situation(
        18,
        "recipient_blocked",
        lambda s, t: _verdict(s, t.to, 0, BANNED, True),
        _taker("TokenBlocked"),
    ),
    Situation(
        19,
        "recipient_unverified",
        lambda s, t: _verdict(s, t.to, 0, BANNED, False),
        _taker("TokenUnverified"),
    ),
    Situation(
        20,
        "recipient_verdict_expired",
        lambda s, t: _verdict(s, t.to, PAST, BANNED, False),
        _taker("TokenVerdictExpired", PAST),
    ),
    Situation(
        21,
        "recipient_class_not_permitted",
        lambda s, t: _verdict(s, t.to, VERIFIED_UNTIL, BANNED, False),
        _taker("TokenClassNotPermitted", BANNED),
    ),
    Situation(
        22,
        "rule_refused",
        _rule("LimitRule", 9),
        lambda s, t: error("TokenRuleRefused", _rule_address(s), t.giver.address, t.to, t.units),
    ),
    Situation(
        23,
        "rule_failed",
        _rule("BrokenRule", 0),
        lambda s, t: error("TokenRuleFailed", _rule_address(s)),
    ),
]

RECIPIENT = [situation for situation in SITUATIONS if 15 <= situation.number <= 21]
SENDER = [situation for situation in SITUATIONS if 6 <= situation.number <= 14]
MARKET = [situation for situation in SITUATIONS if situation.number <= 5]


def ordinary(stage: Stage) -> Transfer:
    """10 units from bob, who has 51 of class RETAIL, to corp, which is of class CORPORATE."""
    assert (RETAIL, CORPORATE) == (0, 1)
    return Transfer(stage.bob, stage.corp.address)
