"""Who asks is shown freshly for each token, and the key never leaves.

given a private key
├── when a token is asked for: an assertion that the key signed, for this registry, good for a minute
├── when the answer is lost: another assertion, for one is taken once
└── when it is shown: nothing of it
"""

from __future__ import annotations

from collections.abc import Callable

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.sdk.conftest import Registry, Waiting, dropped, of_sign_in

from genbo_sdk import PrivateKey

Asking = Callable[..., Waiting]
KEYS = {
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
}


def pem(algorithm: str) -> str:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return KEYS[algorithm].private_bytes(*form).decode()


@pytest.mark.parametrize("algorithm", sorted(KEYS))
def test_private_key__asked_for_a_token__signs_for_this_registry(
    asking: Asking, registry: Registry, algorithm: str
) -> None:
    registry.faults = [of_sign_in(dropped)]
    key = PrivateKey("K-writes", pem(algorithm), algorithm=algorithm, key_id="2026")
    asking(update=key).make()
    given = [each["client_assertion"] for each in registry.signed_in]
    url = f"{registry.base_url}/v1/oauth/token"
    public = KEYS[algorithm].public_key()
    claims = [jwt.decode(each, public, algorithms=[algorithm], audience=url) for each in given]
    assert [(each["iss"], each["sub"]) for each in claims] == [("K-writes", "K-writes")] * 2
    assert all(each["exp"] - each["iat"] == 60 for each in claims)
    assert claims[0]["jti"] != claims[1]["jti"]
    assert jwt.get_unverified_header(given[0])["kid"] == "2026"
    assert {each["basic"] for each in registry.signed_in} == {""}
    assert all(each["grant_type"] == "client_credentials" for each in registry.signed_in)


def test_private_key__of_a_registry_with_a_name__is_for_that_name(
    asking: Asking, registry: Registry
) -> None:
    asking(update=PrivateKey("K-writes", pem("ES256"), audience="genbo:1337")).make()
    (given,) = (each["client_assertion"] for each in registry.signed_in)
    assert jwt.decode(given, options={"verify_signature": False})["aud"] == "genbo:1337"


def test_private_key__shown__tells_nothing() -> None:
    shown = repr(PrivateKey("K", pem("ES256")))
    assert "K" in shown
    assert "PRIVATE" not in shown
