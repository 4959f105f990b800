"""Keys sign what their holder wants, and nothing that somebody else prepared instead.

given a transfer that the registry prepared
├── when it is what is wanted: signed, and it calls exactly that
└── when it differs in any field, has one more, or may cost more: refused, nothing is signed
given an authorisation, a cancellation, a proof of possession or a command
├── when it is wanted: the signature that the registry's own code expects
└── when what was prepared differs in any place: refused
given a key: in a file or at hand, never shown
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from genbo.chain.command_message import CommandMessage
from genbo.chain.command_message import domain_of as command_domain
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.raw_transaction import call_of
from genbo.chain.signing import CancelAuthorisation, Domain, TransferAuthorisation, signer_of
from genbo.governance import Command
from genbo.kernel import Address, Reference, Units
from genbo_sdk import (
    LocalSigner,
    SigningRefused,
    TransferIntent,
    sign_authorisation,
    sign_cancellation,
    sign_command,
    sign_possession,
    sign_transfer,
)
from genbo_sdk._typed_data import COMMAND, authorisation, possession

KEY = "0x" + "5e" * 32
HOLDER = LocalSigner.from_key(KEY)
OTHER = LocalSigner.from_key("0x" + "5f" * 32)
TOKEN = "0x" + "12" * 20
INTENT = TransferIntent(
    chain_id=1337, token=TOKEN, sender=HOLDER.address, recipient=OTHER.address, units=50, ref="T-1"
)
NAME = "渋谷神南"


def prepared(intent: TransferIntent = INTENT, **changed: Any) -> dict[str, Any]:
    fields = {
        "chainId": intent.chain_id,
        "nonce": 7,
        "gas": 90_000,
        "gasPrice": 0,
        "value": 0,
        "to": intent.token.lower(),
        "data": "0x" + intent.call_data().hex(),
    }
    return {name: value for name, value in {**fields, **changed}.items() if value is not ...}


@pytest.mark.parametrize("ref", ["T-1", None])
def test_transfer__as_wanted__calls_exactly_that(ref: str | None) -> None:
    intent = replace(INTENT, ref=ref)
    raw = sign_transfer(prepared(intent), HOLDER, intent, nonce=7)
    assert Account.recover_transaction(raw) == HOLDER.address
    token = SecurityToken(None, Address(TOKEN))  # type: ignore[arg-type]  # nothing is asked of a node
    wanted = token.transfer(
        Address(OTHER.address), Units(50), None if ref is None else Reference(ref)
    )
    called = call_of(bytes.fromhex(raw[2:]), "")
    assert (called.to, called.data) == (wanted.to, wanted.data)


def test_transfer__numbers_as_json_rpc_has_them__is_signed() -> None:
    fields = {"chainId": "0x539", "nonce": "0x7", "gas": "90000", "gasPrice": "0x0", "value": "0x0"}
    assert sign_transfer(prepared(**fields), HOLDER, INTENT) == sign_transfer(
        prepared(), HOLDER, INTENT
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"chainId": 1}, {"chainId": "x"}, {"chainId": ...}, {"nonce": 8}, {"nonce": ...}, {"nonce": -1}, {"gas": 3},
        {"gas": 10**9}, {"value": 1}, {"to": OTHER.address}, {"to": ...}, {"data": "0x"}, {"data": "zz"},
        {"data": "0x" + replace(INTENT, units=51).call_data().hex()},
        {"data": "0x" + replace(INTENT, recipient=TOKEN).call_data().hex()},
        {"data": "0x" + replace(INTENT, ref="T-2").call_data().hex()},
        {"data": "0x" + replace(INTENT, ref=None).call_data().hex()},
        {"data": "0x" + INTENT.call_data().hex() + "00"},
        {"gasPrice": 1}, {"gasPrice": ...}, {"maxFeePerGas": 0}, {"from": OTHER.address},
        {"accessList": [["0x00", []]]}, {"authorizationList": []}, {"nonce": True},
    ],
)  # fmt: skip
def test_transfer__other_than_wanted__is_not_signed(changed: Mapping[str, Any]) -> None:
    with pytest.raises(SigningRefused):
        sign_transfer(prepared(**changed), HOLDER, INTENT, nonce=7)


def test_transfer__by_another_key__is_not_signed() -> None:
    with pytest.raises(SigningRefused, match="signer"):
        sign_transfer(prepared(), OTHER, INTENT)


def test_transfer__that_costs__is_signed_up_to_what_is_allowed() -> None:
    fees = {"gasPrice": ..., "maxFeePerGas": 10, "maxPriorityFeePerGas": 1}
    raw = sign_transfer(prepared(**fees), HOLDER, INTENT, highest_fee=900_000)
    assert raw.startswith("0x02")
    with pytest.raises(SigningRefused, match="cost"):
        sign_transfer(prepared(**fees), HOLDER, INTENT, highest_fee=899_999)


@pytest.mark.parametrize(
    "wrong",
    [
        {"units": 0},
        {"units": 2**80},
        {"ref": "見本"},
        {"ref": "x" * 33},
        {"ref": ""},
        {"token": "0x1"},
    ],
)
def test_intent__that_cannot_be__is_not_made(wrong: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"unit|reference|address"):
        replace(INTENT, **wrong)


# Typed data -------------------------------------------------------------------------------------


@given(
    units=st.integers(1, 2**80 - 1),
    after=st.integers(0, 2**40),
    lasts=st.integers(1, 2**40),
    ref=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,31}", fullmatch=True),
    by_recipient=st.booleans(),
)
def test_authorisation__any__is_what_the_registry_expects(
    units: int, after: int, lasts: int, ref: str, by_recipient: bool
) -> None:
    intent = replace(INTENT, units=units, ref=ref)
    signed = sign_authorisation(
        HOLDER, intent, token_name=NAME, valid_after=after, valid_before=after + lasts, by_recipient=by_recipient
    )  # fmt: skip
    message = TransferAuthorisation(
        source=Address(HOLDER.address), target=Address(OTHER.address), units=units, after=after,
        before=after + lasts, ref=Reference(ref), by_recipient=by_recipient,
    )  # fmt: skip
    digest = message.digest(Domain.of_token(NAME, Address(TOKEN), chain_id=1337))
    assert signer_of(digest, bytes.fromhex(signed.signature[2:])) == HOLDER.address
    assert signed.message["value"] == units


def test_cancellation__of_ones_own__is_what_the_registry_expects() -> None:
    signed = sign_cancellation(HOLDER, chain_id=1337, token=TOKEN, token_name=NAME, ref="T-1")
    message = CancelAuthorisation(holder=Address(HOLDER.address), ref=Reference("T-1"))
    digest = message.digest(Domain.of_token(NAME, Address(TOKEN), chain_id=1337))
    assert signer_of(digest, bytes.fromhex(signed.signature[2:])) == HOLDER.address


def places(document: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every leaf of a message."""
    if isinstance(document, dict | list):
        keys = document if isinstance(document, dict) else range(len(document))
        return [found for key in keys for found in places(document[key], (*at, key))]
    return [at]


