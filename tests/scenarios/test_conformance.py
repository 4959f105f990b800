"""The conformance kit against a whole registry, and against one that answers wrongly.

given a registry that is as it should be
├── when everything is given: each step passes but the verdict, for nobody verifies in a sandbox; all units are back
├── when only a broker's credentials are given: what cannot be tried is skipped, and nothing fails
└── when time is up: no further step is begun
given a registry with two answers that are wrong
└── the two steps that look at them fail, and the exit code says so
given nothing that is a registry, or a file that is none
└── it should end, and say so
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from genbo_sdk._conversation import Conversation
from genbo_sdk._parties import Parties
from genbo_sdk.conformance import run
from genbo_sdk.sandbox import Sandbox

KIT = [sys.executable, "-m", "genbo_sdk.conformance"]


@pytest.fixture(scope="module")
def document(sandbox: Sandbox) -> dict[str, Any]:
    """What `genbo sandbox --file` writes."""
    return dict(sandbox.document)


def holdings(sandbox: Sandbox) -> dict[str | None, int]:
    with sandbox.client("R1") as registrar:
        return {each.investor: each.units for each in registrar.positions.list(sandbox.product)}


@contextmanager
def altered(base_url: str) -> Iterator[str]:
    """A registry of which two answers are wrong: it shows a customer of somebody else's, and lots have a unit more."""

    class Alters(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in ("host", "connection", "accept-encoding")
            }
            with httpx.Client(timeout=30) as client:
                answer = client.request(
                    self.command,
                    base_url + self.path,
                    headers=headers,
                    content=self.rfile.read(length),
                )
            status, body = answer.status_code, answer.content
            if self.path.partition("?")[0].endswith("/lots"):
                page = answer.json()
                page["items"][0]["units"] += 1
                body = json.dumps(page).encode()
            elif self.path.startswith("/v1/investors/H") and status == 404:
                status, body = 200, json.dumps(_somebody()).encode()
            self.send_response(status)
            for name in ("Content-Type", "ETag", "X-Request-ID", "Retry-After"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = _pass  # noqa: N815  as the server calls them

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Alters)
    proxy.daemon_threads = True
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()


def _somebody() -> dict[str, Any]:
    return {
        "investor": "H3", "kind": "corporation", "status": "active", "safekeeping_kind": "direct", "broker": "B2",
        "broker_customer_id": None, "custodian": None, "investor_class": 0, "aml_class": "clear",
        "changed_at": "2026-04-01T00:00:00Z", "verdict": None,
    }  # fmt: skip


def test_kit__against_a_registry__passes_and_leaves_holdings_as_they_were(
    sandbox: Sandbox, document: dict[str, Any], tmp_path: Path
) -> None:
    before = holdings(sandbox)
    file = tmp_path / "parties.json"
    file.write_text(json.dumps({**document, "base_url": "https://elsewhere.invalid"}), "utf-8")
    ran = subprocess.run(
        [*KIT, "--base-url", sandbox.base_url, "--credentials", file, "--json"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    told = json.loads(ran.stdout)
    others = {each["step"]: each["got"] for each in told["steps"] if each["result"] != "passed"}
    assert others == {"verdict": "not verified yet: KYC is the registry's"}
    assert told["passed"] == len(told["steps"]) - 1 >= 24
    assert told["failed"] == 0
    assert holdings(sandbox) == before
    assert not any(secret in ran.stdout for secret in document["holder_keys"].values())


def test_kit__with_a_brokers_credentials_alone__skips_what_it_cannot_try(
    document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    least = {
        "base_url": document["base_url"],
        "product": document["product"],
        "institutions": {"B1": document["institutions"]["B1"]},
    }
    assert run(least) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["step", "expected", "got", "ms"]
    assert ", 0 failed, " in lines[-1]
    skipped = [line for line in lines if line.endswith("skipped")]
    assert any("chain_id, token and platform are not given" in line for line in skipped)
    assert any("no credentials of a delegating_broker" in line for line in skipped)
    assert any(line.startswith("register a customer") and line.endswith("ok") for line in lines)


def test_kit__whose_time_is_up__begins_no_further_step(document: dict[str, Any]) -> None:
    outcomes = Conversation(Parties.of(document), seconds=0).run(lambda _: None)
    assert {each.result for each in outcomes} == {"skipped"}
    assert {each.got for each in outcomes} == {"the time of the kit is over"}


def test_kit__against_a_registry_that_answers_wrongly__fails_those_steps(
    sandbox: Sandbox, document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    before = holdings(sandbox)
    with altered(sandbox.base_url) as url:
        assert run({**document, "base_url": url}, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    failed = {each["step"]: each["got"] for each in told["steps"] if each["result"] == "failed"}
    assert failed == {
        "others' customers": "Broken: not refused as not_found",
        "reconcile": "Broken: positions, lots and register differ",
    }
    assert holdings(sandbox) == before


def test_kit__with_nothing_there__ends_with_every_step_failed_or_skipped(
    document: dict[str, Any],
) -> None:
    outcomes = Conversation(
        Parties.of({**document, "base_url": "http://127.0.0.1:9"}), seconds=1
    ).run(lambda _: None)
    assert {each.result for each in outcomes} <= {"failed", "skipped"}
    assert outcomes[0].result == "failed"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"base_url": 1}'])
def test_kit__with_a_file_that_is_none__says_so(text: str, tmp_path: Path) -> None:
    file = tmp_path / "parties.json"
    file.write_text(text, "utf-8")
    ran = subprocess.run(
        [*KIT, "--credentials", file], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 2
    assert "parties.json" in ran.stderr
    assert "Traceback" not in ran.stderr
