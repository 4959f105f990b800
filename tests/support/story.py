"""Story: what happens to a chain, to its node and to the process that reads it, step by step.

A story is plain data, so one that ever failed can stand in a test. `play` tells it to a real indexer with a real
database, then lets everything calm down, and compares what was read on the way with one straight reading of the chain
as it is in the end: every byte of every derived row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import event
from tests.support.ledger import TokenLedger, an_address
from tests.support.recorded import digest, raw_rows, unread
from tests.support.simulated import CHAIN, PRODUCT, SimulatedChain

from genbo.bootstrap.indexer import Indexer
from genbo.kernel import JST, Fault, Reason
from genbo.storage.cursor import Cursor, Cursors
from genbo.storage.engine import Database
from genbo.storage.register import Register

PEOPLE = [an_address(number) for number in range(1, 7)]
START = datetime(2021, 8, 11, 10, tzinfo=JST)
DEPTH = 4_096

PASSING = (Reason.NODE_UNREACHABLE,)
"""How a reading may end while the node misbehaves."""

Step = tuple[Any, ...]


class Killed(BaseException):
    """The process ends here, without a word."""


# Stories ------------------------------------------------------------------------------------------------

_person = st.sampled_from(PEOPLE)
_units = st.integers(0, 30)
_ref = st.integers(0, 30).map(lambda number: f"R{number}")
_some = st.dictionaries(_person, st.integers(1, 20), min_size=1, max_size=3)


def _act(name: str, *arguments: Any, **named: Any) -> Any:
    keys = tuple(named)
    return st.tuples(*arguments, *named.values()).map(
        lambda drawn: (
            name,
            drawn[: len(arguments)],
            dict(zip(keys, drawn[len(arguments) :], strict=True)),
        )
    )


acts = st.one_of(
    _act("transfer", _person, _person, _units),
    _act("transfer", _person, _person, _units, ref=_ref),
    _act("issue", _some, ref=_ref),
    _act("distribute", _some, ref=_ref),
    _act("redeem", _some, ref=_ref),
    _act("split", st.integers(2, 3), ref=_ref),
    _act("freeze", _person, _units),
    _act("freeze_address", _person, st.booleans()),
    _act("lock_up", _person, st.integers(0, 20).map(lambda days: START + timedelta(days=days))),
    _act("force", _person, _person, _units, ref=_ref),
    _act("reverse", _ref, _person, _person, _units, ref=_ref),
    _act("redistribute", _person, _person, _units, incident=_ref),
    _act("redistribute_burned", _ref, _person, _units, incident=_ref),
    _act("rekey", _person, _person, ref=_ref),
    _act("tomorrow", st.integers(1, 3)),
)
_blocks = st.lists(st.lists(acts, max_size=3), min_size=1, max_size=4)
_mine = st.tuples(st.just("mine"), _blocks)
_fork = st.tuples(st.just("fork"), st.integers(1, 12), _blocks)
_mood = st.sampled_from(
    ["away", "error", "wide", "ahead", "twice", "short:1", "short:3", "short:9"]
)

stories: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        _mine,
        _mine,
        _fork,
        st.tuples(st.just("read")),
        st.tuples(st.just("read")),
        st.tuples(st.just("restart"), st.integers(1, 5)),
        st.tuples(st.just("mood"), _mood, st.integers(1, 6)),
        st.tuples(st.just("later"), st.integers(0, 9), st.one_of(_mine, _fork)),
        st.tuples(st.just("killed"), st.integers(0, 40)),
    ),
    max_size=14,
)


# Telling one ----------------------------------------------------------------------------------------------


def a_chain(confirmations: int) -> SimulatedChain:
    """A chain with a product and some life on it; always the same one."""
    ledger = TokenLedger(at=START, product=PRODUCT, beneficiary=PEOPLE[0])
    ledger.verify(*PEOPLE[:5])
    ledger.issue(100, ref="ISSUE")
    ledger.distribute({PEOPLE[1]: 20, PEOPLE[2]: 30}, ref="ALLOT")
    return SimulatedChain(ledger, confirmations=confirmations)


def play(database: Database, story: list[Step], *, confirmations: int, span: int) -> None:
    """Tells the story, and compares. The database has the deployment recorded, and nothing read."""
    chain = a_chain(confirmations)
    deployment = chain.deployment()
    reader = Indexer(chain, database, deployment, span=span, together=1)
    for step in story:
        match step:
            case ("mine", blocks):
                _mine_all(chain, blocks)
            case ("fork", depth, blocks):
                chain.fork(depth, blocks)
            case ("later", questions, (what, *how)):
                act = _mine_all if what == "mine" else lambda c, d, b: c.fork(d, b)
                chain.later(questions, lambda act=act, how=how: act(chain, *how))  # type: ignore[misc]
            case ("mood", mood, times):
                chain.be(mood, times)
            case ("restart", span):
                reader = Indexer(chain, database, deployment, span=span, together=1)
            case ("killed", after):
                with _killed(database, after):
                    _read(reader)
                reader = Indexer(chain, database, deployment, span=span, together=1)
            case ("read",):
                if _read(reader):
                    _require_settled(database, chain)
    chain.calm()
    assert reader.catch_up() == chain.header().stamp
    _require_settled(database, chain)
    _require_what_the_token_has(database, chain)
    on_the_way = digest(database, PRODUCT), raw_rows(database)
    unread(database)
    Indexer(chain, database, deployment).catch_up()
    assert (digest(database, PRODUCT), raw_rows(database)) == on_the_way


def _mine_all(chain: SimulatedChain, blocks: list[list[Any]]) -> None:
    for block in blocks:
        chain.mine(block)


def _read(reader: Indexer) -> bool:
    """Whether a reading came to its end, which it need not while the node misbehaves."""
    try:
        reader.catch_up()
    except Fault as fault:
        if fault.reason not in PASSING:
            raise
        return False
    return True


@contextmanager
def _killed(database: Database, after: int) -> Iterator[None]:
    """Ends the process at the statement or commit of that number, if it comes to it."""
    left = [after]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    events = ("before_cursor_execute", "commit")
    for name in events:
        event.listen(database.engine, name, count)
    try:
        yield
    except Killed:
        pass
    finally:
        for name in events:
            event.remove(database.engine, name, count)


def _cursor(database: Database) -> Cursor:
    with database.read() as connection:
        found = Cursors(connection, CHAIN).get()
    assert found is not None
    return found


def _require_settled(database: Database, chain: SimulatedChain) -> None:
    """What is final was read, stands, and lay as deep as it must at some time."""
    cursor = _cursor(database)
    assert cursor.last is not None
    if cursor.final is not None:
        assert cursor.final.number <= cursor.last.number
        assert cursor.final.number <= chain.highest - chain.finality.confirmations


def _require_what_the_token_has(database: Database, chain: SimulatedChain) -> None:
    """The register is right, and not only the same as another reading of it."""
    with database.read() as connection:
        register = Register(connection, CHAIN)
        held = {each.address: int(each.units) for each in register.positions(PRODUCT)}
        assert int(register.total(PRODUCT)) == chain.ledger.token.supply.total
    for person in PEOPLE:
        assert held.get(person, 0) == chain.ledger.token.account(person).balance
