"""Looking: a question of one institution, asked in a transaction that sees what it sees, and what it is told instead.

an institution asks for a thing
├── when it sees the thing: it gets it, as far as it sees it
└── otherwise: `not_found`, as for a thing that does not exist; that it was told so is recorded (R-PROGMAT-VIS-1)
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from genbo.governance.institutions import (
    InstitutionId,
    InstitutionRole,
    Sight,
    require_seen,
)
from genbo.kernel import Fault, ProductId, Reason, Refusal
from genbo.storage.customers import Customers, customers_of
from genbo.storage.engine import Database
from genbo.storage.parties import Parties
from genbo.storage.products import Products
from genbo.storage.rehearsal import apart
from genbo.storage.vault import Vault
from genbo.storage.viewing import answer_not_found, look_as

Found = TypeVar("Found")

_UNKNOWN = frozenset({Reason.PRODUCT_UNKNOWN, Reason.INVESTOR_UNKNOWN, Reason.INSTITUTION_UNKNOWN})
"""What a repository says of something that it does not find, or that the institution does not see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What one institution asks at one instant."""

    database: Database
    vault: Vault
    chain_id: int
    institution: InstitutionId
    role: InstitutionRole | None
    """Its role, where it is known already; None: the database is asked."""
    by: str
    """The user or credential of the institution that asks, as the records name it."""
    at: datetime
    """When; disclosures hold at instants."""

    @contextmanager
    def viewing(self) -> Iterator[Connection]:
        """A transaction that sees what the institution sees."""
        with self.database.viewing(self.institution, at=self.at) as connection:
            yield connection

    def answer(
        self,
        subject: str,
        asked: str,
        ask: Callable[[Connection], Found | None],
        *,
        may_be_empty: bool = False,
        hint: Callable[[Connection], None] | None = None,
    ) -> Found:
        """What `ask` finds.

        Args:
            hint: asked first, in the same transaction, before it begins to look as the institution: where to look, and
                never what is answered.

        Raises:
            Refusal: `not_found` when it finds nothing; recorded.
        """
        found: Found | None = None
        with self.viewing() if hint is None else self._after(hint) as connection:
            try:
                found = ask(connection)
            except Refusal as refusal:
                if isinstance(refusal, Fault) or refusal.reason not in _UNKNOWN:
                    raise
        if found is None or (found == [] and not may_be_empty):
            raise self.not_found(subject, asked)
        return found

    @contextmanager
    def _after(self, hint: Callable[[Connection], None]) -> Iterator[Connection]:
        # Whoever looks as somebody looks so to the end of the transaction: no rehearsal goes on with these eyes.
        with apart(), self.database.read() as connection:
            hint(connection)
            look_as(connection, self.institution, self.at)
            yield connection

    def not_found(self, subject: str, asked: str) -> Refusal:
        """The answer, recorded."""
        try:
            require_seen(Sight.NOTHING, subject=subject, asked=asked)
        except Refusal as refusal:
            with self.database.begin() as connection:  # kept, although the answer is a refusal
                answer_not_found(
                    connection, refusal, institution=self.institution, at=self.at, by=self.by
                )
            return refusal
        raise AssertionError("what is nothing was seen")

    def role_in(self, connection: Connection) -> InstitutionRole | None:
        """Its role; None for an institution that is none, which sees nothing."""
        if self.role is not None:
            return self.role
        try:
            return Parties(connection).institution(self.institution).role
        except Refusal as refusal:
            if refusal.reason is not Reason.INSTITUTION_UNKNOWN:
                raise
            return None

    def customers(self, connection: Connection) -> Customers | None:
        """Whose accounts its lists are about; None: everybody's whom it sees."""
        return customers_of(self.institution, self.role_in(connection))


def is_seen(connection: Connection, product: ProductId) -> bool:
    """Whether the product is one that the transaction sees."""
    try:
        Products(connection).get(product)
    except Refusal as refusal:
        if refusal.reason is not Reason.PRODUCT_UNKNOWN:
            raise
        return False
    return True
