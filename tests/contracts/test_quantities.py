"""Zero, the most, and more than the most, wherever units are taken. Outcomes: quantities.tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from eth_abi import encode
from tests.contracts.handle import Handle, error, event
from tests.contracts.paths import PATHS
from tests.contracts.stage import (
    DUE,
    NONE32,
    PERMITTED,
    RETAIL,
    TERMS_HASH,
    VERIFIED_UNTIL,
    Stage,
    act,
    ref,
)

from genbo.chain.call import Call
from genbo.kernel import MAX_UNITS

ABSURD = [MAX_UNITS + 1, 2**128, 2**256 - 1]
ORDINARY = {path.signature for path in PATHS if path.ordinary}
_HOLD = "bytes32,address,uint256,uint32,address"


# fmt: off
def _batch(name: str, stage: Stage, units: int) -> Call:
    """A row that succeeds, then one of so many units."""
    return stage.token(name, [stage.stranger.address, stage.stranger.address], [1, units])


TAKES: dict[str, tuple[str, Callable[[Stage, int], Call]]] = {
    **{path.signature: ("corp" if path.by == "to" else path.by,
                        lambda s, n, path=path: path.call(s, s.corp.address, n)) for path in PATHS},
    "redeem(address[],uint256[],(bytes32,bytes32,uint32))": (
        "issuer", lambda s, n: s.token("redeem", [s.corp.address, s.bob.address], [1, n], act("Q"))),
    "burn(address,uint256)": ("issuer", lambda s, n: s.token("burn", s.bob.address, n)),
    "batchBurn(address[],uint256[])": (
        "issuer", lambda s, n: s.token("batchBurn", [s.corp.address, s.bob.address], [1, n])),
    "setFrozenTokens(address,uint256)": (
        "restrictor", lambda s, n: s.token("setFrozenTokens", s.bob.address, n)),
    "freezePartialTokens(address,uint256)": (
        "restrictor", lambda s, n: s.token("freezePartialTokens", s.bob.address, n)),
    "unfreezePartialTokens(address,uint256)": (
        "releaser", lambda s, n: s.token("unfreezePartialTokens", s.stranger.address, n)),
    "batchFreezePartialTokens(address[],uint256[])": (
        "restrictor", lambda s, n: _batch("batchFreezePartialTokens", s, n)),
    "batchUnfreezePartialTokens(address[],uint256[])": (
        "releaser", lambda s, n: _batch("batchUnfreezePartialTokens", s, n)),
    f"createHold({_HOLD})": (
        "bob", lambda s, n: s.token("createHold", ref("H-2"), s.corp.address, n, VERIFIED_UNTIL, s.ann.address)),
    f"createHoldFrom(address,{_HOLD})": (
        "ann", lambda s, n: s.token("createHoldFrom", s.bob.address, ref("H-2"), s.corp.address, n,
                                    VERIFIED_UNTIL, s.ann.address)),
    "approve(address,uint256)": ("bob", lambda s, n: s.token("approve", s.ann.address, n)),
}
# fmt: on
ADMINISTRATIVE = [
    name for name in TAKES if name not in ORDINARY and name != "approve(address,uint256)"
]


def test_quantities__table__has_every_function_that_takes_units(token: Handle) -> None:
    taking = {
        entry.signature
        for entry in token.interface.functions
        if entry.writes and {"uint256", "uint256[]"} & set(entry.inputs)
    }
    other = {
        "split(uint256,uint16,(bytes32,bytes32,uint32))",
        "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",  # any number, as approve
    }
    assert set(TAKES) | other == taking


@pytest.mark.parametrize("signature", [each for each in ADMINISTRATIVE if "setFrozen" not in each])
def test_quantity__zero__refused(ready: Stage, signature: str) -> None:
    by, call = TAKES[signature]
    assert getattr(ready, by).refused(call(ready, 0)) == error("TokenZeroUnits")


def test_quantity__frozen_to_zero__is_a_figure_like_any_other(ready: Stage) -> None:
    assert ready.restrictor.does(ready.token("setFrozenTokens", ready.bob.address, 0)) == [
        event("Frozen", ready.bob.address, 0)
    ]


@pytest.mark.parametrize("signature", sorted(ORDINARY))
def test_transfer__zero_units__is_judged_and_happens(ready: Stage, signature: str) -> None:
    by, call = TAKES[signature]
    done = getattr(ready, by).does(call(ready, 0))
    assert event("Transfer", ready.bob.address, ready.corp.address, 0) in done
    ready.restrictor.does(ready.token("setAddressFrozen", ready.corp.address, True))
    assert getattr(ready, by).refused(call(ready, 0)) == error(
        "TokenAddressFrozen", ready.corp.address
    )


@pytest.mark.parametrize("units", ABSURD)
@pytest.mark.parametrize("signature", ADMINISTRATIVE)
def test_quantity__absurd__refused_with_it(ready: Stage, signature: str, units: int) -> None:
    ready.bob.does(ready.token("approve", ready.ann.address, 2**256 - 1))
    by, call = TAKES[signature]
    assert getattr(ready, by).refused(call(ready, units)) == error("TokenUnitsTooLarge", units)


@pytest.mark.parametrize("units", [*ABSURD, MAX_UNITS])
@pytest.mark.parametrize("signature", sorted(ORDINARY))
def test_transfer__absurd__refused_with_the_balance(
    ready: Stage, signature: str, units: int
) -> None:
    ready.bob.does(ready.token("approve", ready.ann.address, 2**256 - 1))
    by, call = TAKES[signature]
    balance = 50 if signature.startswith("batch") else 51  # one unit went to ann first
    assert getattr(ready, by).refused(call(ready, units)) == error(
        "ERC20InsufficientBalance", ready.bob.address, balance, units
    )
    assert ready.reason(ready.bob, ready.corp, units) == 13


def test_batches__that_add_up_beyond_the_word__refused(ready: Stage) -> None:
    """Two rows of which each would pass the check by itself."""
    token, ann = ready.token, ready.ann.address
    rows = ([ann, ann], [2**255, 2**255])
    assert ready.bob.refused(token("batchTransfer", *rows)) == error(
        "ERC20InsufficientBalance", ready.bob.address, 51, 2**255
    )
    for function in ("batchMint", "batchBurn"):
        assert ready.issuer.refused(token(function, *rows)) == error("TokenUnitsTooLarge", 2**255)
    most = ([ann, ann], [MAX_UNITS, MAX_UNITS])
    assert ready.issuer.refused(token("batchMint", *most)) == error(
        "TokenCapExceeded", 2_000, 1_452 + MAX_UNITS
    )
    assert ready.distributor.refused(token("distribute", *most, ref("D-2"))) == error(
        "ERC20InsufficientBalance", ready.beneficiary.address, 1_000, MAX_UNITS
    )


def test_quantity__the_most_a_word_holds__is_exact(unissued: Stage) -> None:
    """No neighbour in the word is touched, on the way up or down."""
    token, ann, bob = unissued.token, unissued.ann, unissued.bob
    unissued.issuer.does(
        token("setTerms", 101, TERMS_HASH, unissued.beneficiary.address, MAX_UNITS, DUE)
    )
    before = unissued.word(ann)
    unissued.issuer.does(token("mint", ann.address, MAX_UNITS))
    assert unissued.word(ann) == before | MAX_UNITS
    assert (unissued.total, unissued.cap) == (MAX_UNITS, MAX_UNITS)
    assert unissued.issuer.refused(token("mint", bob.address, 1)) == error(
        "TokenCapExceeded", MAX_UNITS, MAX_UNITS + 1
    )
    unissued.restrictor.does(token("setFrozenTokens", ann.address, MAX_UNITS))
    assert unissued.word(ann) == before | MAX_UNITS | MAX_UNITS << 80
    unissued.restrictor.does(token("freezePartialTokens", ann.address, MAX_UNITS))
    assert unissued.frozen(ann) == MAX_UNITS
    unissued.repairer.does(
        token("forcedTransfer(address,address,uint256)", ann.address, bob.address, MAX_UNITS)
    )
    assert unissued.word(ann) == before
    assert (unissued.balance(bob), unissued.frozen(bob)) == (MAX_UNITS, 0)
    bob.does(token("transfer", ann.address, MAX_UNITS))
    assert unissued.word(ann) == before | MAX_UNITS
    unissued.advance_to(DUE)
    unissued.issuer.does(token("burn", ann.address, MAX_UNITS))
    assert (unissued.word(ann), unissued.total) == (before, 0)


@pytest.mark.parametrize(
    ("function", "types", "values"),
    [
        ("setVerdict", ["address", "uint256", "uint256", "bool"], (1, 2**32, 0, False)),
        ("setVerdict", ["address", "uint256", "uint256", "bool"], (1, 1, 256, False)),
        ("setLockUp", ["address", "uint256"], (1, 2**32)),
        ("setProductLockUp", ["uint256"], (2**32,)),
        ("setPermittedClasses", ["uint256"], (2**32,)),
        ("setRule", ["uint256"], (2**160,)),
        ("setAddressFrozen", ["address", "uint256"], (1, 2)),
    ],
)
def test_argument__outside_its_type__refused(
    ready: Stage, function: str, types: list[str], values: tuple[int, ...]
) -> None:
    """A caller that writes bytes by hand cannot reach a neighbouring field of the word."""
    arguments = [
        f"0x{1:040x}" if kind == "address" else v for kind, v in zip(types, values, strict=True)
    ]
    call = Call(
        ready.token.address, ready.token.selector(function) + encode(types, arguments), function
    )
    assert ready.restrictor.refused(call) == error("")


def test_cap__outside_its_type__refused(ready: Stage) -> None:
    types = ["uint16", "bytes32", "address", "uint256", "uint32"]
    data = encode(types, (101, NONE32, ready.ann.address, 2**80, DUE))
    call = Call(ready.token.address, ready.token.selector("setTerms") + data, "setTerms")
    assert ready.issuer.refused(call) == error("")


def test_class__above_the_five_bits__refused(ready: Stage) -> None:
    for investor_class in (32, 255):
        call = ready.token("setVerdict", ready.ann.address, VERIFIED_UNTIL, investor_class, False)
        assert ready.restrictor.refused(call) == error("TokenClassUnknown", investor_class)
    ready.restrictor.does(ready.token("setVerdict", ready.ann.address, VERIFIED_UNTIL, 31, False))
    assert (ready.word(ready.ann) >> 228) & 31 == 31
    assert ready.word(ready.ann) >> 233 == 0
    assert (PERMITTED, RETAIL) == (3, 0)
