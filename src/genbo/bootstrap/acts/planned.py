"""Planned (計画): an act as it would be ordered."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from genbo.bootstrap.acts.table import ActName
from genbo.chain.call import Call
from genbo.governance import Duty
from genbo.kernel import ProductId, Reference, Refusal


def _nothing_against() -> Refusal | None:
    """An act that the contract alone judges."""
    return None


def _nothing_noted(_: Connection, __: str) -> None:
    """An act that changes the ledger alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The exact call, under which duty, and what belongs to it."""

    name: ActName
    call: Call
    duty: Duty
    product: ProductId | None = None
    """None for an act on the whole platform."""
    ref: Reference | None = None
    judge: Callable[[], Refusal | None] = _nothing_against
    """What the registry has against it, asked before the contract; when it is ordered, and not when it is repeated."""
    noting: Callable[[Connection, str], None] = _nothing_noted
    """What is written in the transaction that stores it; told who makes it."""
