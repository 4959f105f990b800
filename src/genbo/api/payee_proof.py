"""Payee proofs (支払明細の証明): that what a payee was owed is what was approved and anchored, shown to anybody."""

from datetime import date
from typing import Annotated, Self

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from genbo.api.access import ALL_ROLES, AccessTable, reads
from genbo.api.anchor import AnchoredRoot
from genbo.api.asking import Asks
from genbo.api.distribution import RunPath
from genbo.api.ids import AnId, ProductPath
from genbo.api.papers import ADigest
from genbo.api.record_date import in_range
from genbo.api.roles import HOLDING_ROLES
from genbo.api.router import router as a_router
from genbo.api.stamp import Stamp
from genbo.bootstrap.payee_list import PayeeProof, prove_payee, verify_payee
from genbo.chain.hexes import bytes_of, hex_of
from genbo.chain.merkle import Record
from genbo.kernel import ProductId

router = a_router("distributions")

_DEEPEST = 64
"""Steps of a proof: a list of more payees than there can be."""


class ProofOfPayee(BaseModel):
    """A payee's line with what proves it (支払明細の証明)."""

    distribution: Annotated[str, Field(description="分配ID")]
    product: Annotated[str, Field(description="受益権ID")]
    record_day: Annotated[date, Field(description="権利確定日")]
    content: Annotated[
        str, Field(description="The line as it was anchored: JSON, byte for byte. 明細")
    ]
    secret: Annotated[
        str,
        Field(description="32 bytes before it; who has both can show the line. 秘密の値"),
    ]
    proof: Annotated[list[str], Field(description="Nodes from the leaf to the root. 証明")]
    root: Annotated[str, Field(description="As it was approved. マークルルート")]
    contract: Annotated[str, Field(description="Where the root is anchored. アンカーコントラクト")]

    @classmethod
    def of(cls, proof: PayeeProof) -> Self:
        return cls(
            distribution=proof.run,
            product=proof.product,
            record_day=proof.record_day,
            content=proof.record.content.decode(),
            secret=hex_of(proof.record.secret),
            proof=[hex_of(each) for each in proof.proof],
            root=proof.root,
            contract=proof.contract,
        )


class ProofShown(BaseModel):
    """A proof that somebody was shown (提示された証明)."""

    model_config = ConfigDict(extra="forbid")

    distribution: Annotated[AnId, Field(description="分配ID")]
    record_day: Annotated[date, Field(description="権利確定日")]
    content: Annotated[str, Field(max_length=4_000, description="The line. 明細")]
    secret: Annotated[ADigest, Field(description="秘密の値")]
    proof: Annotated[list[ADigest], Field(max_length=_DEEPEST, description="証明")]

    @property
    def record(self) -> Record:
        return Record(content=self.content.encode(), secret=bytes_of(self.secret))


class ProofFound(BaseModel):
    """What the ledger says of a proof (検証結果)."""

    proven: Annotated[
        bool, Field(description="Whether the line is in the list that was anchored. 真正")
    ]
    anchor: Annotated[
        AnchoredRoot | None, Field(description="None where no list was anchored. アンカー")
    ]
    contract: Annotated[str, Field(description="Who was asked. アンカーコントラクト")]
    block: Annotated[Stamp, Field(description="The block that was asked. ブロック")]


@router.get("/products/{product}/distributions/{distribution}/proofs/{holder}")
def prove_line(
    product: ProductPath,
    distribution: RunPath,
    holder: Annotated[
        str,
        Path(
            pattern=r"^[\x21-\x7e]{1,42}$",
            description="As its line says: an investor, or an address. 支払先",
            examples=["IV-7", "0x" + 40 * "1"],
        ),
    ],
    ask: Asks,
) -> ProofOfPayee:
    """The line of a payee of an approved distribution with what proves it, for the payee: a registrar and an issuer get
    every line's, others those of their own customers. 支払明細の証明"""
    line = ask.sight.payees.line_of(ProductId(product), distribution, holder)
    return ProofOfPayee.of(prove_payee(ask.office, distribution, line.holder))


@router.post("/distributions/proofs/verifications")
def verify_line(body: ProofShown, ask: Asks) -> ProofFound:
    """Asks the contract whether a line belongs to the payee list that was anchored; the same question can be put to any
    node. It changes nothing and needs no Idempotency-Key. 支払明細の検証"""
    in_range(body.record_day)
    found = verify_payee(
        ask.office,
        body.distribution,
        body.record_day,
        body.record,
        [bytes_of(each) for each in body.proof],
    )
    return ProofFound(
        proven=found.proven,
        anchor=None
        if found.anchor is None
        else AnchoredRoot(
            root=found.anchor.root,
            leaves=found.anchor.leaves,
            anchored_at=found.anchor.anchored,
        ),
        contract=ask.office.deployment.anchor,
        block=Stamp.of(found.stamp),
    )


ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/distributions/{distribution}/proofs/{holder}"): reads(
        HOLDING_ROLES
    ),
    ("POST", "/v1/distributions/proofs/verifications"): reads(ALL_ROLES),
}