def changed_at(document: Any, place: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(document)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    value = inner[place[-1]]
    if isinstance(value, int):
        inner[place[-1]] = value + 1
    elif value.startswith("0x") and len(value) > 2:
        inner[place[-1]] = value[:-1] + ("0" if value[-1] != "0" else "1")
    else:
        inner[place[-1]] = value + "x"
    return changed


def test_authorisation__prepared_otherwise_in_any_place__is_not_signed() -> None:
    times = {"token_name": NAME, "valid_after": 1, "valid_before": 9}
    right = authorisation(INTENT, **times)  # type: ignore[arg-type]
    told = json.loads(json.dumps(right))
    sign_authorisation(HOLDER, INTENT, **times, prepared=told)  # type: ignore[arg-type]
    assert len(places(told)) > 25
    for place in places(told):
        with pytest.raises(SigningRefused, match=str(place[0])):
            sign_authorisation(HOLDER, INTENT, **times, prepared=changed_at(told, place))  # type: ignore[arg-type]
    for extra in ({**told, "more": 1}, {**told, "message": {**told["message"], "fee": 1}}):
        with pytest.raises(SigningRefused):
            sign_authorisation(HOLDER, INTENT, **times, prepared=extra)  # type: ignore[arg-type]


def test_authorisation__that_cannot_be__is_not_signed() -> None:
    with pytest.raises(SigningRefused, match="sender"):
        sign_authorisation(OTHER, INTENT, token_name=NAME, valid_after=1, valid_before=2)
    with pytest.raises(ValueError, match="never"):
        sign_authorisation(HOLDER, INTENT, token_name=NAME, valid_after=2, valid_before=2)
    with pytest.raises(ValueError, match="reference"):
        sign_authorisation(
            HOLDER, replace(INTENT, ref=None), token_name=NAME, valid_after=1, valid_before=2
        )


PLATFORM = Address("0x" + "34" * 20)
ORDER = Command(
    key="k", chain_id=1337, what="transfer 50 (T-1)", maker="maker-1", maker_account=Address(OTHER.address),
    account=Address(OTHER.address), duty=None, to=Address(TOKEN), data=INTENT.call_data(), ref=Reference("T-1"),
)  # fmt: skip
SHOWN = CommandMessage(ORDER).typed_data(command_domain(PLATFORM, chain_id=1337))
KNOWN: dict[str, Any] = {
    "chain_id": 1337,
    "platform": PLATFORM,
    "command_id": ORDER.id,
    "expected": {"what": ORDER.what, "data": "0x" + ORDER.data.hex()},
}


def test_command__as_expected__is_approved() -> None:
    signature = sign_command(HOLDER, json.loads(json.dumps(SHOWN)), **KNOWN)
    digest = CommandMessage(ORDER).digest(command_domain(PLATFORM, chain_id=1337))
    assert signer_of(digest, bytes.fromhex(signature[2:])) == HOLDER.address
    assert [name for name, _ in CommandMessage.FIELDS] == [name for name, _ in COMMAND]


@pytest.mark.parametrize(
    "other",
    [
        {"chain_id": 1},
        {"platform": TOKEN},
        {"command_id": "ab" * 16},
        {"expected": {"what": "issue"}},
    ],
)
def test_command__other_than_expected__is_not_approved(other: Mapping[str, Any]) -> None:
    with pytest.raises(SigningRefused):
        sign_command(HOLDER, SHOWN, **{**KNOWN, **other})


def test_command__of_which_nothing_is_expected__is_not_approved() -> None:
    for expected in ({}, {"product": ""}, {"what": ORDER.what, "whim": "x"}):
        with pytest.raises(ValueError, match="expected"):
            sign_command(HOLDER, SHOWN, **{**KNOWN, "expected": expected})
    for broken in ({}, {**SHOWN, "message": {}}, {**SHOWN, "message": {"command": 1}}):
        with pytest.raises(SigningRefused):
            sign_command(HOLDER, broken, **KNOWN)


def test_possession__of_ones_own_address__is_proved() -> None:
    from genbo.chain.possession import PossessionMessage
    from genbo.chain.possession import domain_of as possession_domain
    from genbo.custody import Challenge, Deployment

    expires = datetime(2026, 4, 1, tzinfo=UTC)
    facts: dict[str, Any] = {
        "chain_id": 1337,
        "platform": PLATFORM,
        "product": "P1",
        "investor": "IV-1",
    }
    asked = possession(
        **facts,
        address=HOLDER.address,
        challenge="0x" + "ab" * 32,
        expires=int(expires.timestamp()),
    )
    signature = sign_possession(HOLDER, asked, **facts)
    deployment = Deployment(chain_id=1337, platform=PLATFORM)
    challenge = Challenge(
        deployment=deployment, product=facts["product"], investor=facts["investor"],
        address=Address(HOLDER.address), nonce="0x" + "ab" * 32, expires=expires,
    )  # type: ignore[arg-type]  # fmt: skip
    digest = PossessionMessage(challenge).digest(possession_domain(deployment))
    assert signer_of(digest, bytes.fromhex(signature[2:])) == HOLDER.address
    for place in places(asked):
        if place[-1] not in ("challenge", "expires") or place[0] != "message":
            with pytest.raises(SigningRefused):
                sign_possession(HOLDER, changed_at(asked, place), **facts)


# Keys -------------------------------------------------------------------------------------------


def test_key__in_a_file__opens_with_its_passphrase_only(tmp_path: Path) -> None:
    file = tmp_path / "holder.json"
    file.write_text(json.dumps(Account.encrypt(KEY, "open", kdf="pbkdf2", iterations=2)))
    assert LocalSigner.from_keystore(file, "open").address == HOLDER.address
    with pytest.raises(ValueError, match="passphrase") as told:
        LocalSigner.from_keystore(file, "hidden")
    assert "hidden" not in str(told.value)
    file.write_text("{}")
    with pytest.raises(ValueError, match="no key file"):
        LocalSigner.from_keystore(file, "open")


def test_key__shown_or_refused__is_not_told() -> None:
    assert KEY[2:] not in repr(HOLDER) + str(vars(HOLDER))
    with pytest.raises(ValueError, match="no private key") as told:
        LocalSigner.from_key("0x" + "zz" * 32)
    assert "zz" not in str(told.value)
    assert told.value.__suppress_context__
