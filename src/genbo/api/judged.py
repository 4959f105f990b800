"""Judged (判定): what a mutation answers when it is only asked about, and when no key signs it."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field

from genbo.api.language import language_of
from genbo.api.problem import Problem, problem
from genbo.kernel import Refusal, Refusals


class Judged(BaseModel):
    """Whether it would be refused now (判定)."""

    allowed: Annotated[bool, Field(description="実行可否")]
    refusal: Annotated[Problem | None, Field(description="Why it would be refused. 拒否理由")] = (
        None
    )

    @classmethod
    def of(cls, refusal: Refusal | None, request: Request) -> "Judged":
        """The answer to who asks in `request`."""
        if refusal is None:
            return cls(allowed=True)
        each = refusal.each if isinstance(refusal, Refusals) else ()
        told = problem(refusal, request=request.state.id, language=language_of(request), each=each)
        return cls(allowed=False, refusal=told)


class NothingToSign(BaseModel):
    """What `prepare` answers where no key signs: `submit` it as it is. 署名不要"""

    needed: Annotated[int, Field(description="Always 0. 必要な署名数", examples=[0])]
    sign: Annotated[None, Field(description="Always null. 署名対象")]
