"""The library's quick start, as somebody tries it who has the text and a scratch folder.

given the README and docs/sdk.md
├── when its first block is run as printed: it should start a registry, show holdings, explain, and be refused
├── when the README's block is run as printed: it should say what stands against the transfer
└── when the transfer is made as printed: delivered
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from genbo_sdk.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]


def blocks(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)


def run(block: str, folder: Path) -> str:
    script = folder / "quick_start.py"
    script.write_text(block, "utf-8")
    ran = subprocess.run(
        [sys.executable, script],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [each.name for each in folder.iterdir()] == ["quick_start.py"]
    return ran.stdout


def test_quick_start__of_the_librarys_page__works_as_printed(tmp_path: Path) -> None:
    said = run(blocks("docs/sdk.md")[0], tmp_path)
    assert "institution='B1'" in said
    assert "\nH2 51 51\n" in said
    assert "この移転を妨げるものはありません。" in said
    assert "本人確認" in said
    assert "not_found" in said


def test_quick_start__of_the_readme__works_as_printed(tmp_path: Path) -> None:
    (block,) = blocks("README.md")
    assert "was never verified for this product" in run(block, tmp_path)


def test_transfer__as_the_page_prints_it__is_delivered(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = [each for each in blocks("docs/sdk.md") if "wait_final(order)" in each]
    back = block.replace("T-2026-0042", "T-2026-0043").replace('"H2"', '"H?"')
    back = back.replace('"H4"', '"H2"').replace('"H?"', '"H4"')
    with sandbox.client("B1") as client:
        exec(block, {"sandbox": sandbox, "client": client})
        assert capsys.readouterr().out.splitlines()[-1] == "delivered 101"
        exec(back, {"sandbox": sandbox, "client": client})
        assert capsys.readouterr().out.splitlines()[-1] == "delivered 51"
