"""Parameters of deployments as people write them: YAML, one value per line, its source beside it.

An account is written as an address, or as a name that the caller knows how to resolve (`test:3` on a development
chain, the alias of a key file on others).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from genbo.chain.parameters import PlatformParameters, SafeContracts, SafeParameters
from genbo.chain.section import Resolve, Section, approvals
from genbo.kernel import Address, Refusal
from genbo.token import LedgerTerms, parse_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformFile:
    """What deploying a platform takes."""

    parameters: PlatformParameters
    deployer: str
    """Name of the account that sends the steps, and holds nothing afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFile:
    """What creating a product takes."""

    carrier: str
    """Name of the account that only sends what the Safes signed."""
    signers: tuple[str, ...]
    """Names of the Safe owners' accounts that can sign on this machine."""
    terms: LedgerTerms
    group_enabled: bool
    """Whether its transfer-enable group begins enabled, if the group does not exist yet."""
    approvals: Mapping[str, Mapping[Address, bytes]] = field(default_factory=dict)
    """Signatures made elsewhere: digest of the act to owner to signature."""


def load_platform(path: Path, resolve: Resolve) -> PlatformFile:
    """The parameters of a platform; their rules are checked by `PlatformParameters.check`.

    Raises:
        Refusal: `field_missing`, `field_invalid` or `field_unknown`, with the file, the field and its line.
        Fault: `file_unreadable`.
    """
    top = Section.read(path, resolve)
    safes = top.section("safes")
    operators = top.section("operators")
    public = top.optional_section("safe_contracts")
    parameters = PlatformParameters(
        safes={name: _safe(safes.section(name)) for name in safes.names()},
        operators={operators.duty(name): operators.accounts(name) for name in operators.names()},
        safe_contracts=None
        if public is None
        else SafeContracts(
            singleton=public.account("singleton"),
            factory=public.account("factory"),
            handler=public.account("handler"),
        ),
    )
    top.nothing_else("deployer", "safes", "operators", "safe_contracts")
    return PlatformFile(parameters=parameters, deployer=top.text("deployer"))


def load_product(path: Path, resolve: Resolve) -> ProductFile:
    """The parameters of a product: which terms (another file, or here), and whose address begins with the units.

    Raises:
        Refusal: as `load_platform`, and those of `parse_terms`.
        Fault: `file_unreadable`.
    """
    top = Section.read(path, resolve)
    given = top.value("terms")
    terms_path = path.parent / given if isinstance(given, str) else path
    fields = Section.read(terms_path, resolve) if isinstance(given, str) else top.section("terms")
    try:
        terms = parse_terms(fields.values)
    except Refusal as refusal:
        refusal.facts.update(file=str(terms_path), line=fields.line(str(refusal.facts["field"])))
        raise
    product = ProductFile(
        carrier=top.text("carrier"),
        signers=tuple(top.texts("signers")),
        terms=terms.on_ledger(initial_beneficiary=top.account("initial_beneficiary")),
        group_enabled=top.flag("group_enabled"),
        approvals=approvals(top.optional_section("approvals")),
    )
    top.nothing_else(
        "carrier", "signers", "terms", "initial_beneficiary", "group_enabled", "approvals"
    )
    return product


def _safe(section: Section) -> SafeParameters:
    safe = SafeParameters(
        owners=section.accounts("owners"),
        threshold=section.number("threshold"),
        duties=tuple(section.duty(name) for name in section.texts("duties")),
    )
    section.nothing_else("owners", "threshold", "duties")
    return safe
