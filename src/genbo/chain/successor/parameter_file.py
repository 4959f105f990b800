"""Parameters of a succession as people write them: YAML, one value per line, its source beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from genbo.chain.section import Resolve, Section, approvals
from genbo.chain.successor.record import Role
from genbo.chain.successor.succession import Succession, successor_of
from genbo.governance import Duty
from genbo.kernel import Address, Digest, ProductId


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessionFile:
    """What moving a product to a new token takes."""

    succession: Succession
    reason: Digest
    """Of the paper that says why."""
    people: Mapping[Role, str]
    """Name of the account with which each of the four signs the record."""
    carrier: str
    """Name of the account that sends what the Safes signed, and creates contracts that need no duty."""
    signers: tuple[str, ...]
    """Names of the Safe owners' accounts that can sign on this machine."""
    persons: Mapping[Duty, str]
    """Name of the account that makes the calls of one person's duty."""
    approvals: Mapping[str, Mapping[Address, bytes]] = field(default_factory=dict)
    """Signatures made elsewhere: digest of the act to owner to signature."""


def load_succession(path: Path, resolve: Resolve) -> SuccessionFile:
    """The parameters of a succession.

    Raises:
        Refusal: `field_missing`, `field_invalid` or `field_unknown`, with the file, the field and its
            line; `key_malformed`, `successor_invalid`.
        Fault: `file_unreadable`.
    """
    top = Section.read(path, resolve)
    product = ProductId(top.text("product"))
    given = top.values.get("successor")
    people = top.section("people")
    people.nothing_else(*(role.value for role in Role))
    persons = top.section("persons")
    file = SuccessionFile(
        succession=Succession(
            product=product,
            successor=ProductId(top.text("successor")) if given else successor_of(product),
            reference=top.text("reference"),
        ),
        reason=top.digest("reason"),
        people={role: people.text(role.value) for role in Role},
        carrier=top.text("carrier"),
        signers=tuple(top.texts("signers")),
        persons={persons.duty(name): persons.text(name) for name in persons.names()},
        approvals=approvals(top.optional_section("approvals")),
    )
    top.nothing_else(
        *("product", "successor", "reference", "reason", "people"),
        *("carrier", "signers", "persons", "approvals"),
    )
    return file
