"""What a contract says when it refuses becomes the refusal that people know.

given every error that our contracts declare
└── it should be in the reason table, with every argument a fact, or be listed there as unused
given an error of a library, in which no rule of ours speaks
└── it should be a fault that names it
given an error that names an address
├── when the units would leave it: it should be the sender's reason
├── when they would reach it, or it is being judged: the recipient's
└── in a distribution, where the call does not name the giver: the initial beneficiary is the sender
given an error that is none of ours, no data, or broken data
└── it should be a fault, never a bug
"""

from __future__ import annotations

import pytest
from eth_abi.abi import encode as abi_encode
from tests.support.chain import Stage, investor

from genbo.chain import artifacts
from genbo.chain.call import Call
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.refusals import refusal_of
from genbo.compliance.reasons import ERRORS, UNUSED_ERRORS
from genbo.kernel import Address, Digest, Fault, Reason, Reference, to_bytes32
from genbo.token import Act

A = Address("0x00000000000000000000000000000000000000AA")
B = Address("0x00000000000000000000000000000000000000bb")
C = Address("0x00000000000000000000000000000000000000cc")
ACT = Act(ref=Reference("R-1"), evidence=Digest("0x" + "ee" * 32))

OUR_ERRORS = {
    entry.name: entry
    for name in (
        "SecurityToken",
        "Platform",
        "TokenFactory",
        "Settlement",
        "RegisterAnchor",
        "Disbursement",
        "DocumentRegistry",
        "HolderLimitRule",
        "HoldingLimitRule",
    )
    for entry in artifacts.load(name).interface.errors.values()
}

OF_LIBRARIES = {
    "InvalidShortString": "the name of our signing domain is a constant that fits",
    "StringTooLong": "the name of our signing domain is a constant that fits",
    "SafeERC20FailedOperation": "a yen token that is not ours refused for reasons of its own",
}
"""Errors of the libraries that our contracts use; none of them is a rule of ours that says no."""

_SAMPLES = {
    "string": "text",
    "address": A,
    "uint256": 7,
    "int256": -7,
    "uint8": 3,
    "uint16": 5,
    "uint32": 1_700_000_000,
    "bytes32": to_bytes32("P1"),
    "bytes4": b"\x01\x02\x03\x04",
}


def _token(node: object = None) -> SecurityToken:
    return SecurityToken(node, C)  # type: ignore[arg-type]


def _unverified(account: Address) -> bytes:
    return OUR_ERRORS["TokenUnverified"].encode(account)


@pytest.mark.parametrize("name", sorted(OUR_ERRORS))
def test_every_error__has_a_reason(name: str) -> None:
    entry = OUR_ERRORS[name]
    data = entry.encode(*(_SAMPLES[kind] for kind in entry.inputs))
    refusal = refusal_of(data, call=_token().transfer(B, 7), sender=A)
    if name in UNUSED_ERRORS or name in OF_LIBRARIES:
        assert isinstance(refusal, Fault)
        return
    assert not isinstance(refusal, Fault)
    assert name in ERRORS
    assert len(refusal.facts) == len(entry.inputs)
    for kind, fact in zip(entry.inputs, refusal.facts.values(), strict=True):
        expected = {"bytes32": "P1", "bytes4": "0x01020304"}.get(kind, _SAMPLES[kind])
        assert fact == expected


