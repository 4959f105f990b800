"""`genbo certifier` and `genbo case`: the keys that certify balances for a custodian, and what differs.

given a custodian of the example
├── when one takes a key and approves it: refused; when another does: it counts; when it is ended: no more
├── when what is taken is no address, or the firm is no custodian: refused
└── when its cases are listed: none yet, and a state that there is not is refused
"""

from __future__ import annotations

from pathlib import Path

from tests.support.command import inside

KEY = "0x" + 40 * "a"
EVIDENCE = "0x" + 64 * "6"


def test_certifier__taken_by_one__counts_when_another_approves_until_it_is_ended(
    founded: Path,
) -> None:
    def run(*words: str) -> tuple[int, dict[str, object]]:
        ran = inside("certifier", *words, "--json", data=founded)
        return ran.code, ran.document

    taking = ("take", "C1", KEY, "--evidence", EVIDENCE, "--as")
    code, told = run(*taking, "repair-1")
    assert (code, told["counts"]) == (0, False)
    assert run("approve", "C1", KEY, "--as", "repair-1")[0] == 1
    code, told = run("approve", "C1", KEY, "--as", "repair-2")
    assert (code, told["counts"], told["approved_by"]) == (0, True, "repair-2")
    code, told = run("end", "C1", KEY, "--as", "repair-1")
    assert (code, told["counts"]) == (0, False)
    _, told = run("list")
    assert [each["account"].lower() for each in told["certifiers"]] == [KEY]  # type: ignore[attr-defined]
    for custodian, account in (("C1", "0x12"), ("B1", KEY)):
        assert run("take", custodian, account, "--evidence", EVIDENCE, "--as", "repair-1")[0] == 1


def test_case__none_is_there__is_an_empty_list(founded: Path) -> None:
    ran = inside("case", "list", "--institution", "C1", "--json", data=founded)
    assert (ran.code, ran.document) == (0, {"cases": []})
    ran = inside("case", "list", "--institution", "C1", "--state", "x", "--json", data=founded)
    assert ran.code == 1
