"""Decisions (決定): what a redemption, a split or an additional issue says, as it is ordered and as it is told."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from genbo.api.acting import Order
from genbo.api.distribution import PerUnitText
from genbo.api.ids import AnId
from genbo.api.papers import AnAmount, Evidence, Words
from genbo.api.record_date import in_range
from genbo.bootstrap.corporate_actions import Decision
from genbo.bootstrap.corporate_actions_outside import Terms, as_issue, as_redemption, as_split
from genbo.entitlements import IssueTerms, RedemptionTerms, per_unit
from genbo.kernel import Digest, InvestorId, ProductId, Units


class Redeemed(BaseModel):
    """What a redemption ends and pays (償還の条件)."""

    record_day: Annotated[
        date, Field(description="A record date that was fixed: its holders give. 権利確定日")
    ]
    units: Annotated[
        int | None, Field(description="How many end; none: all, and the product. 償還口数")
    ]
    income_per_unit: Annotated[str, Field(description="Yen of profit, decimal. 1口当たり分配金")]
    capital_per_unit: Annotated[
        str, Field(description="Yen that are returned, decimal. 1口当たり元本の払戻し")
    ]
    early: Annotated[bool, Field(description="Before the date of the terms. 期限前償還")]
    payment_day: Annotated[
        date | None, Field(description="None: the day that the terms set. 支払日")
    ]

    @classmethod
    def of(cls, terms: RedemptionTerms) -> Self:
        return cls(
            record_day=terms.record_day,
            units=None if terms.units is None else int(terms.units),
            income_per_unit=f"{terms.amounts.income.normalize():f}",
            capital_per_unit=f"{terms.amounts.capital.normalize():f}",
            early=terms.early,
            payment_day=terms.payment_day,
        )


class Divided(BaseModel):
    """What a split does (分割の条件)."""

    factor: Annotated[int, Field(description="One unit becomes so many. 分割比率", examples=[10])]
    epoch: Annotated[int, Field(description="Splits before it. これまでの分割回数")]


class Added(BaseModel):
    """What an additional issue adds (追加発行の条件)."""

    units: Annotated[int, Field(description="口数", examples=[470])]
    to: Annotated[str | None, Field(description="None: the initial beneficiary. 投資家ID")]


# Orders ----------------------------------------------------------------------------------------------


class RedemptionDecided(BaseModel):
    """Units that end, in part or in full (償還)."""

    model_config = ConfigDict(extra="forbid")

    record_day: Annotated[date, Field(description="A record date that was fixed. 権利確定日")]
    units: Annotated[
        AnAmount | None,
        Field(description="In proportion to what each held. Without it all of them. 償還口数"),
    ] = None
    income: Annotated[
        PerUnitText, Field(description="Yen per unit of profit, before tax. 1口当たり分配金")
    ] = "0"
    capital: Annotated[
        PerUnitText, Field(description="Yen per unit returned, untaxed. 1口当たり元本の払戻し")
    ] = "0"
    early: Annotated[
        bool, Field(description="Before the redemption date of the terms. 期限前償還")
    ] = False
    payment_day: Annotated[
        date | None, Field(description="By default the day that the terms set. 支払日")
    ] = None

    @property
    def terms(self) -> RedemptionTerms:
        """Raises Refusal: `field_invalid`, `time_malformed`."""
        in_range(self.record_day)
        in_range(self.payment_day)
        return RedemptionTerms(
            record_day=self.record_day,
            units=None if self.units is None else Units(self.units),
            amounts=per_unit(income=Decimal(self.income), capital=Decimal(self.capital)),
            early=self.early,
            payment_day=self.payment_day,
        )


class SplitDecided(BaseModel):
    """Each unit becomes several (分割)."""

    model_config = ConfigDict(extra="forbid")

    factor: Annotated[
        int, Field(ge=0, le=10**30, strict=True, description="2 or more. 分割比率", examples=[10])
    ]


class IssueDecided(BaseModel):
    """Further units, acquired on the day of the decision (追加発行)."""

    model_config = ConfigDict(extra="forbid")

    units: AnAmount
    to: Annotated[
        AnId | None, Field(description="By default the initial beneficiary. 投資家ID")
    ] = None


class ActionOrder(Order):
    """A redemption, a split or an additional issue to decide (コーポレートアクションの起案)."""

    model_config = ConfigDict(extra="forbid")

    action: Annotated[AnId, Field(description="Its id, used once. 決定ID", examples=["SP-2022-04"])]
    day: Annotated[date, Field(description="From 00:00 JST of it on. 効力発生日・受渡日")]
    redemption: Annotated[RedemptionDecided | None, Field(description="償還")] = None
    split: Annotated[SplitDecided | None, Field(description="分割")] = None
    additional_issue: Annotated[IssueDecided | None, Field(description="追加発行")] = None
    resolution: Annotated[Words, Field(description="Its reference, no personal data. 決議")]
    evidence: Annotated[Evidence, Field(description="決議書")]

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        given = (self.redemption, self.split, self.additional_issue)
        if sum(each is not None for each in given) != 1:
            raise ValueError("exactly one of redemption, split and additional_issue")
        return self

    def decision(self, product: str) -> Decision:
        """Raises Refusal(time_malformed)."""
        in_range(self.day)
        return Decision(
            id=self.action,
            product=ProductId(product),
            day=self.day,
            resolution=self.resolution,
            evidence=Digest(self.evidence.sha256),
        )

    @property
    def terms(self) -> Terms:
        """What is decided, and how it is checked. Raises Refusal: `field_invalid`, `time_malformed`."""
        if self.redemption is not None:
            return as_redemption(self.redemption.terms)
        if self.split is not None:
            return as_split(self.split.factor)
        assert self.additional_issue is not None
        to = self.additional_issue.to
        return as_issue(
            IssueTerms(
                units=Units(self.additional_issue.units), to=None if to is None else InvestorId(to)
            )
        )