@pytest.mark.parametrize(
    ("call", "account", "expected"),
    [
        (_token().transfer(B, 1), A, Reason.SENDER_UNVERIFIED),
        (_token().transfer(B, 1), B, Reason.RECIPIENT_UNVERIFIED),
        (_token().transfer(A, 1), A, Reason.SENDER_UNVERIFIED),
        (_token().transfer(B, 1, Reference("T-1")), B, Reason.RECIPIENT_UNVERIFIED),
        (_token().batch_transfer([B, C], [1, 1]), C, Reason.RECIPIENT_UNVERIFIED),
        (_token().batch_transfer([B, C], [1, 1]), A, Reason.SENDER_UNVERIFIED),
        (_token().transfer_from(C, B, 1), C, Reason.SENDER_UNVERIFIED),
        (_token().transfer_from(C, B, 1), B, Reason.RECIPIENT_UNVERIFIED),
        (_token().issue([B, C], [1, 1], ACT), C, Reason.RECIPIENT_UNVERIFIED),
        (_token().issue([A], [1], ACT), A, Reason.RECIPIENT_UNVERIFIED),
        (_token().distribute([B], [1], Reference("D")), B, Reason.RECIPIENT_UNVERIFIED),
        (_token().distribute([B], [1], Reference("D")), C, Reason.SENDER_UNVERIFIED),
        (_token().forced_transfer(B, C, 1, ACT), C, Reason.RECIPIENT_UNVERIFIED),
        (_token().forced_transfer(B, C, 1), C, Reason.RECIPIENT_UNVERIFIED),
        (
            _token().reverse_transfer(Reference("T"), B, C, 1, ACT),
            C,
            Reason.RECIPIENT_UNVERIFIED,
        ),
        (
            _token().redistribute(B, C, 1, incident=Reference("I"), evidence=None),
            C,
            Reason.RECIPIENT_UNVERIFIED,
        ),
    ],
)
def test_side__is_that_of_the_address_in_the_call(
    call: Call, account: Address, expected: Reason
) -> None:
    refusal = refusal_of(_unverified(account), call=call, sender=A)
    assert refusal.reason is expected
    assert refusal.facts == {"account": account}


@pytest.mark.parametrize(
    ("call", "account", "expected"),
    [
        (_token().rekey(B, C, ACT), B, Reason.SENDER_RETIRED),
        (_token().rekey(B, C, ACT), C, Reason.RECIPIENT_RETIRED),
        (_token().set_address_frozen(B, frozen=True), B, Reason.RECIPIENT_RETIRED),
        (_token().batch_set_verdict([B, C], until=None), C, Reason.RECIPIENT_RETIRED),
    ],
)
def test_retired__old_key_gives__new_key_and_the_judged_receive(
    call: Call, account: Address, expected: Reason
) -> None:
    data = OUR_ERRORS["TokenRetired"].encode(account)
    assert refusal_of(data, call=call, sender=A).reason is expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        b"\xde\xad\xbe\xef",
        OUR_ERRORS["TokenUnverified"].selector,  # its argument is missing
        OUR_ERRORS["TokenUnverified"].selector + b"\xff" * 32,  # no address
        bytes.fromhex("08c379a0"),
        bytes.fromhex("08c379a0") + abi_encode(["string"], ["somebody else's sentence"]),
        bytes.fromhex("08c379a0") + abi_encode(["bytes"], [b"\xff\xfe"]),
        bytes.fromhex("4e487b71") + (0x11).to_bytes(32, "big"),  # Panic: arithmetic
    ],
)
def test_no_error_of_ours__is_a_fault(data: bytes) -> None:
    refusal = refusal_of(data, call=_token().transfer(B, 1), sender=A)
    assert isinstance(refusal, Fault)
    assert refusal.reason is Reason.TRANSACTION_FAILED


@pytest.mark.parametrize("code", ["GS020", "GS021", "GS025", "GS026"])
def test_safe_misses_signatures__is_too_few_approvals(code: str) -> None:
    data = bytes.fromhex("08c379a0") + abi_encode(["string"], [code])
    assert refusal_of(data, call=Call(A, b"", "act"), sender=A).reason is Reason.APPROVALS_TOO_FEW


def test_call_that_cannot_be_read__still_gives_a_reason() -> None:
    selector = artifacts.load("SecurityToken").interface.function("issue").selector
    for data in (b"", selector, selector + b"\xff" * 64):
        refusal = refusal_of(_unverified(B), call=Call(C, data, "act"), sender=A)
        assert refusal.reason is Reason.RECIPIENT_UNVERIFIED


def test_question_and_act__give_the_same_reason(stage: Stage) -> None:
    """Invariant 7 through the wrappers: `reason_of` says what the act is refused with."""
    stage.verified(0)
    stage.alone(stage.platform.open_market(), "market-1")
    token = stage.token
    for source, target, units in ((0, 1, 0), (1, 0, 0), (0, 0, 5), (0, 0, 0)):
        asked = token.reason_of(investor(source).address, investor(target).address, units).value
        call = token.transfer(investor(target).address, units)
        if asked is None:
            stage.hold(call, source)
            continue
        with pytest.raises(Exception) as refused:  # noqa: PT011  its reason is compared below
            stage.hold(call, source)
        assert getattr(refused.value, "reason", None) is asked
