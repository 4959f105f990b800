"""`genbo firm`: firms are registered once, and who handles what is entered.

given a system with the firms of the example
├── when they are registered again: nothing should change
├── when one of them says something else: it should be refused, and nothing be registered
├── when a broker is let handle a product: it should be noted once
├── when a registrar is: it should be refused
└── when an investor who is none was introduced: it should be refused
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.command import EXAMPLE, inside

PRODUCT = "SHIBUYA-JINNAN"
FIRMS = EXAMPLE / "firms.yaml"


def listed(system: Path) -> list[str]:
    return [each["id"] for each in inside("firm", "list", "--json", data=system).document["firms"]]


def test_register__again__changes_nothing(system: Path) -> None:
    again = inside("firm", "register", FIRMS, "--json", data=system)
    assert (again.code, set(again.document["registered"].values())) == (0, {0})
    assert {"B1", "C1", "TR-MUTB", "DS1", "AM-KIP"} <= set(listed(system))


def test_register__says_something_else__is_refused_whole(system: Path, tmp_path: Path) -> None:
    other = tmp_path / "firms.yaml"
    text = FIRMS.read_text("utf-8").replace("架空第一証券", "架空別名証券")
    other.write_text(
        text.replace(
            "\nsettlors:",
            "\nbeneficiary_agents:\n"
            "  - {beneficiary_agent_id: BA-9, beneficiary_agent_name: 架空代理人, registered_address: 架空}\n"
            "\nsettlors:",
        ),
        encoding="utf-8",
    )
    refused = inside("firm", "register", other, "--json", data=system)
    assert (refused.code, refused.error["reason"]) == (1, "firm_exists")
    assert "BA-9" not in listed(system)


def test_handle__broker__is_noted_once(system: Path) -> None:
    first, second = (
        inside("firm", "handle", PRODUCT, "B3", "--json", data=system) for _ in range(2)
    )
    assert [first.document["new"], second.document["new"]] == [True, False]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("handle", PRODUCT, "TR-MUTB"), "field_invalid"),
        (("handle", PRODUCT, "B9"), "institution_unknown"),
        (("handle", "NONE", "B1"), "product_unknown"),
        (("introduce", "IV-NONE", "B1"), "field_invalid"),
    ],
)
def test_entry__of_what_is_not__is_refused(
    system: Path, arguments: tuple[str, ...], reason: str
) -> None:
    refused = inside("firm", *arguments, "--json", data=system)
    assert (refused.code, refused.error["reason"]) == (1, reason)
