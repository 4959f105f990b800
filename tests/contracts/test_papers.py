"""References are used once, evidence is there, lists fit. Outcomes: papers.tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.contracts.handle import Handle, error, event
from tests.contracts.stage import EVIDENCE, NONE32, REKEY_ACT, Stage, act, ref

from genbo.chain.call import Call
from genbo.chain.interface import Entry

_ACT = "(bytes32,bytes32,uint32)"


@dataclass(frozen=True)
class Papered:
    """An act with papers; `evidence` tells whether it needs one."""

    name: str
    by: str
    evidence: bool
    call: Callable[[Stage, str | None, bytes], Call]


# fmt: off
ACTS = [
    Papered("issue", "issuer", False,
            lambda s, r, e: s.token("issue", [s.ann.address], [1], act(r, evidence=e))),
    Papered("redeem", "issuer", False,
            lambda s, r, e: s.token("redeem", [s.bob.address], [1], act(r, evidence=e))),
    Papered("redeemAll", "issuer", False,
            lambda s, r, e: s.token("redeemAll", [s.ann.address], act(r, evidence=e))),
    Papered("distribute", "distributor", False,
            lambda s, r, e: s.token("distribute", [s.ann.address], [1], NONE32 if r is None else ref(r))),
    Papered("forcedTransfer", "repairer", True,
            lambda s, r, e: s.token(f"forcedTransfer(address,address,uint256,{_ACT})",
                                    s.bob.address, s.ann.address, 1, act(r, evidence=e))),
    Papered("redistribute", "repairer", True,
            lambda s, r, e: s.token("redistribute", s.bob.address, s.ann.address, 1,
                                    NONE32 if r is None else ref(r), e)),
    Papered("redistributeBurned", "repairer", True,
            lambda s, r, e: s.token("redistributeBurned", ref("BURN-1"), s.ann.address, 1,
                                    NONE32 if r is None else ref(r), e)),
    Papered("reverseTransfer", "repairer", True,
            lambda s, r, e: s.token("reverseTransfer", ref(f"T-{s.now}"), s.bob.address, s.ann.address,
                                    1, act(r, evidence=e))),
    Papered("recoveryAddress", "repairer", True,
            lambda s, r, e: s.token(REKEY_ACT, s.bob.address, s.spare.address, act(r, evidence=e))),
    Papered("close", "issuer", True,
            lambda s, r, e: s.token("close", ref("P1-2"), act(r, evidence=e))),
]
# fmt: on
EACH = [pytest.param(each, id=each.name) for each in ACTS]
WITH_EVIDENCE = [pytest.param(each, id=each.name) for each in ACTS if each.evidence]


def takes_papers(entry: Entry) -> bool:
    return entry.writes and (_ACT in entry.inputs or bool({"ref", "incident"} & set(entry.names)))


def test_papers__table__has_every_function_that_takes_a_reference(token: Handle) -> None:
    taking = {entry.name for entry in token.interface.functions if takes_papers(entry)}
    trades = {"transferWithReference", "transferFromWithReference"}  # the trade's own, below
    assert {each.name for each in ACTS} | {"split"} | trades == taking


@pytest.mark.parametrize("each", EACH)
def test_act__reference_missing__refused(ready: Stage, each: Papered) -> None:
    call = each.call(ready, None, EVIDENCE)
    assert getattr(ready, each.by).refused(call) == error("TokenReferenceMissing")


@pytest.mark.parametrize("each", EACH)
def test_act__reference_of_any_act_before__refused_with_it(ready: Stage, each: Papered) -> None:
    """One namespace: the reference of a redemption cannot name a forced transfer later."""
    getattr(ready, each.by).does(each.call(ready, "ONCE", EVIDENCE))
    assert ready.token.ask("isReferenceUsed", ref("ONCE")) is True
    used = error("TokenReferenceUsed", ref("ONCE"))
    for other in ACTS:
        call = other.call(ready, "ONCE", EVIDENCE)
        expected = error("TokenProductEnded") if each.name == "close" else used
        assert getattr(ready, other.by).refused(call) == expected


@pytest.mark.parametrize("each", EACH)
def test_act__refused__leaves_the_reference_free(ready: Stage, each: Papered) -> None:
    ready.stopper.does(ready.platform("stop"))
    assert getattr(ready, each.by).refused(each.call(ready, "LATER", EVIDENCE)) == error(
        "TokenStopped"
    )
    assert ready.token.ask("isReferenceUsed", ref("LATER")) is False
    ready.resumer.does(ready.platform("resume"))
    getattr(ready, each.by).does(each.call(ready, "LATER", EVIDENCE))
    assert ready.token.ask("isReferenceUsed", ref("LATER")) is True


@pytest.mark.parametrize("each", WITH_EVIDENCE)
def test_act__evidence_missing__refused_with_the_reference(ready: Stage, each: Papered) -> None:
    call = each.call(ready, "ORDER", NONE32)
    assert getattr(ready, each.by).refused(call) == error("TokenEvidenceMissing", ref("ORDER"))


@pytest.mark.parametrize(
    "each", [pytest.param(each, id=each.name) for each in ACTS if not each.evidence]
)
def test_act__with_consent_or_by_the_terms__needs_no_evidence(ready: Stage, each: Papered) -> None:
    assert getattr(ready, each.by).may(each.call(ready, "R-1", NONE32))


# A trade's own reference --------------------------------------------------------------------------


def test_transfer__with_reference__announces_it_and_leaves_it_free(ready: Stage) -> None:
    bob, corp, token = ready.bob, ready.corp.address, ready.token
    announced = [event("TransferReference", ref("T-7")), event("Transfer", bob.address, corp, 3)]
    for _ in range(2):
        assert bob.does(token("transferWithReference", corp, 3, ref("T-7"))) == announced
    by_ann = token("transferFromWithReference", bob.address, corp, 3, ref("T-7"))
    assert ready.ann.does(by_ann) == announced
    assert token.ask("isReferenceUsed", ref("T-7")) is False
    assert token.ask("allowance", bob.address, ready.ann.address) == 2


def test_transfer__with_reference_missing__refused(ready: Stage) -> None:
    call = ready.token("transferWithReference", ready.corp.address, 3, NONE32)
    assert ready.bob.refused(call) == error("TokenReferenceMissing")
    bob, corp = ready.bob.address, ready.corp.address
    by_ann = ready.token("transferFromWithReference", bob, corp, 3, NONE32)
    assert ready.ann.refused(by_ann) == error("TokenReferenceMissing")


# A decision to split: its epoch stands in for a used-up reference ---------------------------------


def test_split__reference__is_required_and_not_used_up(ready: Stage) -> None:
    issuer, token = ready.issuer, ready.token
    assert issuer.refused(token("split", 2, 0, act(None))) == error("TokenReferenceMissing")
    assert issuer.may(token("split", 2, 0, act("SPLIT-1", evidence=NONE32)))
    issuer.does(token("split", 2, 0, act("SPLIT-1")))
    assert token.ask("isReferenceUsed", ref("SPLIT-1")) is False
    issuer.does(token("redeem", [ready.bob.address], [1], act("SPLIT-1")))
    assert token.ask("isReferenceUsed", ref("SPLIT-1")) is True
    issuer.does(token("split", 2, 1, act("SPLIT-1")))  # nor is a used one refused


# Lists --------------------------------------------------------------------------------------------

LISTS = {
    "batchTransfer": ("bob", lambda s, to, n: (to, n)),
    "issue": ("issuer", lambda s, to, n: (to, n, act("L-1"))),
    "batchMint": ("issuer", lambda s, to, n: (to, n)),
    "redeem": ("issuer", lambda s, to, n: (to, n, act("L-1"))),
    "batchBurn": ("issuer", lambda s, to, n: (to, n)),
    "distribute": ("distributor", lambda s, to, n: (to, n, ref("L-1"))),
    "batchSetAddressFrozen": ("restrictor", lambda s, to, n: (to, [True] * len(n))),
    "batchFreezePartialTokens": ("restrictor", lambda s, to, n: (to, n)),
    "batchUnfreezePartialTokens": ("releaser", lambda s, to, n: (to, n)),
    "batchForcedTransfer": ("repairer", lambda s, to, n: (to, [s.bob.address] * len(to), n)),
}


def test_lists__table__has_every_function_that_takes_two(token: Handle) -> None:
    lists = {"uint256[]", "bool[]"}
    taking = {e.name for e in token.interface.functions if lists & set(e.inputs) and e.writes}
    assert set(LISTS) == taking


@pytest.mark.parametrize(("givers", "takers"), [(1, 0), (0, 1), (2, 1), (1, 2)])
def test_lists__of_givers_and_takers__refused_with_both_lengths(
    ready: Stage, givers: int, takers: int
) -> None:
    ann, bob = ready.ann.address, ready.bob.address
    call = ready.token("batchForcedTransfer", [bob] * givers, [ann] * takers, [1] * givers)
    assert ready.repairer.refused(call) == error("TokenLengthMismatch", givers, takers)


@pytest.mark.parametrize(("accounts", "units"), [(1, 0), (0, 1), (2, 1), (1, 2), (3, 2)])
@pytest.mark.parametrize("function", LISTS)
def test_lists__of_different_length__refused_with_both_lengths(
    ready: Stage, function: str, accounts: int, units: int
) -> None:
    by, arguments = LISTS[function]
    call = ready.token(function, *arguments(ready, [ready.ann.address] * accounts, [1] * units))
    assert getattr(ready, by).refused(call) == error("TokenLengthMismatch", accounts, units)
