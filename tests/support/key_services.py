"""Key services that really encrypt, on the loopback: a HashiCorp Vault's transit engine and AWS KMS, as far as Genbo
asks them.

They speak the services' own protocols and refuse as those do; a test sets what is wrong with one.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import os
import ssl
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ACCESS_KEY = "AKIDEXAMPLE"
REGION = "ap-northeast-1"


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status)
        self.status, self.body = status, body


@dataclass
class Service:
    """What both have in common."""

    url: str = ""
    delay: float = 0.0
    """Seconds before each answer."""
    asked: list[str] = field(default_factory=list)
    """What was asked, in order."""
    bodies: list[bytes] = field(default_factory=list)

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
        raise NotImplementedError


@dataclass
class TransitTwin(Service):
    """A Vault with one transit mount `transit`."""

    token: str = "hvs.example"
    namespace: str | None = None
    sealed: bool = False
    keys: dict[str, list[bytes]] = field(default_factory=dict)
    """By name: the key of each version, the first is version 1; b"" where it was trimmed."""
    derived: bool = True
    min_decryption_version: int = 1

    def make(self, name: str) -> None:
        self.keys[name] = [os.urandom(32)]

    def rotate(self, name: str) -> None:
        self.keys[name].append(os.urandom(32))

    def trim(self, name: str) -> None:
        """Forgets every version but the latest, for good."""
        versions = self.keys[name]
        self.keys[name] = [b""] * (len(versions) - 1) + versions[-1:]
        self.min_decryption_version = len(versions)

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
        if self.sealed:
            raise Refused(503, {"errors": ["Vault is sealed"]})
        wrong = (
            handler.headers["X-Vault-Token"] != self.token
            or handler.headers["X-Vault-Namespace"] != self.namespace
        )
        if wrong:
            raise Refused(403, {"errors": ["1 error occurred: permission denied"]})
        _, version, mount, act, name = handler.path.split("/", 4)
        if (version, mount) != ("v1", "transit") or name not in self.keys:
            raise Refused(404, {"errors": []})
        if act == "keys":
            latest = len(self.keys[name])
            data = {"type": "aes256-gcm96", "derived": self.derived, "latest_version": latest}
            return {"request_id": str(uuid.uuid4()), "data": data}
        results = [self._one(act, name, item) for item in json.loads(body)["batch_input"]]
        document = {"data": {"batch_results": results}}
        if any("error" in each for each in results):
            raise Refused(400, document)
        return document

    def _one(self, act: str, name: str, item: dict[str, Any]) -> dict[str, Any]:
        context = base64.b64decode(item["context"])
        if act == "encrypt":
            return self._sealed(name, base64.b64decode(item["plaintext"]), context, item)
        prefix, _, body = item["ciphertext"].removeprefix("vault:v").partition(":")
        if not item["ciphertext"].startswith("vault:v") or not prefix.isdigit():
            return {"error": "invalid ciphertext: no prefix"}
        number = int(prefix)
        if number < self.min_decryption_version or not self.keys[name][number - 1]:
            return {"error": "ciphertext or signature version is disallowed by policy (too old)"}
        try:
            content = base64.b64decode(body, validate=True)
            plain = self._cipher(name, number, context).decrypt(content[:12], content[12:], None)
        except (InvalidTag, ValueError):
            return {"error": "invalid ciphertext: unable to decrypt"}
        if act == "rewrap":
            return self._sealed(name, plain, context, item)
        return {"plaintext": base64.b64encode(plain).decode()}

    def _sealed(
        self, name: str, plain: bytes, context: bytes, item: dict[str, Any]
    ) -> dict[str, Any]:
        number = item.get("key_version") or len(self.keys[name])
        nonce = os.urandom(12)
        body = nonce + self._cipher(name, number, context).encrypt(nonce, plain, None)
        return {"ciphertext": f"vault:v{number}:{base64.b64encode(body).decode()}"}

    def _cipher(self, name: str, number: int, context: bytes) -> AESGCM:
        return AESGCM(hmac.digest(self.keys[name][number - 1], context, "sha256"))


@dataclass
class KmsTwin(Service):
    """AWS KMS of one account and region."""

    keys: dict[str, bytes] = field(default_factory=dict)
    """By ARN."""
    disabled: set[str] = field(default_factory=set)
    refuses: str | None = None
    """The code of the error that it answers everything with."""

    PREFIX: ClassVar[str] = "TrentService."

    def make(self) -> str:
        arn = f"arn:aws:kms:{REGION}:111122223333:key/{uuid.uuid4()}"
        self.keys[arn] = os.urandom(32)
        return arn

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
        signed = handler.headers["Authorization"] or ""
        if f"Credential={ACCESS_KEY}/" not in signed or f"/{REGION}/kms/aws4_request" not in signed:
            self._refuse("UnrecognizedClientException")
        if self.refuses:
            self._refuse(self.refuses)
        asked = json.loads(body)
        act = handler.headers["X-Amz-Target"].removeprefix(self.PREFIX)
        match act:
            case "DescribeKey":
                arn = self._known(asked["KeyId"])
                state = "Disabled" if arn in self.disabled else "Enabled"
                return {"KeyMetadata": {"Arn": arn, "KeyId": arn[-36:], "KeyState": state}}
            case "Encrypt":
                arn = self._usable(asked["KeyId"])
                plain = base64.b64decode(asked["Plaintext"])
                blob = self._encrypted(arn, plain, asked["EncryptionContext"])
                return {"CiphertextBlob": blob, "KeyId": arn}
            case "Decrypt":
                arn = self._usable(asked["KeyId"])
                plain = self._decrypted(arn, asked["CiphertextBlob"], asked["EncryptionContext"])
                return {"Plaintext": base64.b64encode(plain).decode(), "KeyId": arn}
            case "ReEncrypt":
                arn = self._usable(asked["SourceKeyId"])
                context = asked["SourceEncryptionContext"]
                plain = self._decrypted(arn, asked["CiphertextBlob"], context)
                target = self._usable(asked["DestinationKeyId"])
                blob = self._encrypted(target, plain, asked["DestinationEncryptionContext"])
                return {"CiphertextBlob": blob, "SourceKeyId": arn, "KeyId": target}
        raise AssertionError(act)

    def _known(self, key: str) -> str:
        found = [arn for arn in self.keys if key in (arn, arn[-36:])]
        if not found:
            self._refuse("NotFoundException")
        return found[0]

    def _usable(self, key: str) -> str:
        arn = self._known(key)
        if arn in self.disabled:
            self._refuse("DisabledException")
        return arn

    def _encrypted(self, arn: str, plain: bytes, context: dict[str, str]) -> str:
        nonce = os.urandom(12)
        body = AESGCM(self.keys[arn]).encrypt(nonce, plain, _canonical(arn, context))
        return base64.b64encode(nonce + body).decode()

    def _decrypted(self, arn: str, blob: str, context: dict[str, str]) -> bytes:
        content = base64.b64decode(blob)
        cipher, bound = AESGCM(self.keys[arn]), _canonical(arn, context)
        with contextlib.suppress(InvalidTag, ValueError):
            return cipher.decrypt(content[:12], content[12:], bound)
        self._refuse("InvalidCiphertextException")
        raise AssertionError

    def _refuse(self, code: str) -> None:
        raise Refused(400, {"__type": code, "message": f"secret-of-the-service {code}"})


def _canonical(arn: str, context: dict[str, str]) -> bytes:
    return json.dumps([arn, sorted(context.items())]).encode()


@contextmanager
def served(service: Service, *, tls: ssl.SSLContext | None = None) -> Iterator[None]:
    """The service on a port of its own; its address is in `url`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_request(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            service.asked.append(f"{self.command} {self.path} {self.headers['X-Amz-Target'] or ''}")
            service.bodies.append(body)
            time.sleep(service.delay)
            try:
                status, document = 200, service.answer(self, body)
            except Refused as refused:
                status, document = refused.status, refused.body
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = handle_request  # noqa: N815  the names that the library calls

        def log_message(self, *_: Any) -> None:
            """Nothing on standard error."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_: Any) -> None:
            """Whoever asked has gone, as after a time-out, or does not trust us."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    service.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
