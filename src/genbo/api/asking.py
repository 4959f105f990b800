"""Asking (要求): what a route works with: who asks, when, under which key, and the office that answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from genbo.api.caller import Caller
from genbo.api.idempotency import key_of
from genbo.api.language import language_of
from genbo.api.roles import BY_PRODUCT
from genbo.api.router import caller
from genbo.bootstrap.office import Office
from genbo.bootstrap.sight import InstitutionDesk
from genbo.bootstrap.sight.work import WorkDesk
from genbo.compliance.reasons import Language
from genbo.governance.institutions import Institution


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One request of an institution's system."""

    caller: Caller
    office: Office
    at: datetime
    """When it was asked, UTC: the time of whatever is recorded by it."""
    language: Language
    header: str | None
    """The Idempotency-Key as it was sent; None for a question."""

    @property
    def institution(self) -> Institution:
        return self.caller.institution

    @property
    def by(self) -> str:
        """How the records name who asks."""
        return self.caller.actor

    @property
    def sees_everybody(self) -> bool:
        """Whether it sees registers by product, and not by its customers."""
        return self.institution.role in BY_PRODUCT

    @property
    def key(self) -> str:
        """The idempotency key, of this institution: the same words of another one are another key.

        Raises:
            Refusal: `idempotency_key_missing`.
        """
        return f"api/{self.institution.id}/{key_of(self.header)}"

    @property
    def sight(self) -> InstitutionDesk:
        """What the institution may see."""
        return InstitutionDesk(
            self.office.house.database,
            self.office.house.vault,
            chain_id=self.office.deployment.chain_id,
            institution=self.institution.id,
            role=self.institution.role,
            by=self.by,
            at=self.at,
        )

    @property
    def work(self) -> WorkDesk:
        """What the institution may see of bulk acts, orders, files and the record of what was done."""
        return self.sight.work(self.institution)


async def asking(request: Request, who: Annotated[Caller | None, Depends(caller)]) -> Asking:
    """What the route works with. A route that is for everybody has none."""
    assert who is not None, "a route without a scope asks nobody"
    return Asking(
        caller=who,
        office=request.app.state.office,
        at=request.app.state.now(),
        language=language_of(request),
        header=request.headers.get("Idempotency-Key"),
    )


Asks: TypeAlias = Annotated[Asking, Depends(asking)]
