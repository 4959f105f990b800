"""Corporate action (コーポレートアクション): what an issuer decides about units, and what came of it.

    draft ──► approved ──► done        carried out on its day by two persons
       └────► rejected                 by its maker or by an approver; its id is not used again

An action is never edited. It keeps what the register said before and after it, as a block and a digest: the register
of that block can be issued at any time, and must have that digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from genbo.entitlements.distribution import PerUnit
from genbo.kernel import Digest, InvestorId, ProductId, Units


class ActionKind(StrEnum):
    """種別."""

    REDEMPTION = "redemption"
    """償還."""
    SPLIT = "split"
    """分割."""
    ADDITIONAL_ISSUE = "additional_issue"
    """追加発行."""


class ActionState(StrEnum):
    """状態."""

    DRAFT = "draft"
    """起案."""
    APPROVED = "approved"
    """承認済."""
    REJECTED = "rejected"
    """却下・取下."""
    DONE = "done"
    """実行済."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionTerms:
    """A redemption, in part or in full."""

    record_day: date
    """権利確定日: its holders give the units, and are paid."""
    amounts: PerUnit
    """Of a unit that ends: `income`, the part that is profit, and `capital`, the part that is returned."""
    units: Units | None = None
    """How many end; None: all, and the product with them."""
    early: bool = False
    """期限前償還: before the redemption date of the terms, on the evidence of the decision."""
    payment_day: date | None = None
    """None: the day that the terms set for the record date."""

    def fields(self) -> dict[str, Any]:
        return {
            "record_day": self.record_day.isoformat(),
            "units": None if self.units is None else int(self.units),
            "income": f"{self.amounts.income:.10f}",
            "capital": f"{self.amounts.capital:.10f}",
            "early": self.early,
            "payment_day": None if self.payment_day is None else self.payment_day.isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitTerms:
    """A split."""

    factor: int
    """One unit becomes so many."""
    epoch: int
    """How many splits there were when it was decided: another one in between overtakes the decision."""

    def fields(self) -> dict[str, Any]:
        return {"factor": self.factor, "epoch": self.epoch}


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueTerms:
    """An additional issue. Its day is the delivery date (受渡日), and so the acquisition date of the new lots."""

    units: Units
    to: InvestorId | None = None
    """None: the initial beneficiary (当初受益者)."""

    def fields(self) -> dict[str, Any]:
        return {"units": int(self.units), "to": self.to}


ActionTerms: TypeAlias = RedemptionTerms | SplitTerms | IssueTerms


def kind_of(terms: ActionTerms) -> ActionKind:
    """What kind of action has such terms."""
    match terms:
        case RedemptionTerms():
            return ActionKind.REDEMPTION
        case SplitTerms():
            return ActionKind.SPLIT
        case IssueTerms():
            return ActionKind.ADDITIONAL_ISSUE


def terms_of(kind: ActionKind, fields: Mapping[str, Any]) -> ActionTerms:
    """The terms whose `fields` these are."""
    match kind:
        case ActionKind.REDEMPTION:
            paid = fields["payment_day"]
            return RedemptionTerms(
                record_day=date.fromisoformat(fields["record_day"]),
                units=None if fields["units"] is None else Units(fields["units"]),
                amounts=PerUnit(
                    income=Decimal(fields["income"]), capital=Decimal(fields["capital"])
                ),
                early=fields["early"],
                payment_day=None if paid is None else date.fromisoformat(paid),
            )
        case ActionKind.SPLIT:
            return SplitTerms(factor=fields["factor"], epoch=fields["epoch"])
        case ActionKind.ADDITIONAL_ISSUE:
            to = fields["to"]
            return IssueTerms(
                units=Units(fields["units"]), to=None if to is None else InvestorId(to)
            )


@dataclass(frozen=True, slots=True)
class RegisterMark:
    """A register as it stood: enough to issue it again, and to see that it is the same."""

    block: int
    """The last block that is in it."""
    digest: Digest
    """SHA-256 of the register without names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorporateAction:
    """One decision of an issuer, and what became of it."""

    id: str
    product: ProductId
    day: date
    """効力発生日: from 00:00 JST of this day on it is carried out."""
    terms: ActionTerms
    resolution: str
    """決議の参照, without personal data."""
    evidence: Digest
    """SHA-256 of the resolution."""
    maker: str
    made_at: datetime
    command: str = ""
    """The command whose signatures approve it."""
    state: ActionState = ActionState.DRAFT
    decided_by: str | None = None
    decided_at: datetime | None = None
    before: RegisterMark | None = None
    """The register in the moment in which it began to be carried out."""
    after: RegisterMark | None = None
    """The register when it was done."""
    done_at: datetime | None = None

    @property
    def kind(self) -> ActionKind:
        return kind_of(self.terms)

    def body(self) -> dict[str, Any]:
        """What maker and approver sign."""
        return {
            "act": self.kind.value,
            "action": self.id,
            "product": self.product,
            "day": self.day.isoformat(),
            "resolution": self.resolution,
            "evidence": self.evidence,
            **self.terms.fields(),
        }
