"""A regression would be noticed: a register of 10,000 holders as of any date (architecture, section 9: 100 ms)."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import text
from tests.storage.builders import CHAIN, P1, Ledger, deploy, stamp

from genbo.storage.engine import Database
from genbo.storage.register import Register

HOLDERS = 10_000


def best_of(times: int, act: Callable[[], object]) -> float:
    """Seconds of the fastest run: what the code costs when the machine is not busy elsewhere."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return min(taken)


@pytest.fixture(scope="module")
def history() -> Ledger:
    """10,000 holders, each with lots of the distribution, and a sale of every tenth later."""
    ledger = Ledger()
    ledger.issue(HOLDERS * 10, ref="I-1")
    for holder in range(2, HOLDERS + 2):
        if holder % 200 == 0:
            ledger.at(holder // 200 + 1)
        ledger.transfer(1, holder, 10)
    for holder in range(2, HOLDERS, 10):
        ledger.at(100 + holder).transfer(holder, holder + 1, 3)
    return ledger


def test_positions__10_000_holders_as_of_a_date__is_read_at_once(
    database: Database, history: Ledger, record_property: Callable[[str, object], None]
) -> None:
    with database.begin() as connection:
        deploy(connection)
        started = time.perf_counter()
        Register(connection, CHAIN).save(history.changes)
        saved = time.perf_counter() - started
    with database.begin() as connection:
        connection.execute(text("ANALYZE"))
    as_of = stamp(90).at
    with database.read() as connection:
        register = Register(connection, CHAIN)
        assert len(register.positions(P1, as_of=as_of)) == HOLDERS + 1
        assert len(register.lots(P1, as_of=as_of)) == HOLDERS
        positions = best_of(8, lambda: register.positions(P1, as_of=as_of))
        lots = best_of(8, lambda: register.lots(P1, as_of=as_of))
    record_property("save_events_per_second", round(len(history.changes) / saved))
    record_property("positions_as_of_ms", round(positions * 1000, 1))
    record_property("lots_as_of_ms", round(lots * 1000, 1))
    # On a machine that does nothing else it is a third of this (`make bench-as-of`); tests share theirs.
    assert positions < 0.3
    assert lots < 0.3
