"""Key services: a file, a HashiCorp Vault, AWS KMS. One suite for all three, then what only a service can do wrong.

given a key-encryption key, wherever it is kept
├── when keys are wrapped
│   ├── it should open each for its owner, in their order, however many they are
│   └── it should wrap the same key differently each time, and show no key
├── when a wrapped key belongs to another owner, or was changed
│   └── it should name the owner and open nothing
└── when keys are wrapped anew
    └── it should open them as before
given a service
├── when it is away, slow, sealed, refuses the token, lacks the key, or does not understand
│   └── it should be a fault that says so and what to do, and repeats nothing of the service
├── when it has a new version of the key
│   └── it should read both, wrap by the new one, and wrap anew without learning the keys
└── when the old version is gone
    └── it should say that what the old one wraps cannot be read
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import ssl
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.support.key_services import ACCESS_KEY, REGION, KmsTwin, Refused, TransitTwin, served

from genbo.governance.key_wrapping import KeyWrapper, OwnedKey
from genbo.kernel import Fault, InvestorId, Reason
from genbo.providers.keys.aws_kms import AwsKms
from genbo.providers.keys.vault_transit import AT_ONCE, VaultTransit
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.keyring import data_key_of

ONE, TWO = InvestorId("IV-1"), InvestorId("IV-2")


@pytest.fixture
def transit() -> Iterator[TransitTwin]:
    twin = TransitTwin(namespace="genbo/prod")
    twin.make("genbo")
    with served(twin):
        yield twin


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[KmsTwin]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": "hush",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    twin = KmsTwin()
    with served(twin):
        yield twin


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text("hvs.example\n")
    path.chmod(0o600)
    return path


Open = Callable[..., VaultTransit]


@pytest.fixture
def open_transit(transit: TransitTwin, token: Path) -> Iterator[Open]:
    opened: list[VaultTransit] = []

    def connect(place: str = "transit/genbo", **more: Any) -> VaultTransit:
        given = {"url": transit.url, "token_file": token, "namespace": "genbo/prod"} | more
        opened.append(VaultTransit(place, **given))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


@pytest.fixture(params=["file", "vault", "aws-kms"])
def wrapper(request: pytest.FixtureRequest) -> KeyWrapper:
    if request.param == "file":
        return KeyEncryptionKey(os.urandom(32))
    if request.param == "vault":
        connect: Open = request.getfixturevalue("open_transit")
        return connect()
    kms: KmsTwin = request.getfixturevalue("kms")
    return AwsKms(kms.make(), endpoint_url=kms.url)


@dataclass(frozen=True)
class Some:
    plain: list[bytes]
    keys: list[OwnedKey]


def some(count: int) -> Some:
    plain = [os.urandom(32) for _ in range(count)]
    return Some(plain, [data_key_of(InvestorId(f"IV-{n}"), key) for n, key in enumerate(plain)])


def wrapped_by(wrapper: KeyWrapper, keys: list[OwnedKey]) -> list[OwnedKey]:
    return [
        OwnedKey(name=key.name, owner=key.owner, content=content)
        for key, content in zip(keys, wrapper.wrap(keys), strict=True)
    ]


# All of them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 300])
def test_wrap__any_number__opens_for_each_owner_in_order(wrapper: KeyWrapper, count: int) -> None:
    given = some(count)
    assert wrapper.unwrap(wrapped_by(wrapper, given.keys)) == given.plain


def test_wrap__the_same_key_twice__looks_different_and_shows_nothing(wrapper: KeyWrapper) -> None:
    key = data_key_of(ONE, os.urandom(32))
    first, second = wrapper.wrap([key, key])
    assert first != second
    assert key.content not in first
    assert repr(key.content)[2:-1] not in repr(key) + repr(wrapper)


def test_unwrap__key_of_another_owner__is_named(wrapper: KeyWrapper) -> None:
    (content,) = wrapper.wrap([data_key_of(ONE, os.urandom(32))])
    for act in (wrapper.unwrap, wrapper.rewrap):
        with pytest.raises(Fault) as caught:
            act([data_key_of(TWO, content)])
        assert caught.value.reason is Reason.INVARIANT_BROKEN
        assert TWO in str(caught.value.facts["problem"])


@pytest.mark.parametrize("position", [0, 20, -2])
def test_unwrap__one_byte_changed__is_refused(wrapper: KeyWrapper, position: int) -> None:
    (content,) = wrapper.wrap([data_key_of(ONE, os.urandom(32))])
    changed = bytearray(content)
    changed[position] = ord("A") if changed[position] != ord("A") else ord("B")
    with pytest.raises(Fault) as caught:
        wrapper.unwrap([data_key_of(ONE, bytes(changed))])
    assert caught.value.reason is Reason.INVARIANT_BROKEN


def test_rewrap__many__opens_as_before(wrapper: KeyWrapper) -> None:
    given = some(30)
    before = wrapped_by(wrapper, given.keys)
    after = [
        OwnedKey(name=key.name, owner=key.owner, content=content)
        for key, content in zip(before, wrapper.rewrap(before), strict=True)
    ]
    assert {each.content for each in before}.isdisjoint({each.content for each in after})
    assert wrapper.unwrap(after) == given.plain


def test_reads__ids__its_own_and_no_other(wrapper: KeyWrapper) -> None:
    assert wrapper.reads(wrapper.id)
    for other in (
        "",
        "0123456789abcdef",
        "vault:transit/other:v1",
        "aws-kms:arn:aws:kms:x:1:key/y",
    ):
        assert not wrapper.reads(other)


# What a Vault can do wrong ---------------------------------------------------------------------------


def refused(act: Callable[[], object], problem: str) -> Fault:
    with pytest.raises(Fault) as caught:
        act()
    fault = caught.value
    assert problem in str(fault.facts["problem"]), fault
    assert fault.reason is Reason.KEY_SERVICE_UNAVAILABLE
    assert fault.facts["remedy"]
    assert "hvs.example" not in str(fault)
    assert "secret-of-the-service" not in str(fault)
    return fault


def test_transit__many_keys__travel_together(transit: TransitTwin, open_transit: Open) -> None:
    vault = open_transit()
    assert transit.asked == []  # nothing is asked before it is needed
    vault.wrap(some(1).keys)
    transit.asked.clear()
    vault.wrap(some(2 * AT_ONCE + 1).keys)
    assert transit.asked == ["POST /v1/transit/encrypt/genbo "] * 3


def test_transit__wrong_from_the_start__is_said(
    transit: TransitTwin, open_transit: Open, token: Path
) -> None:
    refused(lambda: open_transit("transit/none").id, "no such key")
    refused(lambda: open_transit(namespace="genbo/test").id, "refuses the token")
    token.write_text("hvs.other")
    vault = open_transit()
    refused(lambda: vault.id, "refuses the token")
    token.write_text("hvs.example")
    transit.derived = False
    refused(lambda: vault.wrap(some(1).keys), "not a derived")
    transit.sealed = True
    refused(lambda: vault.wrap(some(1).keys), "sealed")
    transit.sealed, transit.derived = False, True
    assert vault.id == "vault:transit/genbo:v1"


def test_transit__wrong_later__is_said_and_it_goes_on_afterwards(
    transit: TransitTwin, open_transit: Open, token: Path
) -> None:
    vault = open_transit(seconds=0.3)
    (key,) = wrapped_by(vault, some(1).keys)
    transit.sealed = True
    refused(lambda: vault.unwrap([key]), "sealed")
    transit.sealed = False
    transit.delay = 0.6
    refused(lambda: vault.unwrap([key]), "no answer in time")
    transit.delay = 0
    transit.token = "hvs.renewed"
    refused(lambda: vault.unwrap([key]), "refuses the token")
    token.write_text("hvs.renewed")  # as an agent does
    assert len(vault.unwrap([key])) == 1


def test_transit__nobody_there__is_said(token: Path) -> None:
    refused(
        lambda: VaultTransit("transit/genbo", url="http://127.0.0.1:1", token_file=token).id,
        "no connection",
    )


def test_transit__not_a_vault__is_said(
    transit: TransitTwin, open_transit: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = open_transit()
    assert vault.id
    monkeypatch.setattr(transit, "answer", lambda *_: {"data": {"batch_results": [{}]}})
    refused(lambda: vault.wrap(some(1).keys), "not understood")
    refused(lambda: vault.wrap(some(2).keys), "not understood")

    def broken(*_: object) -> dict[str, Any]:
        raise Refused(500, {})

    monkeypatch.setattr(transit, "answer", broken)
    refused(lambda: vault.wrap(some(1).keys), "status 500")


@pytest.mark.parametrize(
    ("content", "mode", "problem"),
    [
        ("hvs.x", 0o644, "everybody may read"),
        ("", 0o600, "no token"),
        ("a\x00b", 0o600, "no token"),
        ("鍵", 0o600, "cannot be read"),
        (None, 0o600, "cannot be read"),
    ],
)
def test_transit__token_file__must_be_one(
    open_transit: Open, token: Path, content: str | None, mode: int, problem: str
) -> None:
    if content is None:
        token.unlink()
    else:
        token.write_text(content)
        token.chmod(mode)
    with pytest.raises(Fault) as caught:
        _ = open_transit().id
    assert caught.value.facts["setting"] == "GENBO_VAULT_TOKEN_FILE"
    assert problem in str(caught.value.facts["problem"])


def test_transit__new_version__reads_both_and_wraps_by_the_new_one(
    transit: TransitTwin, open_transit: Open
) -> None:
    old = open_transit()
    given = some(3)
    before = wrapped_by(old, given.keys)
    transit.rotate("genbo")
    new = open_transit()
    assert (old.id, new.id) == ("vault:transit/genbo:v1", "vault:transit/genbo:v2")
    assert new.reads(old.id)
    assert old.reads(new.id)
    assert new.unwrap(before) == given.plain
    assert {each.content[:9] for each in wrapped_by(old, given.keys)} == {b"vault:v1:"}
    transit.bodies.clear()
    renewed = new.rewrap(before)
    assert {each[:9] for each in renewed} == {b"vault:v2:"}
    assert b"plaintext" not in b"".join(transit.bodies)


def test_transit__old_version_trimmed__cannot_be_read_any_more(
    transit: TransitTwin, open_transit: Open
) -> None:
    old = open_transit()
    given = some(1)
    before = wrapped_by(old, given.keys)
    transit.rotate("genbo")
    new = open_transit()
    after = [
        OwnedKey(name=key.name, owner=key.owner, content=content)
        for key, content in zip(before, new.rewrap(before), strict=True)
    ]
    transit.trim("genbo")
    assert new.unwrap(after) == given.plain
    refused(lambda: new.unwrap(before), "version")
    assert transit.keys["genbo"][0] == b""


def test_transit__over_tls__trusts_the_given_certificates_alone(
    token: Path, tmp_path: Path
) -> None:
    certificate, server = a_certificate(tmp_path)
    twin = TransitTwin()
    twin.make("genbo")
    with served(twin, tls=server):
        vault = VaultTransit("transit/genbo", url=twin.url, token_file=token, ca_file=certificate)
        assert vault.unwrap(wrapped_by(vault, some(2).keys))
        vault.close()
        refused(
            lambda: VaultTransit("transit/genbo", url=twin.url, token_file=token).id,
            "certificate is not trusted",
        )
    with pytest.raises(Fault) as caught:
        VaultTransit("transit/genbo", url="https://127.0.0.1", token_file=token, ca_file=token)
    assert caught.value.facts["setting"] == "GENBO_VAULT_CA_FILE"


@pytest.mark.parametrize("place", ["genbo", "/genbo", "transit/", "transit/ge nbo", "a/../b?x"])
def test_transit__place_malformed__is_a_setting(token: Path, place: str) -> None:
    with pytest.raises(Fault) as caught:
        VaultTransit(place, url="http://127.0.0.1:1", token_file=token)
    assert caught.value.facts["setting"] == "GENBO_KEK"


# What AWS can do wrong -------------------------------------------------------------------------------


def test_kms__key__is_its_arn_whichever_way_it_was_named(kms: KmsTwin) -> None:
    arn = kms.make()
    assert AwsKms(arn[-36:], endpoint_url=kms.url).id == f"aws-kms:{arn}"


def test_kms__owner__is_the_encryption_context(kms: KmsTwin) -> None:
    service = AwsKms(kms.make(), endpoint_url=kms.url)
    assert service.id
    kms.bodies.clear()
    service.wrap([data_key_of(ONE, os.urandom(32))])
    assert b'{"genbo-owner": "investor_key/wrapped_key/IV-1/"}' in kms.bodies[0]


def test_kms__wrong__is_said(kms: KmsTwin) -> None:
    arn = kms.make()
    service = AwsKms(arn, endpoint_url=kms.url)
    keys = wrapped_by(service, some(20).keys)
    kms.disabled.add(arn)
    refused(lambda: service.unwrap(keys), "disabled")
    refused(lambda: AwsKms(arn, endpoint_url=kms.url).id, "not enabled")
    kms.disabled.clear()
    for code, problem in {
        "AccessDeniedException": "refuses this account",
        "ExpiredTokenException": "run out",
        "SomethingNewException": "SomethingNewException",
    }.items():
        kms.refuses = code
        refused(lambda: service.wrap(some(1).keys), problem)
    kms.refuses = None
    refused(lambda: AwsKms(arn[:-1] + "x", endpoint_url=kms.url).id, "no such key")
    assert len(service.unwrap(keys)) == 20


def test_kms__slow__is_said(kms: KmsTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    service = AwsKms(kms.make(), endpoint_url=kms.url, seconds=1)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    kms.delay = 1.3
    refused(lambda: service.wrap(some(1).keys), "no answer in time")


def test_kms__credentials_missing_or_refused__is_said(
    kms: KmsTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = kms.make()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOTHER")
    refused(lambda: AwsKms(arn, endpoint_url=kms.url).id, "refuses the credentials")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    refused(lambda: AwsKms(arn, endpoint_url=kms.url).id, "no credentials")


def test_kms__library_missing__says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(Fault) as caught:
        AwsKms("x")
    assert "genbo[aws]" in str(caught.value.facts["problem"])


def a_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine, and the server that has it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "ca.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context
