"""docs/powers.md, from the table of duties, the functions without one, and the matrix of roles (`genbo.governance`)."""

from genbo.governance.duties import EXCLUDES, POWERS, Duty, Holder, Power
from genbo.governance.matrix import Column, Role, cell
from genbo.governance.open_functions import OPEN_FUNCTIONS

HEAD = """\
# Powers: who may do what

A duty (職務) is one role of the access manager (`DutyManager`). No duty implies another. Whatever creates, moves or
releases units against somebody's will is held by two persons: by a Safe account that needs at least two signatures,
so the ledger itself refuses one. The deployment wires the roles from the table below, its check compares the live
wiring with it, and [a test](../tests/contracts/test_powers_matrix.py) compares this page with a live ledger, function
by function. The page is generated from [`governance/`](../src/genbo/governance/duties.py): `make docs`.

"Blocks" says whom the duty can stop or trap, the uncomfortable part that every power has. A holder (保有者) needs no
duty: the key that speaks for the holder transfers unfrozen units to eligible holders, and nothing else.
"""

HELD_BY = {
    Holder.PERSON: "one person",
    Holder.TWO_PERSONS: "two persons (Safe)",
    Holder.CONTRACT: "a contract",
}


LIFTING = """\
## What counts as lifting a restriction

RESTRICTOR raises alone. The same function refuses with
[`release_needs_two_persons`](reasons.md#release_needs_two_persons) unless the caller is also a RELEASER, when it would

- take back an AML verdict "blocked" (a renewed verdict that does not block is no release by itself),
- unfreeze an address, or lower its frozen figure,
- shorten a lock-up of a holder or of the product that still runs,
- permit an investor class that was not permitted,
- replace or remove the extra rule.
"""


def powers_page() -> str:
    parts = [
        HEAD,
        _table(),
        LIFTING,
        "## What each duty reaches\n",
        *map(_power, POWERS),
        _open_functions(),
        _matrix(),
        _excludes(),
    ]
    return "\n".join(parts)


def _table() -> str:
    lines = [
        "| no. | duty | 職務 | held by | of | may | may not | blocks |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for power in POWERS:
        lines.append(
            f"| {power.duty.value} | [{power.duty.name}](#{power.duty.name.lower()}) | {power.name_ja} "
            f"| {HELD_BY[power.held_by]} | {power.institution} | {power.may} | {power.may_not} | {power.blocks} |"
        )
    return "\n".join(lines) + "\n"


def _power(power: Power) -> str:
    lines = [
        f"### {power.duty.name}",
        "",
        f"{power.name_ja}. Held by {HELD_BY[power.held_by]}.",
        "",
    ]
    if power.functions:
        lines += ["| contract | function |", "|---|---|"]
        lines += [f"| {contract} | `{signature}` |" for contract, signature in power.functions]
    elif power.duty is Duty.ADMIN:
        lines.append("The functions of the access manager itself: grant, revoke, wire.")
    else:
        lines.append("No function of its own: it is asked for inside functions of another duty.")
    return "\n".join([*lines, ""])


OPEN = """\
## Functions without a duty

The other functions that change something. Most of them ask who speaks for the holder. None can be called by virtue of a
duty: a Safe of the registrar is a stranger to them.

| contract | function | whom it listens to |
|---|---|---|
"""

MATRIX = """\
## Roles and levels

The matrix of the requirements (権限配分, R-JSTOA-FIG3.1) as far as it concerns the ledger. A duty in a cell may be held
by that party; "holder's key" means the key that speaks for the party's own or its customer's account. In brackets:
what is granted off the ledger, where the ledger has nothing. `-`: nothing. A test plays each role on a live ledger, and
each cell without a duty or a key fails there.

"""


def _open_functions() -> str:
    rows = [f"| {each.contract} | `{each.signature}` | {each.caller} |" for each in OPEN_FUNCTIONS]
    return OPEN + "\n".join(rows) + "\n"


def _matrix() -> str:
    lines = [
        f"| role | {' | '.join(Column)} |",
        "|---|" + "---|" * len(Column),
        *(f"| {role} | {' | '.join(_cell(role, column) for column in Column)} |" for role in Role),
    ]
    return MATRIX + "\n".join(lines) + "\n"


def _cell(role: Role, column: Column) -> str:
    found = cell(role, column)
    if found.is_empty:
        return f"({found.note})" if found.note else "-"
    rights = [duty.name for duty in sorted(found.duties)]
    rights += ["holder's key"] if found.holders_key else []
    return ", ".join(rights) + (f": {found.note}" if found.note else "")


def _excludes() -> str:
    lines = [
        "## Duties that exclude each other",
        "",
        "One person never holds both; for a Safe its owners count (R-JSTOA-6.2.3a).",
        "",
    ]
    pairs = sorted(sorted(duty for duty in pair) for pair in EXCLUDES)
    lines += [f"- {' and '.join(duty.name for duty in pair)}" for pair in pairs]
    return "\n".join([*lines, ""])
