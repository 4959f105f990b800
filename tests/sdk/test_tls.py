"""A registry that asks for a certificate (mutual TLS) gets it; nobody else is talked to.

given a registry that asks for a client's certificate, under an authority of its own
├── when the client shows one and knows the authority: answered
└── when it knows nobody, or shows none: not answered, and nothing was asked
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.sdk.conftest import READS, Handler, Registry

from genbo_sdk import Client, NotAnswered


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate and its key, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now, own = datetime.now(UTC), x509.IPAddress(ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([own]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + key.private_bytes(*form))
    return file


@pytest.fixture
def guarded(registry: Registry, certificate: Path) -> Iterator[str]:
    """The registry once more, over TLS and for those it knows."""
    bound = type("Bound", (Handler,), {"registry": registry})
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a failed handshake is no news
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.load_verify_locations(certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def known(certificate: Path, *, shows: bool) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(certificate))
    if shows:
        context.load_cert_chain(certificate)
    return context


def test_client__with_a_certificate__is_answered(guarded: str, certificate: Path) -> None:
    tls = known(certificate, shows=True)
    with Client(guarded, reference=READS, tls=tls) as client:
        assert client.products.get("A").product == "A"


@pytest.mark.parametrize("knows", [True, False], ids=["shows none", "knows nobody"])
def test_client__without_what_is_needed__is_not_answered(
    guarded: str, certificate: Path, registry: Registry, knows: bool
) -> None:
    tls = known(certificate, shows=False) if knows else None
    with (
        Client(guarded, reference=READS, tls=tls, deadline=0.3) as client,
        pytest.raises(NotAnswered),
    ):
        client.products.get("A")
    assert registry.asked == []
