"""The auditor's page says what is there, and its fifteen lines do what they promise.

given the runbook of the audit chain
├── it should explain every action in both languages, and no other
├── it should explain everything that can fail to fit
└── it should hold a program that recomputes an export, and stops at the entry that was changed
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from contract_sources import ROOT
from genbo.governance.audit import AuditEntry, chain
from genbo.governance.audit_action import AuditAction
from genbo.governance.audit_walk import export_line

PAGE = (ROOT / "docs" / "runbooks" / "audit.md").read_text("utf-8")


def test_actions__each__is_on_the_page_in_both_languages() -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+:[a-z_]+:[a-z_]+)` \| (.*) \|$", PAGE, re.MULTILINE))
    assert rows == {action.value: f"{action.english} | {action.japanese}" for action in AuditAction}


def test_misfits__each_kind__is_on_the_page() -> None:
    places = ("governance/audit_walk.py", "bootstrap/auditing.py")
    code = "".join((ROOT / "src" / "genbo" / place).read_text("utf-8") for place in places)
    kinds = set(re.findall(r'what="(\w+)"', code))
    assert kinds == set(re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE))


def test_program__export__is_recomputed_and_a_change_is_found(tmp_path: Path) -> None:
    (program,) = re.findall(
        r"((?:^(?:    .*)?\n)*^    print\(hashed\.hex\(\)\)$)", PAGE, re.MULTILINE
    )
    program = re.sub(r"^    ", "", program.strip("\n"), flags=re.MULTILINE)
    assert len([line for line in program.splitlines() if line.strip()]) <= 16
    at = datetime(2022, 1, 31, 15, tzinfo=UTC)
    entries = list(
        chain(
            AuditEntry(at=at, action=action, actor="原簿 \u2028", facts={"b": 1, "a": ["é", None]})
            for action in AuditAction
        )
    )
    lines = ["{}", *map(export_line, entries)]

    def run() -> subprocess.CompletedProcess[str]:
        (tmp_path / "audit.jsonl").write_text("\n".join(lines), "utf-8")
        return subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    assert run().stdout.strip() == entries[-1].hash.hex()
    changed = json.loads(lines[5])
    changed["entry"]["facts"]["b"] = 2
    lines[5] = json.dumps(changed)
    assert "AssertionError: 5" in run().stderr
