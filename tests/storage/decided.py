"""A split of P1 that is decided, approved and carried out, through the storage functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection
from tests.storage.builders import P1, START, word

from genbo.entitlements import CorporateAction, RegisterMark, SplitTerms
from genbo.kernel import Digest, ProductId
from genbo.storage.corporate_actions import CorporateActions

LATER = START + timedelta(days=1)
MARK = RegisterMark(7, Digest(word(8)))
ACTION = CorporateAction(
    id="A-1",
    product=P1,
    day=date(2022, 4, 1),
    terms=SplitTerms(factor=10, epoch=0),
    resolution="a resolution",
    evidence=Digest(word(9)),
    maker="x",
    made_at=LATER,
    command="c" * 32,
)


def draft(connection: Connection, id: str = "A-1") -> None:
    CorporateActions(connection).decide(replace(ACTION, id=id))


def drafted(connection: Connection) -> CorporateActions:
    draft(connection)
    return CorporateActions(connection)


def approved(connection: Connection) -> CorporateActions:
    held = drafted(connection)
    held.approve("A-1", at=LATER, by="y")
    return held


def begun(connection: Connection) -> CorporateActions:
    held = approved(connection)
    held.begin("A-1", MARK, at=LATER, by="x")
    return held


def live(connection: Connection) -> None:
    """One that is done, one that was turned down, and a draft."""
    begun(connection).finish("A-1", MARK, at=LATER, by="x")
    draft(connection, "A-2")
    CorporateActions(connection).reject("A-2", at=LATER, by="y")
    draft(connection, "A-3")


def furnish(connection: Connection, registers: Iterable[ProductId]) -> None:
    """A draft for each register."""
    for number, product in enumerate(registers, start=1):
        CorporateActions(connection).decide(replace(ACTION, id=f"A-{number}", product=product))
