"""Proof of a printout (写しの検証): a file is compared with the register that it claims to be, made anew.

    a file is verified
    ├── when it is none of ours: `printout_unreadable`
    ├── when it is, byte for byte, what the register gives: proven
    ├── when its content is, but the file is not what is written today: rewritten; its pages or cells may be others
    └── otherwise: falsified, with each place where it differs; a name that was corrected or erased since shows so too

Besides, whether the facts were anchored: the ledger then says that they were the same on that day.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from genbo.bootstrap.office import Office
from genbo.bootstrap.register_anchor import AnchoredRegister, find_anchor
from genbo.bootstrap.register_output import Asker, desk_of, make_register
from genbo.compliance.reasons import Language
from genbo.governance.institutions import InstitutionId
from genbo.kernel import InvestorId, ProductId, Reason, Refusal
from genbo.reporting import Extent, Form, StatutoryRegister
from genbo.reporting.claim import Claim, Difference, differences, read_claim
from genbo.reporting.register_forms import rendered
from genbo.storage.register import AsOf

_SECOND = timedelta(seconds=1)
_ID = re.compile(r"[\x21-\x7e]{1,32}")


class Genuineness(StrEnum):
    """What became of a proof."""

    PROVEN = "proven"
    """真正: byte for byte what the register gives"""
    REWRITTEN = "rewritten"
    """内容一致: what machines read in it is true, but it is not the file that was issued"""
    FALSIFIED = "falsified"
    """不一致"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a file was found to be."""

    verdict: Genuineness
    claim: Claim
    register: StatutoryRegister
    """The true one."""
    differences: list[Difference]
    anchor: AnchoredRegister | None
    """Where the facts of the whole register stand on the ledger; None where nobody anchored them."""


def prove(office: Office, content: bytes, *, name: str, asker: Asker) -> Proof:
    """Compares the file with the register.

    Args:
        name: of the file, for the refusal.
        asker: who verifies; names are opened where the file has them, and that is noted. As an institution: the
            registrar of the product, to whom the whole of its register is open.

    Raises:
        Refusal: `printout_unreadable`; `not_found` to an institution for a product that is not its own;
            `product_unknown`, `block_unknown`, `holding_unknown` when what the file claims to be of does not exist.
    """
    claim = read_claim(content, name=name)
    if not all(_ID.fullmatch(each) for each in (claim.product, claim.institution or claim.product)):
        raise Refusal(Reason.PRINTOUT_UNREADABLE, file=name)  # what is no id may be a name
    if asker.institution is not None:
        desk_of(office, asker).product(ProductId(claim.product))
    asker = Asker(
        by=asker.by,
        at=asker.at,
        purpose=asker.purpose,
        institution=_institution(claim),
    )
    # As of a block every answer ends a second after it; there may be several blocks in one second.
    at_block = claim.as_of == claim.block_at + _SECOND
    as_of: AsOf = claim.block if at_block else claim.as_of
    register = make_register(
        office,
        ProductId(claim.product),
        as_of=as_of,
        extent=claim.extent,
        asker=asker,
        holder=None if claim.holder is None else InvestorId(claim.holder),
    )
    found = differences(claim, register)
    if found:
        verdict = Genuineness.FALSIFIED
    else:
        verdict = (
            Genuineness.PROVEN if _is_ours(content, claim, register) else Genuineness.REWRITTEN
        )
    return Proof(
        verdict=verdict,
        claim=claim,
        register=register,
        differences=found,
        anchor=find_anchor(office, _whole(office, register, as_of, asker)),
    )


def _institution(claim: Claim) -> InstitutionId | None:
    own = claim.extent is Extent.OWN_CUSTOMERS and claim.institution is not None
    return InstitutionId(claim.institution) if own and claim.institution else None


def _is_ours(content: bytes, claim: Claim, register: StatutoryRegister) -> bool:
    # A PDF does not say its language in a place that is worth parsing.
    languages = list(Language) if claim.language is None else [claim.language]
    if claim.form is Form.JSON:
        languages = languages[:1]
    return any(content == rendered(register, claim.form, language) for language in languages)


def _whole(
    office: Office, register: StatutoryRegister, as_of: AsOf, asker: Asker
) -> StatutoryRegister:
    """The register of everybody, without names: what is anchored."""
    if register.extent is not Extent.OWN_CUSTOMERS and register.holder is None:
        return register
    return make_register(
        office,
        register.product,
        as_of=as_of,
        extent=Extent.REDUCED,
        asker=Asker(by=asker.by, at=asker.at),
    )
