"""Addresses from an extended public key, compared with the published vectors and with another library.

given an extended public key
├── when an index is derived: it should be the key that BIP-32 publishes for it
├── when many are derived
│   ├── they should be the addresses of the private keys that another library derives
│   └── they should come at a thousand a second or more
├── when the index needs the private key: it should be refused
└── when it is shown: it should show its fingerprint and nothing that derives
given the tree of the mnemonic that everybody knows, of its account or its external chain
├── when the chain is for development: it should be taken
└── when it is not: it should be refused
given a fingerprint told by another way
├── when it is the key's: it should be taken, whatever its case
└── when it is another's: it should be refused
given a text that is no extended public key
├── when it is a private key, well written or not: it should be refused, loudly, without a character of it
├── when one character is wrong: it should be refused
└── when the bytes contradict themselves: it should be refused with what is wrong
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import time
import traceback
from pathlib import Path

import pytest
from coincurve import PublicKey as Point
from eth_account import Account
from eth_account.hdaccount import key_from_seed, seed_from_mnemonic
from hypothesis import given
from hypothesis import strategies as st

from genbo.chain.base58 import decode_checked, encode_checked
from genbo.chain.extended_key import HARDENED, ExtendedKey, refuse_development_tree
from genbo.chain.keys import DEVELOPMENT_MNEMONIC
from genbo.chain.networks import DEVELOPMENT_CHAIN_IDS
from genbo.kernel import Fault, Reason, Refusal

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
SEED = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
"""Of the first published vector; everybody knows it."""
PRIVATE = (
    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPP"
    "qjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"
)
"""The private key that BIP-32 publishes for that seed."""

with (Path(__file__).parents[1] / "data" / "bip32_public_vectors.csv").open() as file:
    STEPS = list(csv.DictReader(file))
MASTER = STEPS[3]["parent"]
ACCOUNT = STEPS[0]["parent"]
"""m/0' of that seed."""


def test_vectors__read__are_all_there() -> None:
    assert len(STEPS) == 6


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step['parent_path']}/{step['index']}")
def test_child__published_step__is_the_published_key(step: dict[str, str]) -> None:
    parent = ExtendedKey.parse(step["parent"])
    derived = parent.child(int(step["index"]))
    assert derived is not None
    assert derived.serialised() == step["child"]
    assert derived == ExtendedKey.parse(step["child"])
    public = parent.at(int(step["index"]))
    assert public is not None
    assert public.key == derived.point


@pytest.mark.parametrize("index", [0, 1, 7, 1_000, HARDENED - 1])
def test_at__same_seed_elsewhere__is_the_address_of_the_private_key(index: int) -> None:
    public = ExtendedKey.parse(ACCOUNT).at(index)
    assert public is not None
    private = key_from_seed(SEED, f"m/0'/{index}")
    assert public.address == Account.from_key(private).address


def test_at__a_thousand__are_different_and_take_less_than_a_second() -> None:
    key = ExtendedKey.parse(ACCOUNT)
    begun = time.process_time()
    addresses = {found.address for n in range(1_000) if (found := key.at(n)) is not None}
    assert time.process_time() - begun < 1
    assert len(addresses) == 1_000


@pytest.mark.parametrize("index", [-1, HARDENED, HARDENED + 5])
def test_at__index_needs_the_private_key__is_refused(index: int) -> None:
    key = ExtendedKey.parse(MASTER)
    for derive in (key.at, key.child):
        with pytest.raises(Refusal) as refused:
            derive(index)
        assert refused.value.reason is Reason.EXTENDED_KEY_INVALID


def test_child__no_level_left__is_refused() -> None:
    raw = bytearray(decode_checked(ACCOUNT))
    raw[4] = 255
    with pytest.raises(Refusal) as refused:
        ExtendedKey.parse(encode_checked(bytes(raw))).child(0)
    assert refused.value.reason is Reason.EXTENDED_KEY_INVALID


def test_shown__repr_and_str__derive_nothing() -> None:
    key = ExtendedKey.parse(ACCOUNT)
    assert str(key) == key.fingerprint == "5c1bd648"  # the first child names it as its parent
    shown = f"{key!r} {key}"
    assert ACCOUNT not in shown
    for secret in (key.chain_code, key.point):
        assert secret.hex() not in shown
        assert repr(secret) not in shown


def test_fingerprint__parent_of_each_published_step__is_the_one_in_the_child() -> None:
    for step in STEPS:
        parent = ExtendedKey.parse(step["parent"])
        assert ExtendedKey.parse(step["child"]).parent.hex() == parent.fingerprint


