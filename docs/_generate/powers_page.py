"""docs/powers.md, from the table of duties `governance.duties`."""

from genbo.governance.duties import EXCLUDES, POWERS, Duty, Holder, Power

HEAD = """\
# Powers: who may do what

A duty (職務) is one role of the access manager (`DutyManager`). No duty implies another. Whatever creates, moves or
releases units against somebody's will is held by two persons: by a Safe account that needs at least two signatures,
so the ledger itself refuses one. The deployment wires the roles from the table below, and its check compares the
live wiring with it. This page is generated from
[`governance/duties.py`](../src/genbo/governance/duties.py): `make docs`.

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
