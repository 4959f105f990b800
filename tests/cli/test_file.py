"""`genbo file`: a file for a master from its announcement to its end, as people type it.

given a file at hand
├── when one person announces, receives and checks it, and another approves and applies it
│   └── it should be applied, listed, and exported again
├── when the same person approves it
│   └── it should end with 1
├── when a row is wrong
│   └── it should end with 2, name the row, and repeat nothing of it
└── when somebody acts under a name whose key is not here
    └── it should end with 2
"""

from __future__ import annotations

from pathlib import Path

from tests.support.command import EXAMPLE, inside
from tests.support.database import database_of

SECRET = "秘密の花子"


def test_file__from_announcement_to_export__as_people_type_it(system: Path, tmp_path: Path) -> None:
    lines = (EXAMPLE / "investors.csv").read_text("utf-8").splitlines()
    path = tmp_path / "investors.csv"
    columns = lines[0].split(",")
    rows = [line.split(",") for line in lines[1:3]]
    for number, row in enumerate(rows, 1):
        row[columns.index("investor_id")] = f"W-{number}"
        row[columns.index("investor_name")] = f"{SECRET}{number}"
    path.write_bytes("\r\n".join([lines[0], *map(",".join, rows)]).encode("cp932"))

    def run(*arguments: object, by: str | None = "issue-1", code: int = 0) -> dict[str, object]:
        named = ("--as", by) if by else ()
        ran = inside("file", *arguments, *named, "--json", data=system)
        assert ran.code == code, ran.out + ran.err
        assert SECRET not in ran.out + ran.err
        document: dict[str, object] = ran.document
        return document

    said = run("announce", "investor", "--of", path)
    key = said["file_id"]
    assert said["processing_status"] == "announced"
    assert run("announce", "investor", "--of", path, code=1)["error"]["reason"] == (  # type: ignore[index]
        "import_file_twice"
    )
    assert run("receive", key, path)["processing_status"] == "received"
    checked = run("check", key, path)
    assert (checked["processing_status"], checked["registered_by"]) == ("checked", "issue-1")
    same = run("approve", key, code=1)
    assert same["error"]["reason"] == "same_person"  # type: ignore[index]
    nobody = run("approve", key, by="nobody", code=2)
    assert nobody["error"]["reason"] == "key_missing"  # type: ignore[index]
    assert run("approve", key, by="issue-2")["approved_by"] == "issue-2"
    done = run("apply", key, path, by="issue-2")
    assert done["processing_status"] == "done"
    assert done["processing_result"]["applied"] == 2  # type: ignore[index]
    listed = run("list", "--target", "investor", by=None)["files"]
    assert [each["file_id"] for each in listed] == [key]  # type: ignore[attr-defined]
    shown = inside("file", "show", key, data=system)
    assert "2 read, 2 applied" in shown.out

    out = tmp_path / "out.xlsx"
    exported = run("export", "investor", out, "--purpose", "register", by="issue-2")
    assert exported["rows"] == 2
    assert out.stat().st_mode & 0o077 == 0
    again = run("announce", "investor", "--of", out, "--kind", "correction")["file_id"]
    run("receive", again, out)
    assert run("check", again, out)["processing_result"]["unchanged"] == 2  # type: ignore[index]

    rows[0][columns.index("investor_id")] = "W-9"
    rows[1][columns.index("investor_type")] = SECRET
    path.write_bytes("\r\n".join([lines[0], *map(",".join, rows)]).encode())
    key = run("announce", "investor", "--of", path)["file_id"]
    run("receive", key, path)
    problems = run("check", key, path, code=2)["error"]["problems"]  # type: ignore[index]
    (problem,) = problems
    assert (problem["facts"]["line"], problem["facts"]["column"]) == (3, "investor_type")
    shown = inside("file", "show", key, data=system)
    assert "failed" in shown.out
    assert "row_invalid: The row on line 3" in shown.out
    with database_of(system) as connection:
        found = connection.execute(
            "SELECT investor_id FROM investor WHERE investor_id ^@ 'W-' ORDER BY 1"
        ).fetchall()
    assert [each["investor_id"] for each in found] == ["W-1", "W-2"]


def test_announce__file_is_not_at_hand__takes_what_is_said(system: Path) -> None:
    given = ("--size", 10_240, "--timestamp", "2026-06-01T09:00:00+09:00", "--sha256", "ab" * 32)
    ran = inside("file", "announce", "bank", *given, "--json", data=system)
    assert ran.code == 0, ran.err
    assert ran.document["file_size"] == 10_240
    assert ran.document["registered_by"].startswith("cli:")
    missing = inside("file", "announce", "bank", "--size", 1, data=system)
    assert (missing.code, missing.line.split(":")[0]) == (2, "command_invalid")
