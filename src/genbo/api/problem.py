"""Problems (RFC 9457): how the interface says no. The words are those of the reason table, in both languages."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field

from genbo.api.status import status_of
from genbo.compliance.reasons import Language, explain
from genbo.kernel import Fact, Reason, Refusal

MEDIA_TYPE = "application/problem+json"


class Words(BaseModel):
    """What happened and what to do, in one language."""

    sentence: Annotated[str, Field(description="What was refused, on which facts. 拒否の内容")]
    remedy: Annotated[str, Field(description="What to do about it. 対処方法")]


class Problem(BaseModel):
    """A no. Nothing was changed by the request, or the reason says otherwise."""

    type: Annotated[
        str,
        Field(
            description="Names the reason; never changes. 理由の識別子",
            examples=["urn:genbo:reason:not_found"],
        ),
    ]
    title: Annotated[str, Field(description="The status in words. 状態", examples=["Not Found"])]
    status: Annotated[int, Field(description="HTTP status. HTTPステータス", examples=[404])]
    detail: Annotated[str, Field(description="Sentence and remedy in the language asked for. 説明")]
    instance: Annotated[
        str,
        Field(
            description="The request it answers. リクエストID", examples=["urn:genbo:request:7f3a"]
        ),
    ]
    reason: Annotated[
        Reason,
        Field(description="Reason code of docs/reasons.md. 理由コード", examples=["not_found"]),
    ]
    facts: Annotated[
        dict[str, str | int | None], Field(description="What was judged; no personal data. 事実")
    ]
    words: Annotated[dict[Language, Words], Field(description="Both languages. 日本語と英語の説明")]
    problems: Annotated[
        list["Problem"] | None,
        Field(description="Each of several things that are wrong at once. 個々の誤り"),
    ] = None


def problem(
    refusal: Refusal, *, request: str, language: Language, each: tuple[Refusal, ...] = ()
) -> Problem:
    """`refusal` as a problem.

    Args:
        request: id of the request.
        language: in which `detail` is.
        each: where several things are wrong at once.
    """
    status = status_of(refusal)
    words = {
        each_language: Words(sentence=told.sentence, remedy=told.remedy)
        for each_language in Language
        for told in (explain(refusal, each_language),)
    }
    return Problem(
        type=f"urn:genbo:reason:{refusal.reason.value}",
        title=status.phrase,
        status=status.value,
        detail=str(explain(refusal, language)),
        instance=f"urn:genbo:request:{request}",
        reason=refusal.reason,
        facts=_facts(refusal.facts),
        words=words,
        problems=[problem(one, request=request, language=language) for one in each] or None,
    )


def _facts(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Whole numbers as they are where every reader can hold them, as text where not."""
    return {
        name: str(value) if isinstance(value, int) and abs(value) > _SAFE else value
        for name, value in facts.items()
    }


_SAFE = 2**53 - 1
"""What a JSON reader with binary floating point still holds exactly."""
