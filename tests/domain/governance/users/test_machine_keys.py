"""Public keys and certificates of machines.

given what somebody hands in as a public key
├── when it is P-256, Ed25519 or RSA, as PEM or JWK: it should be the same key, however it was written
├── when it holds a private key or a shared secret: it should be refused by that name, and not repeated
└── when it is of another kind, too short, or none: it should be refused
given what somebody hands in as a certificate
├── when it is one, in PEM or DER: it should be its thumbprint
└── when it is none, several, or holds a private key: it should be refused
given a credential with a key or a certificate
└── both should be part of what is approved, and there should be a secret or a key, never both or none
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from tests.support.people import AT, B2, EVIDENCE, administrator

from genbo.governance.users import (
    CredentialId,
    CredentialProposal,
    Level,
    PublicKey,
    Scope,
    certificate_of,
    issue_credential,
    new_credential_secret,
    propose_credential,
    public_key_of,
)
from genbo.kernel import Reason, Refusal

P256 = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(65537, 2048)
KEYS = {"ES256": (P256, ECAlgorithm), "EdDSA": (ED, OKPAlgorithm), "RS256": (RSA, RSAAlgorithm)}
MAKER = administrator("ADMIN-1", Level.MAKE, of=B2)
APPROVER = administrator("ADMIN-2", Level.APPROVE, of=B2)


def pem(key: object) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined, no-any-return]


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def reason_of(content: bytes) -> tuple[Reason, str]:
    with pytest.raises(Refusal) as caught:
        public_key_of(content)
    return caught.value.reason, str(caught.value)


_numbers = itertools.count(1)


def _number(_: object) -> str:
    """A name for a case whose keys are made anew with every run, so that each run has the same names."""
    return str(next(_numbers))


@pytest.mark.parametrize("algorithm", KEYS)
def test_key__as_pem_or_jwk__is_the_same(algorithm: str) -> None:
    private, way = KEYS[algorithm]
    public = private.public_key()
    written = way.to_jwk(public, as_dict=True)
    dressed = {"use": "sig", "kid": "their name for it", **written, "alg": algorithm}
    found = public_key_of(pem(public))
    assert found == public_key_of(json.dumps(written).encode())
    assert found == public_key_of(b"  " + json.dumps(dressed).encode())
    assert algorithm in found.algorithms
    assert all(not each.startswith("HS") and each != "none" for each in found.algorithms)
    assert pem(found.numbers()) == pem(public)


def test_thumbprint__of_the_example_of_rfc_7638__is_the_one_given_there() -> None:
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_"
        "BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"
        "FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI"
        "4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    key = public_key_of(json.dumps({"kty": "RSA", "n": modulus, "e": "AQAB"}).encode())
    assert key.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def _jwk_with(**members: str) -> bytes:
    return json.dumps(ECAlgorithm.to_jwk(P256.public_key(), as_dict=True) | members).encode()


@pytest.mark.parametrize(
    "content",
    [
        private_pem(P256),
        pem(P256.public_key()) + private_pem(P256),
        _jwk_with(d="AAAA"),
        json.dumps({"kty": "oct", "k": "c2VjcmV0"}).encode(),
        RSA.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    ],
    ids=_number,
)
def test_key__that_is_private__is_refused_by_name_and_not_repeated(content: bytes) -> None:
    assert reason_of(content) == (Reason.PRIVATE_KEY_REFUSED, "private_key_refused()")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"kty": "XYZ"}',
        b'{"kty": ["EC"]}',
        b'{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}',
        _jwk_with(y="AAAA"),
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        pem(ec.generate_private_key(ec.SECP384R1()).public_key()),
        pem(ec.generate_private_key(ec.SECP256K1()).public_key()),
        pem(ed448.Ed448PrivateKey.generate().public_key()),
        pem(rsa.generate_private_key(65537, 1024).public_key()),
        b" " * 70_000,
    ],
    ids=_number,
)
def test_key__of_another_kind_or_none__is_refused(content: bytes) -> None:
    reason, told = reason_of(content)
    assert reason is Reason.FIELD_INVALID
    assert "public_key" in told


@given(st.binary(max_size=200))
def test_key__any_bytes__are_a_key_or_refused(content: bytes) -> None:
    for taken in (public_key_of, certificate_of):
        with pytest.raises(Refusal):
            taken(content)


# Certificates ----------------------------------------------------------------------------------------


def _certificate() -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "b2.invalid")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    built = built.public_key(P256.public_key()).serial_number(7)
    built = built.not_valid_before(begins).not_valid_after(begins + timedelta(days=365))
    return built.sign(P256, SHA256())


CERTIFICATE = _certificate()


def test_certificate__as_pem_or_der__is_its_thumbprint() -> None:
    der = CERTIFICATE.public_bytes(Encoding.DER)
    expected = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")
    assert certificate_of(der) == certificate_of(CERTIFICATE.public_bytes(Encoding.PEM)) == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.FIELD_INVALID),
        (pem(P256.public_key()), Reason.FIELD_INVALID),
        (2 * CERTIFICATE.public_bytes(Encoding.PEM), Reason.FIELD_INVALID),
        (CERTIFICATE.public_bytes(Encoding.PEM) + private_pem(P256), Reason.PRIVATE_KEY_REFUSED),
    ],
    ids=_number,
)
def test_certificate__that_is_none_or_more__is_refused(content: bytes, reason: Reason) -> None:
    with pytest.raises(Refusal) as caught:
        certificate_of(content)
    assert caught.value.reason is reason


# In a credential -------------------------------------------------------------------------------------


def _proposal(
    public_key: PublicKey | None = None, certificate: str | None = None
) -> CredentialProposal:
    return propose_credential(
        id=CredentialId("B2-READ-1"),
        institution=B2,
        scope=Scope.REFERENCE,
        valid_from=AT,
        valid_until=AT + timedelta(days=1),
        public_key=public_key,
        certificate=certificate,
        maker=MAKER,
        evidence=EVIDENCE,
        at=AT,
    )


def test_proposal__other_key_or_certificate__is_another_digest() -> None:
    one, other = (public_key_of(pem(each.public_key())) for each in (P256, ED))
    told = [
        _proposal(),
        _proposal(one),
        _proposal(other),
        _proposal(certificate="A" * 43),
        _proposal(certificate="B" * 43),
        _proposal(one, "A" * 43),
    ]
    assert len({each.digest() for each in told}) == len(told)


def test_issue__with_a_key__has_no_secret_and_the_other_way_round() -> None:
    with_key, without = _proposal(public_key_of(pem(P256.public_key())), "A" * 43), _proposal()
    issued = issue_credential(
        with_key, approved=with_key.digest(), approver=APPROVER, secret=None, at=AT
    ).credential
    assert issued.secret_hash is None
    assert (issued.public_key, issued.certificate) == (with_key.public_key, "A" * 43)
    for proposal, secret in ((with_key, new_credential_secret()), (without, None)):
        with pytest.raises(ValueError, match="secret or a public key"):
            issue_credential(
                proposal, approved=proposal.digest(), approver=APPROVER, secret=secret, at=AT
            )
