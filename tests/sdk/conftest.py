"""A small registry on this machine that keeps its promises and whose network does not: it loses answers after the act
is done, is away for a while, is slow, or has something else answer for it. A real HTTP server, asked over a socket.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from genbo_sdk import AsyncClient, Client, ClientSecret, models
from genbo_sdk import _operations as operations
from genbo_sdk._operation import Operation

Fault = Callable[["Handler"], bool]
"""What goes wrong with one request; True: it was answered, or never will be."""

READS = ClientSecret("K-reads", "secret of the reader")
WRITES = ClientSecret("K-writes", "secret of the writer: +&=%")


@dataclass
class Registry:
    """What the server knows, and what was asked of it."""

    base_url: str = ""
    lives: float = 600.0
    """Seconds of a token."""
    tokens: dict[str, str] = field(default_factory=dict)
    """Token to scope."""
    done: dict[str, Any] = field(default_factory=dict)
    """Idempotency key to what was ordered under it: done once, however often it came."""
    faults: list[Fault] = field(default_factory=list)
    """Of the next requests, in their order."""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path and headers of every request but sign-ins."""
    signed_in: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 25
    stream: list[list[bytes] | int] = field(default_factory=list)
    """What each connection to the stream gets, or with which status it is refused."""

    @property
    def keys(self) -> list[str | None]:
        return [headers.get("idempotency-key") for _, _, headers in self.asked]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    registry: Registry

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def answer(self, status: int, document: Any, **headers: str) -> None:
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("X-Request-ID", self.headers.get("X-Request-ID", "none"))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def refuse(self, status: int, reason: str, **headers: str) -> None:
        words = {"ja": {"sentence": "できません。", "remedy": "やめてください。"}}
        words["en"] = {"sentence": "It cannot be done.", "remedy": "Do not do it."}
        document = {"status": status, "reason": reason, "facts": {"units": 3}, "words": words}
        self.answer(status, document, Content_Type="application/problem+json", **headers)

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        self.place = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(self.place.query).items()}
        if self.place.path == "/v1/oauth/token":
            return self.sign_in()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.registry.asked.append((self.command, self.place.path, headers))
        if self.registry.faults and self.registry.faults.pop(0)(self):
            return None
        return self.act()

    do_GET = do_POST = serve  # noqa: N815  as http.server names them

    def sign_in(self) -> None:
        form = {name: values[0] for name, values in parse_qs(self.body.decode()).items()}
        form["basic"] = self.headers.get("Authorization", "")
        self.registry.signed_in.append(form)
        if self.registry.faults and getattr(self.registry.faults[0], "of_sign_in", False):
            self.registry.faults.pop(0)(self)
            return None
        pair = base64.b64encode(b"K-writes:secret+of+the+writer%3A+%2B%26%3D%25").decode()
        known = {
            "update": pair,
            "reference": base64.b64encode(b"K-reads:secret+of+the+reader").decode(),
        }
        if "client_assertion" not in form and form["basic"] != f"Basic {known[form['scope']]}":
            return self.refuse(401, "credential_refused")
        token = f"token-{len(self.registry.signed_in)}"
        self.registry.tokens[token] = form["scope"]
        self.answer(
            200, {"access_token": token, "expires_in": self.registry.lives, "token_type": "Bearer"}
        )
        return None

    def act(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        scope = self.registry.tokens.get(token)
        if scope is None:
            return self.refuse(401, "credential_refused")
        if self.command == "POST":
            key = self.headers["Idempotency-Key"]
            if scope != "update":
                return self.refuse(403, "scope_missing")
            self.registry.done.setdefault(key, json.loads(self.body))
            return self.answer(200, product(number=len(self.registry.done)))
        if self.place.path == "/v1/stream":
            return self.events()
        if self.place.path == "/v1/products":
            first, limit = int(self.query.get("cursor", 0)), int(self.query.get("limit", 10))
            last = min(first + limit, self.registry.rows)
            following = str(last) if last < self.registry.rows else None
            return self.answer(
                200, {"items": [product(n) for n in range(first, last)], "next": following}
            )
        if self.place.path == "/v1/products/nothing":
            return self.refuse(404, "not_found")
        return self.answer(200, product(0, name=self.place.path.rsplit("/", 1)[1]), ETag='"v1"')

    def events(self) -> None:
        given = self.registry.stream.pop(0)
        if isinstance(given, int):
            return self.refuse(given, "register_behind" if given == 503 else "credential_refused")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for chunk in given:
            self.wfile.write(chunk)
            self.wfile.flush()
        self.hang_up()
        return None


def product(number: int, *, name: str = "") -> dict[str, Any]:
    """A product as the registry tells it, with more than this library knows."""
    words = (
        "symbol",
        "legal_form",
        "legal_category",
        "right_kind",
        "trust_contract",
        "initial_beneficiary",
    )
    numbers = (
        "set_quantity",
        "unit_price_yen",
        "application_minimum",
        "application_step",
        "authorised_cap",
    )
    return {
        "product": name or f"P-{number}",
        "name": "見本",
        "status": "paused_by_a_later_registry",
        "isin": None,
        "set_date": "2026-04-01",
        "redemption_date": "2031-04-01",
        "record_dates": ["01-31"],
        "transfer_control": "1",
        "bond": None,
        "terms_digest": "0x00",
        "chain_id": 1,
        "token": None,
        "learned_later": [1, 2],
        **dict.fromkeys(words, "x"),
        **dict.fromkeys(numbers, number),
    }


# Faults -------------------------------------------------------------------------------------------


def lost(handler: Handler) -> bool:
    """Does the act, and the answer never arrives."""
    with_answer, handler.wfile = handler.wfile, io.BytesIO()
    try:
        handler.act()
    finally:
        handler.wfile = with_answer
    handler.hang_up()
    return True


def dropped(handler: Handler) -> bool:
    """Nothing is done, and no answer comes."""
    handler.hang_up()
    return True


def answering(status: int, content: bytes = b"<html>Bad gateway", **headers: str) -> Fault:
    """Something before the registry answers."""

    def fault(handler: Handler) -> bool:
        handler.answer(status, content, **headers)
        return True

    return fault


def refusing(status: int, reason: str, **headers: str) -> Fault:
    """The registry says no."""

    def fault(handler: Handler) -> bool:
        handler.refuse(status, reason, **headers)
        return True

    return fault


def slow(seconds: float) -> Fault:
    """It takes its time."""

    def fault(handler: Handler) -> bool:
        time.sleep(seconds)
        return False

    return fault


def dripping(handler: Handler) -> bool:
    """Byte after byte, never too late and never at an end."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass
    handler.close_connection = True
    return True


def of_sign_in(fault: Fault) -> Fault:
    """The same, of the next sign-in."""

    def wrapped(handler: Handler) -> bool:
        return fault(handler)

    wrapped.of_sign_in = True  # type: ignore[attr-defined]
    return wrapped


# The server and both clients ----------------------------------------------------------------------

EXTRA = {
    "test.make": Operation(
        method="POST", path="/v1/products", scope="update", keyed=True, result=models.Product
    ),
    "test.unkeyed": Operation(
        method="POST", path="/v1/products", scope="update", result=models.Product
    ),
    "test.stream": Operation(
        method="GET", path="/v1/stream", scope="reference", result=str, stream=True
    ),
    "test.list": Operation(
        method="GET", path="/v1/products", scope="reference", result=models.ProductPage
    ),
    "test.get": Operation(
        method="GET",
        path="/v1/products/{product}",
        scope="reference",
        result=models.Product,
    ),
}


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    for name, operation in EXTRA.items():
        monkeypatch.setitem(operations.OPERATIONS, name, operation)  # type: ignore[arg-type]
    monkeypatch.setattr("genbo_sdk._exchange._FIRST_WAIT", 0.01)
    made = Registry()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"registry": made}))
    server.daemon_threads = True
    made.base_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Waiting:
    """The client that waits, and the other one, asked alike."""

    def __init__(self, form: str, base_url: str, **options: Any) -> None:
        self.loop = asyncio.new_event_loop()
        made = Client if form == "waiting" else AsyncClient
        options = {"reference": READS, "update": WRITES, "deadline": 3.0, "timeout": 0.5} | options
        self.client: Any = made(base_url, **options)
        self.form = form

    def call(self, name: str, **arguments: Any) -> Any:
        return self.result(self.client._core.call(name, **arguments))

    def result(self, given: Any) -> Any:
        return self.loop.run_until_complete(given) if self.form != "waiting" else given

    def rows(self, pages: Any, most: int | None = None) -> list[Any]:
        if self.form == "waiting":
            return list(islice(pages, most))

        async def read() -> list[Any]:
            found = []
            async for row in pages:
                found.append(row)
                if most is not None and len(found) == most:
                    break
            return found

        return self.result(read())

    def make(self, key: str | None = None) -> Any:
        return self.call("test.make", body={"units": 3}, key=key)

    def close(self) -> None:
        self.result(self.client.close())
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()


@pytest.fixture(params=["waiting", "not waiting"])
def asking(request: pytest.FixtureRequest, registry: Registry) -> Iterator[Callable[..., Waiting]]:
    """Makes clients of either form."""
    made: list[Waiting] = []

    def make(**options: Any) -> Waiting:
        made.append(Waiting(request.param, registry.base_url, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()