def test_parse__fingerprint_of_the_owner__is_compared() -> None:
    assert ExtendedKey.parse(f" {ACCOUNT}\n", fingerprint=" 5C1BD648 ").depth == 1
    with pytest.raises(Refusal) as refused:
        ExtendedKey.parse(ACCOUNT, fingerprint="5c1bd649")
    assert refused.value.reason is Reason.FINGERPRINT_MISMATCH
    assert refused.value.facts == {"found": "5c1bd648"}


def _development_tree(levels: int) -> ExtendedKey:
    """The extended public key of the mnemonic's path m/44'/60'/0'/0, cut after so many levels."""
    seed = seed_from_mnemonic(DEVELOPMENT_MNEMONIC, "")
    secret = hmac.new(b"Bitcoin seed", seed, hashlib.sha512).digest()
    key, chain_code = secret[:32], secret[32:]
    for number in [HARDENED + 44, HARDENED + 60, HARDENED, 0][:levels]:
        padded = b"\0" + key if number >= HARDENED else Point.from_secret(key).format()
        digest = hmac.new(chain_code, padded + number.to_bytes(4, "big"), hashlib.sha512).digest()
        total = int.from_bytes(digest[:32], "big") + int.from_bytes(key, "big")
        key, chain_code = (total % ORDER).to_bytes(32, "big"), digest[32:]
    raw = bytes.fromhex("0488b21e") + bytes([levels]) + bytes(8) + chain_code
    return ExtendedKey.parse(encode_checked(raw + Point.from_secret(key).format()))


@pytest.mark.parametrize("levels", [3, 4])
def test_development_tree__elsewhere__is_refused(levels: int) -> None:
    tree = _development_tree(levels)
    for chain_id in DEVELOPMENT_CHAIN_IDS:
        refuse_development_tree(tree, chain_id)
    with pytest.raises(Fault) as refused:
        refuse_development_tree(tree, 20_210_811)
    assert refused.value.reason is Reason.DEVELOPMENT_KEY_REFUSED


def test_development_tree__another_tree__is_taken_anywhere() -> None:
    refuse_development_tree(ExtendedKey.parse(ACCOUNT), 20_210_811)


def _relabelled(version: str) -> str:
    """The private key under another version, as a wallet for another coin writes it."""
    return encode_checked(bytes.fromhex(version) + decode_checked(PRIVATE)[4:])


@pytest.mark.parametrize(
    "text",
    [
        PRIVATE,
        PRIVATE[:-1],
        PRIVATE[:-1] + "0",
        f"  {PRIVATE}  ",
        _relabelled("04358394"),
        "ab" * 32,
        "0x" + "AB" * 32,
    ],
    ids=["as published", "cut", "mistyped", "spaced", "of the test network", "raw", "raw with 0x"],
)
def test_parse__private_key__is_refused_and_never_repeated(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        ExtendedKey.parse(text)
    assert refused.value.reason is Reason.PRIVATE_KEY_REFUSED
    assert refused.value.facts == {}
    assert refused.value.__cause__ is None
    lines = traceback.format_exception_only(refused.value)
    assert text.strip()[4:12] not in "".join(lines)


def _changed(text: str, at: int, new: bytes) -> str:
    raw = decode_checked(text)
    return encode_checked(raw[:at] + new + raw[at + len(new) :])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "checksum"),
        ("xpub", "checksum"),
        (MASTER.replace("x", "0", 1), "base58"),
        (_changed(MASTER, 0, bytes(4)), "version"),
        (_changed(MASTER, 5, b"\1"), "parent"),
        (_changed(MASTER, 12, b"\1"), "index"),
        (_changed(MASTER, 45, b"\4"), "compressed"),
        (_changed(MASTER, 45, b"\0"), "compressed"),
        (_changed(MASTER, 45, b"\2" + b"\xff" * 32), "point"),
        (encode_checked(decode_checked(MASTER) + b"\0"), "79 bytes"),
    ],
)
def test_parse__contradicts_itself__is_refused_with_the_problem(text: str, problem: str) -> None:
    with pytest.raises(Refusal) as refused:
        ExtendedKey.parse(text)
    assert refused.value.reason is Reason.EXTENDED_KEY_INVALID
    assert problem in str(refused.value.facts["problem"])


@given(
    at=st.integers(4, len(MASTER) - 1), letter=st.sampled_from("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
)
def test_parse__one_character_wrong__is_refused(at: int, letter: str) -> None:
    wrong = MASTER[:at] + letter + MASTER[at + 1 :]
    if wrong == MASTER:
        return
    with pytest.raises(Refusal) as refused:
        ExtendedKey.parse(wrong)
    assert refused.value.reason is Reason.EXTENDED_KEY_INVALID


@given(payload=st.binary(max_size=90))
def test_base58__any_bytes__come_back(payload: bytes) -> None:
    assert decode_checked(encode_checked(payload)) == payload
