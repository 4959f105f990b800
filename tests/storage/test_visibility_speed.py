"""Row-level security is affordable: the register of 10,000 holders for its registrar, and for a broker of a tenth.

given a product with 10,000 holders, a tenth of them customers of one broker
├── the registrar's view of the register as of a date should take at most twice the time of the question without it
└── the broker's view should take at most a few milliseconds for each thousand rows it passes by
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, text
from tests.storage.builders import CHAIN, P1, START, account, deploy, investor, stamp
from tests.storage.test_speed import HOLDERS, Ledger, best_of, history
from tests.support.people import B2, R1

from genbo.governance.institutions import InstitutionId
from genbo.storage import bulk
from genbo.storage.engine import Database
from genbo.storage.register import Register
from genbo.storage.tables import investor as investor_table
from genbo.storage.tables import wallet as wallet_table
from genbo.storage.wallets import Wallets

__all__ = ["history"]
AS_OF = stamp(90).at


def _people(connection: Connection) -> None:
    """Every address is somebody's; of ten investors one is a customer of B2."""
    made = {"created_at": START, "created_by": "x", "updated_at": START, "updated_by": "x"}
    people = [investor(f"IV-{number}") for number in range(1, HOLDERS + 2)]
    bulk.insert_new(
        connection,
        investor_table,
        [
            {
                "investor_id": each.investor_id,
                "kind": each.kind,
                "safekeeping_kind": "delegated" if number % 10 == 0 else "direct",
                "safekeeping_id": "B2" if number % 10 == 0 else "B1",
                "custodian_id": "C1" if number % 10 == 0 else None,
                "status": "active",
                "aml_class": "clear",
                "investor_class": 1,
            }
            | made
            for number, each in enumerate(people, start=1)
        ],
    )
    bulk.insert_new(
        connection,
        wallet_table,
        [
            {
                "product_id": P1,
                "address": account(number),
                "investor_id": each.investor_id,
                "valid_from": START,
                "valid_until": None,
            }
            for number, each in enumerate(people, start=1)
        ],
    )


def _register(connection: Connection) -> tuple[int, int, int]:
    register = Register(connection, CHAIN)
    return (
        len(register.positions(P1, as_of=AS_OF)),
        len(register.lots(P1, as_of=AS_OF)),
        len(Wallets(connection).owners(P1)),
    )


def test_viewing__register_of_10_000_holders__costs_at_most_twice(
    database: Database, history: Ledger, record_property: Callable[[str, object], None]
) -> None:
    with database.begin() as connection:
        deploy(connection)
        _people(connection)
        Register(connection, CHAIN).save(history.changes)
    with database.begin() as connection:
        connection.execute(text("ANALYZE"))

    def seconds(institution: InstitutionId) -> tuple[float, tuple[int, int, int]]:
        with database.viewing(institution, at=START) as connection:
            return best_of(5, lambda: _register(connection)), _register(connection)

    with database.read() as connection:
        free, all_of_it = best_of(5, lambda: _register(connection)), _register(connection)
    registrar, seen = seconds(R1.id)
    broker, own = seconds(B2.id)
    for name, value in (("unrestricted", free), ("registrar", registrar), ("broker", broker)):
        record_property(f"{name}_ms", round(value * 1000, 1))
    assert seen == all_of_it == (HOLDERS + 1, HOLDERS, HOLDERS + 1)
    assert own == (HOLDERS // 10, HOLDERS // 10, HOLDERS // 10)
    assert registrar < 2 * free
    assert broker < 1.5
