"""A balance certificate is what a key of the custodian signed, or it is refused; nobody is asked.

given a certificate of the registry's own making, signed by a key of the custodian
├── it says what it says, by line and by investor
├── when anything of its document, its signature or its signer is other: refused
├── when it is of another ledger or registry: refused
└── when its document is no such document, or not in its one form: refused, although it is signed
given a certificate to be signed
├── when it says what the custodian's books say: the signature that the registry expects
└── when it says anything else, or something else was prepared to be signed: refused, nothing is signed
"""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from eth_account import Account

from genbo.chain.certificate_message import CertificateMessage, domain_of
from genbo.chain.signing import signer_of
from genbo.governance.institutions import InstitutionId
from genbo.kernel import Address, BlockStamp, InvestorId, ProductId, Units
from genbo.reporting.balance_certificate import (
    BalanceCertificate,
    CertifiedLine,
    digest_of,
    id_of,
)
from genbo_sdk import (
    CertificateRefused,
    LocalSigner,
    SigningRefused,
    models,
    sign_balance_certificate,
    verify_balance_certificate,
)

CUSTODIAN = LocalSigner.from_key("0x" + "5e" * 32)
OTHER = LocalSigner.from_key("0x" + "5f" * 32)
AT = datetime(2026, 5, 7, 3, 0, tzinfo=UTC)
PLATFORM = Address(OTHER.address)
LEDGER: dict[str, Any] = {"chain_id": 1337, "platform": PLATFORM.lower()}
PARTIES = {"custodian": "C1", "broker": "B2", "product": "P1"}
CONTENT = BalanceCertificate(
    custodian=InstitutionId("C1"),
    broker=InstitutionId("B2"),
    product=ProductId("P1"),
    token=Address("0x" + 40 * "7"),
    platform=PLATFORM,
    as_of="2026-05-07T15:00:00Z",
    block=BlockStamp(1337, 1200, "0x" + 64 * "b", AT),
    lines=[
        CertifiedLine(
            investor=InvestorId(who), address=Address(f"0x{number:040x}"), units=Units(units)
        )
        for who, number, units in (("H700", 3, 50), ("H3", 1, 300), ("H3", 2, 50))
    ],
)
EXPECTED = {"H3": 350, "H700": 50, "H9": 0}


def prepared(content: BalanceCertificate = CONTENT) -> models.CertificateToSign:
    message, domain = CertificateMessage(content), domain_of(PLATFORM, chain_id=1337)
    return models.CertificateToSign(
        certificate=id_of(digest_of(content.content())),
        document=content.content().decode(),
        document_digest=digest_of(content.content()),
        sign=models.TypedData(
            typed_data=message.typed_data(domain), digest="0x" + message.digest(domain).hex()
        ),
    )


def signed(document: str | None = None) -> models.BalanceCertificate:
    """As the registry gives it; with another document, signed by the custodian as far as that can be signed."""
    asked = prepared()
    signature = sign_balance_certificate(CUSTODIAN, asked, **LEDGER, **PARTIES, expected=EXPECTED)
    return models.BalanceCertificate(
        certificate=asked.certificate,
        **PARTIES,
        as_of=CONTENT.as_of,
        document=asked.document if document is None else document,
        document_digest=asked.document_digest,
        signer=CUSTODIAN.address,
        signature=signature,
        issued_at=AT,
    )


def verified(certificate: models.BalanceCertificate, **changed: Any) -> Any:
    arguments = {"signers": [CUSTODIAN.address.lower()], **LEDGER, **changed}
    return verify_balance_certificate(certificate, **arguments)


def test_certificate__of_a_key_of_the_custodian__says_what_it_says() -> None:
    told = verified(signed())
    assert dict(told.units) == {"H3": 350, "H700": 50}
    assert [(each.investor, each.units) for each in told.lines] == [
        ("H3", 300), ("H3", 50), ("H700", 50),
    ]  # fmt: skip
    assert (told.as_of, told.block, told.block_at) == ("2026-05-07T15:00:00Z", 1200, AT)
    assert (told.custodian, told.broker, told.signer) == ("C1", "B2", CUSTODIAN.address)
    assert told.document == CONTENT.content()


@pytest.mark.parametrize("said", sorted(json.loads(CONTENT.content())))
def test_certificate__whose_document_was_changed__is_refused(said: str) -> None:
    document = json.loads(CONTENT.content())
    document[said] = {
        "lines": document["lines"][1:],
        "block": {**document["block"], "number": 1201},
        "format": 2,
    }.get(said, "X")
    changed = json.dumps(document, sort_keys=True, separators=(",", ":"))
    with pytest.raises(CertificateRefused):
        verified(replace(signed(), document=changed))


@pytest.mark.parametrize(
    "document", ["", "[]", "{}", "null", "{" * 5_000, CONTENT.content().decode() + " "]
)
def test_certificate__that_is_no_such_document__is_refused(document: str) -> None:
    with pytest.raises(CertificateRefused):
        verified(replace(signed(), document=document))


@pytest.mark.parametrize(
    "changed",
    [
        {"signers": []},
        {"signers": [OTHER.address]},
        {"chain_id": 1},
        {"platform": "0x" + 40 * "8"},
    ],
)
def test_certificate__of_somebody_else__is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(CertificateRefused):
        verified(signed(), **changed)


@pytest.mark.parametrize("signature", ["0x", "0x" + 130 * "0", "no", "0x" + 130 * "f"])
def test_certificate__with_another_signature__is_refused(signature: str) -> None:
    with pytest.raises(CertificateRefused):
        verified(replace(signed(), signature=signature))


def test_signature__over_what_the_books_say__is_what_the_registry_expects() -> None:
    signature = bytes.fromhex(signed().signature[2:])
    digest = CertificateMessage(CONTENT).digest(domain_of(PLATFORM, chain_id=1337))
    assert signer_of(digest, signature) == CUSTODIAN.address
    assert Account.from_key("0x" + "5e" * 32).address == CUSTODIAN.address


@pytest.mark.parametrize(
    "wrong",
    [
        {"expected": {"H3": 349, "H700": 50}},
        {"expected": {"H3": 350}},
        {"broker": "B3"},
        {"custodian": "C2"},
        {"product": "P2"},
        {"chain_id": 1},
    ],
)
def test_signature__over_something_else__is_refused(wrong: dict[str, Any]) -> None:
    arguments = {**LEDGER, **PARTIES, "expected": EXPECTED, **wrong}
    with pytest.raises(SigningRefused):
        sign_balance_certificate(CUSTODIAN, prepared(), **arguments)


def test_signature__where_something_else_was_prepared__is_refused() -> None:
    asked = prepared()
    typed_data = copy.deepcopy(dict(asked.sign.typed_data))
    typed_data["message"]["units"] = 401
    other = prepared(replace(CONTENT, lines=CONTENT.lines[:1]))
    for wrong in (
        replace(asked, sign=models.TypedData(typed_data=typed_data, digest=asked.sign.digest)),
        replace(asked, sign=other.sign),
        replace(asked, document=other.document),
    ):
        with pytest.raises(SigningRefused):
            sign_balance_certificate(CUSTODIAN, wrong, **LEDGER, **PARTIES, expected=EXPECTED)
