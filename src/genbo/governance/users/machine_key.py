"""Public keys and certificates of machines (公開鍵・証明書): a system proves itself by them, and no secret travels.

A key is kept as a JSON Web Key with its required members alone, in the order of RFC 7638, so that one key is one text:
elliptic P-256, Ed25519, or RSA of 2,048 to 8,192 bits; a shared secret is none. Of a certificate, its thumbprint.

given what somebody hands in
├── when it holds a private key or a shared secret: it should be refused by that name and not repeated
├── when it is no key of these kinds: it should be refused
└── otherwise: it should be the key, however it was written
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_public_key
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from genbo.kernel import Reason, Refusal

_KINDS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "EC": (("crv", "kty", "x", "y"), ("ES256",)),
    "OKP": (("crv", "kty", "x"), ("EdDSA",)),
    "RSA": (("e", "kty", "n"), ("RS256", "PS256")),
}
"""Kind of key to its required members, and the signatures it makes."""

ALGORITHMS: Final = tuple(sorted(each for _, made in _KINDS.values() for each in made))
"""Signatures that count. `none` and shared secrets are none of them."""
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_RSA_BITS: Final = range(2_048, 8_193)
_LONGEST: Final = 65_536

PublicNumbers = EllipticCurvePublicKey | Ed25519PublicKey | RSAPublicKey


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that signs for a machine. Equal texts are equal keys."""

    jwk: str
    """Its required members (RFC 7638, 3.2)."""

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The signatures it makes."""
        return _KINDS[json.loads(self.jwk)["kty"]][1]

    @property
    def thumbprint(self) -> str:
        """Its name (RFC 7638): SHA-256 in base64url."""
        return _base64url(hashlib.sha256(self.jwk.encode()).digest())

    def numbers(self) -> PublicNumbers:
        """The key as the library of signatures has it."""
        found = jwt.PyJWK(json.loads(self.jwk), algorithm=self.algorithms[0]).key
        assert isinstance(found, PublicNumbers)
        return found


def public_key_of(content: bytes) -> PublicKey:
    """The key that a file holds: a JSON Web Key, or PEM.

    Raises:
        Refusal: `private_key_refused`; `field_invalid`.
    """
    if b"PRIVATE KEY" in content:
        raise Refusal(Reason.PRIVATE_KEY_REFUSED)
    try:
        if len(content) > _LONGEST:
            raise _no_key()
        if content.lstrip().startswith(b"{"):
            written = json.loads(content)
            if not _PRIVATE.isdisjoint(written):
                raise Refusal(Reason.PRIVATE_KEY_REFUSED)
            numbers: object = jwt.PyJWK(written, algorithm=_KINDS[written["kty"]][1][0]).key
        else:
            numbers = load_pem_public_key(content)
    except (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        raise _no_key() from None
    return _kept(numbers)


def certificate_of(content: bytes) -> str:
    """Thumbprint (`x5t#S256` of RFC 8705) of the one certificate that a file holds, in PEM or DER.

    Raises:
        Refusal: `private_key_refused`; `field_invalid`.
    """
    if b"PRIVATE KEY" in content:
        raise Refusal(Reason.PRIVATE_KEY_REFUSED)
    try:
        if content.lstrip().startswith(b"-----"):
            (found,) = x509.load_pem_x509_certificates(content)
        else:
            found = x509.load_der_x509_certificate(content)
    except ValueError:
        raise Refusal(
            Reason.FIELD_INVALID, field="certificate", allowed="one X.509 certificate, PEM or DER"
        ) from None
    return _base64url(hashlib.sha256(found.public_bytes(Encoding.DER)).digest())


def _kept(numbers: object) -> PublicKey:
    if isinstance(numbers, EllipticCurvePublicKey) and isinstance(numbers.curve, SECP256R1):
        written: Any = ECAlgorithm.to_jwk(numbers, as_dict=True)
    elif isinstance(numbers, Ed25519PublicKey):
        written = OKPAlgorithm.to_jwk(numbers, as_dict=True)
    elif isinstance(numbers, RSAPublicKey) and numbers.key_size in _RSA_BITS:
        written = RSAAlgorithm.to_jwk(numbers, as_dict=True)
    else:
        raise _no_key()
    members = {name: written[name] for name in _KINDS[written["kty"]][0]}
    return PublicKey(json.dumps(members, sort_keys=True, separators=(",", ":")))


def _no_key() -> Refusal:
    return Refusal(
        Reason.FIELD_INVALID,
        field="public_key",
        allowed="a public key as JWK or PEM: P-256, Ed25519, or RSA of 2048 to 8192 bits",
    )


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
