"""Papers (根拠): how orders name people, amounts, references and the documents that they rest on."""

from datetime import date
from typing import Annotated, Self, TypeAlias

from pydantic import BaseModel, Field, StringConstraints, model_validator

from genbo.api.acting import Order
from genbo.api.ids import AnAddress, AnId
from genbo.bootstrap.acts import Party
from genbo.kernel import Address, Digest, InvestorId, Reference
from genbo.token import Act

DOCUMENT = r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$"
"""An id of a document, never its title, which may name somebody."""

AnAmount: TypeAlias = Annotated[
    int, Field(ge=0, le=10**30, strict=True, description="Whole units. 口数", examples=[100])
]
"""What the ledger says to zero, or to more than there can be, is for the ledger to say."""
Words: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]
"""One line, such as a decision; nobody's personal data."""
ADigest: TypeAlias = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-f]{64}$")]


class PartyBody(BaseModel):
    """Somebody in the product: by id, or by address (当事者)."""

    investor: Annotated[AnId | None, Field(description="投資家ID (T1.1)")] = None
    address: Annotated[AnAddress | None, Field(description="アドレス")] = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.investor is None) is (self.address is None):
            raise ValueError("exactly one of investor and address")
        return self

    @property
    def party(self) -> Party:
        return Party(
            investor=None if self.investor is None else InvestorId(self.investor),
            address=None if self.address is None else Address(self.address),
        )


class Evidence(BaseModel):
    """The document that an act rests on (根拠書類)."""

    document: Annotated[
        str,
        StringConstraints(pattern=DOCUMENT),
        Field(description="Its id where it is kept. 書類番号", examples=["DOC-2026-0042"]),
    ]
    sha256: Annotated[ADigest, Field(description="Its SHA-256. ダイジェスト")]


class ActOrder(Order):
    """An act with its papers. What the rule of the act wants and is missing, the ledger refuses."""

    ref: Annotated[
        AnId | None,
        Field(
            description="Business reference, used once per product. 取引ID", examples=["ISSUE-1"]
        ),
    ] = None
    evidence: Annotated[Evidence | None, Field(description="根拠書類")] = None
    delivery_date: Annotated[
        date | None, Field(description="By default the day in Japan of its block. 受渡日")
    ] = None

    @property
    def act(self) -> Act:
        """The papers as the ledger takes them."""
        return Act(
            ref=None if self.ref is None else Reference(self.ref),
            evidence=None if self.evidence is None else Digest(self.evidence.sha256),
            delivery_date=self.delivery_date,
        )

    @property
    def document(self) -> str | None:
        """Id of the document, for the records."""
        return None if self.evidence is None else self.evidence.document
