"""Reasons (理由コード): the whole table of what a no can mean, in both languages, for everybody."""

from typing import Annotated

from pydantic import BaseModel, Field

from genbo.api.access import Access, AccessTable
from genbo.api.problem import Words
from genbo.api.router import router as a_router
from genbo.api.status import STATUSES
from genbo.compliance.reasons import REASONS, Language
from genbo.kernel import Reason

router = a_router("reasons")


class ReasonEntry(BaseModel):
    """One reason. A word in braces stands for a fact of the case."""

    reason: Annotated[
        Reason, Field(description="Never renamed. 理由コード", examples=["not_found"])
    ]
    status: Annotated[int, Field(description="HTTP status that says it. HTTPステータス")]
    number: Annotated[
        int | None,
        Field(description="ERC-1404 code; none where no movement is judged. ERC-1404コード"),
    ]
    errors: Annotated[
        list[str], Field(description="Contract errors that mean it. コントラクトのエラー")
    ]
    words: Annotated[dict[Language, Words], Field(description="Both languages. 日本語と英語の説明")]


class Reasons(BaseModel):
    """The table."""

    items: Annotated[list[ReasonEntry], Field(description="By code. 理由")]


_TABLE = Reasons(
    items=[
        ReasonEntry(
            reason=code,
            status=STATUSES[code].value,
            number=entry.number,
            errors=[each.name for each in entry.errors],
            words={
                language: Words(
                    sentence=entry.text(language).sentence, remedy=entry.text(language).remedy
                )
                for language in Language
            },
        )
        for code, entry in sorted(REASONS.items())
    ]
)


@router.get("/reasons")
def list_reasons() -> Reasons:
    """Every reason code, its words in both languages, and the status that says it. 理由コード一覧"""
    return _TABLE


ACCESS: AccessTable = {("GET", "/v1/reasons"): Access(None)}
