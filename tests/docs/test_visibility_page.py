"""The page that says who sees what says what the table says.

given docs/domain/governance.md
└── it should have one row for each role, with the sight of each subject
"""

import re

from contract_sources import ROOT
from genbo.governance.institutions import SIGHT, InstitutionRole, Sight, Subject

PAGE = (ROOT / "docs" / "domain" / "governance.md").read_text("utf-8")
WORDS = {
    "yes": Sight.ITSELF,
    "id": Sight.PSEUDONYM,
    "digest": Sight.DIGEST,
    "nothing": Sight.NOTHING,
}


def test_who_sees_what__each_role__is_as_the_table_has_it() -> None:
    section = PAGE[PAGE.index("## Who sees what") : PAGE.index("## Users")]
    shown = {}
    for roles, *cells in re.findall(
        r"^\| ([a-z, ]+) \| (.*) \| (.*) \| (.*) \| (.*) \| (.*) \|$", section, re.MULTILINE
    ):
        if roles == "role":
            assert len(cells) == len(Subject)
            continue
        sights = [WORDS[cell.partition(";")[0]] for cell in cells]
        for role in roles.split(", "):
            shown[InstitutionRole(role.replace(" ", "_"))] = dict(zip(Subject, sights, strict=True))
    assert shown == SIGHT
