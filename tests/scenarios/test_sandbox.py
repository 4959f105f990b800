"""The sandbox: a whole Genbo for whoever builds a system that talks to one.

given a machine with the service
├── when it is started: it is served, and everybody has credentials of their own
├── when it cannot begin: whoever started it hears why
└── when it ends: nothing is left of it, no process and no folder
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from genbo_sdk.sandbox import Sandbox, SandboxFailed


def folders() -> set[str]:
    return {each.name for each in Path(tempfile.gettempdir()).glob("genbo-sandbox-*")}


def test_sandbox__started_and_ended__serves_its_world_and_leaves_nothing() -> None:
    before = folders()
    with Sandbox.start() as sandbox:
        assert sandbox.product == "SANDBOX-1"
        assert {"PF", "R1", "C1", "B1", "B2", "B3", "F1", "A1", "A2"} == set(sandbox.institutions)
        assert "H1" in sandbox.holder_keys
        assert "H3" not in sandbox.holder_keys  # its keys are with the custodian
        said = httpx.get(f"{sandbox.base_url}/v1/openapi.json").json()
        assert said["openapi"].startswith("3.1")
        secrets = [each["update"]["secret"] for each in sandbox.institutions.values()]
        assert len(set(secrets)) == len(sandbox.institutions)
        assert not any(secret in repr(sandbox) for secret in secrets)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{sandbox.base_url}/v1/openapi.json")
    assert folders() <= before


def test_sandbox__that_cannot_begin__says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "genbo_sdk.sandbox._COMMAND", (sys.executable, "-c", "raise SystemExit('no room')")
    )
    with pytest.raises(SandboxFailed, match="no room"), Sandbox.start():
        pass
