"""What a distribution costs in time and memory: holders fixed, amounts and taxes computed, approved, the payment file
made, the bank's answer taken over.

    python -m benchmarks.distribution                 100,000 payees; a few minutes, most of them to register them
    python -m benchmarks.distribution --payees 10000

An embedded PostgreSQL that writes through to the disk and an embedded chain; invented people, the same in every run.
Every payee has a sealed account; the register has one lot for each. Prints one JSON document; seconds are those of the
clock, of Python's processor and of the database's, so that the figures hold on a machine that others use as well.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes import processor_seconds_below
from genbo.bootstrap.distributions import (
    Wanted,
    anchor_distribution,
    approve,
    declare,
)
from genbo.bootstrap.firms import register_firms
from genbo.bootstrap.founding import found_office
from genbo.bootstrap.house import House
from genbo.bootstrap.office import Office
from genbo.bootstrap.payments import Form, import_results, make_file
from genbo.bootstrap.record_dates import anchor_record_date, fix_record_date
from genbo.bootstrap.statements import yearly_statements
from genbo.chain.embedded import EmbeddedNode
from genbo.cli.files.firms import read_firms
from genbo.cli.files.terms import read_terms
from genbo.entitlements import per_unit
from genbo.entitlements.zengin import Remitter
from genbo.kernel import JST, Address, InvestorId, ProductId, Units
from genbo.masters import BankBranch
from genbo.register import LogPosition, RegisterFold, UnitsMoved
from genbo.storage.banks import Banks
from genbo.storage.cursor import Cursors
from genbo.storage.engine import Database
from genbo.storage.folder import lock_folder
from genbo.storage.investors import Investor, Investors, NewInvestor
from genbo.storage.keyfile import development_kek
from genbo.storage.migrations import migrate
from genbo.storage.products import Products
from genbo.storage.register import Register
from genbo.storage.server import embedded_server
from genbo.storage.vault import Vault
from genbo.storage.wallets import Wallet, Wallets
from genbo.token import MovementKind, parse_terms

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "shibuya-jinnan"
PRODUCT = ProductId("BENCH")
BEGINNING = datetime(2021, 8, 10, tzinfo=UTC)
RECORD_DAY = date(2022, 1, 31)
PAYABLE = date(2022, 2, 28)
RUN = "BENCH-1"
BRANCH = BankBranch(
    bank_code="9990",
    bank_name="架空銀行",
    bank_name_kana="ｶｸｳ",
    branch_code="001",
    branch_name="本店",
    branch_name_kana="ﾎﾝﾃﾝ",
)
FORM = Form(
    remitter=Remitter(
        code="1234567890",
        name="ｶｸｳｼﾝﾀｸ",
        bank_code=BRANCH.bank_code,
        bank_name=BRANCH.bank_name_kana,
        branch_code=BRANCH.branch_code,
        branch_name=BRANCH.branch_name_kana,
        account_kind="1",
        account_number="7654321",
    )
)
_AT_ONCE = 5_000


class Taken(NamedTuple):
    """What a step took: seconds of the clock, of Python's processor and of the database's."""

    clock: float
    python: float
    database: float


class Clock:
    """The time, as the benchmark sets it."""

    def __init__(self) -> None:
        self.at = BEGINNING

    def __call__(self) -> datetime:
        return self.at


def measure(payees: int) -> dict[str, object]:
    """Seconds and the most memory so far after each step, and what it came to."""
    said: dict[str, object] = {"payees": payees, "load_before": round(os.getloadavg()[0], 1)}
    steps: dict[str, Taken] = {}
    server_id = 0

    def database_seconds() -> float:
        return processor_seconds_below(server_id) if server_id else 0.0

    def timed(what: str, act: Callable[[], object]) -> None:
        began, worked, asked = time.monotonic(), time.process_time(), database_seconds()
        act()
        taken = Taken(
            time.monotonic() - began,
            time.process_time() - worked,
            max(0.0, database_seconds() - asked),
        )
        steps[what] = taken
        said[f"{what}_seconds"] = [round(each, 1) for each in taken]
        said[f"{what}_memory_mib"] = _memory()

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        folder.mkdir()
        with lock_folder(folder) as locked, embedded_server(locked) as server:
            database = Database(server.url())
            migrate(database)
            server_id = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
            clock = Clock()
            office = _office(database, Path(name), clock)
            timed("registered", lambda: _register(office, payees))
            clock.at = datetime(2022, 2, 1, 9, tzinfo=JST).astimezone(UTC)
            timed("fixed", lambda: fix_record_date(office, PRODUCT, RECORD_DAY, by="bench"))
            timed("holders_anchored", lambda: anchor_record_date(office, PRODUCT, RECORD_DAY))
            wanted = Wanted(
                id=RUN,
                product=PRODUCT,
                record_day=RECORD_DAY,
                amounts=per_unit(income=Decimal("16767.25")),
                why="benchmark",
            )
            timed("declared", lambda: declare(office, wanted, maker="issue-1"))
            timed("approved", lambda: approve(office, RUN, name="issue-2"))
            timed("payees_anchored", lambda: anchor_distribution(office, RUN))
            made = []
            timed("file", lambda: made.append(make_file(office, RUN, FORM, by="bench")))
            timed(
                "results",
                lambda: import_results(office, RUN, 1, [], by="bench", others_paid_on=PAYABLE),
            )
            timed("statements", lambda: yearly_statements(office, 2022, by="bench"))
            said["file_bytes"] = len(made[0].content)
            said["yen"] = made[0].file.total
            parts = ("declared", "approved", "file")
            said["distribution_with_file_seconds"] = [
                round(sum(steps[each][place] for each in parts), 1) for place in range(3)
            ]
            office.close()
            database.close()
    return said


def _office(database: Database, folder: Path, clock: Clock) -> Office:
    house = House(
        node=EmbeddedNode(genesis_at=BEGINNING, clock=clock),
        database=database,
        vault=Vault(development_kek(folder)),
        deployments=folder / "deployments",
        folder=folder,
        clock=clock,
    )
    office = found_office(house, echo=lambda _: None)
    register_firms(house, read_firms(EXAMPLE / "firms.yaml"), at=BEGINNING, by="bench")
    return office


def _register(office: Office, payees: int) -> None:
    """Investors with accounts and wallets, and a register that says what each of them holds."""
    office.read()
    at = office.house.now()
    chain_id = office.deployment.chain_id
    terms = read_terms(EXAMPLE / "product.yaml").as_fields()
    terms |= {"product_id": PRODUCT, "isin": None, "authorised_cap": 10**12}
    with office.house.database.begin() as connection:
        Banks(connection).load([BRANCH], at=at, by="bench", source="0x00")
        products = Products(connection)
        products.add(parse_terms(terms), at=at, by="bench")
        # A token that nobody reads: the register is written below, as the reader would have.
        products.deployed(PRODUCT, chain_id=chain_id, address=_address(0), at=at, by="bench")
    for start in range(0, payees, _AT_ONCE):
        numbers = range(start + 1, min(start + _AT_ONCE, payees) + 1)
        with office.house.database.begin() as connection:
            vault = office.house.vault
            Investors(connection, vault).register(
                [_somebody(number) for number in numbers], at=at, by="bench"
            )
            Wallets(connection).assign(
                [
                    Wallet(
                        product_id=PRODUCT,
                        address=_address(number),
                        investor_id=_id(number),
                        valid_from=at,
                    )
                    for number in numbers
                ],
                at=at,
                by="bench",
            )
    with office.house.database.begin() as connection:
        stamp = Cursors(connection, chain_id).last_before(at + timedelta(days=1))
        assert stamp is not None
        fold = RegisterFold()
        register = Register(connection, chain_id)
        changes = []
        for number in range(1, payees + 1):
            event = UnitsMoved(
                product=PRODUCT,
                position=LogPosition(stamp=stamp, log_index=number, tx="0x" + f"{number:064x}"),
                kind=MovementKind.ISSUE,
                source=None,
                target=_address(number),
                units=Units(number % 97 + 1),
                delivery_date=stamp.business_date,
                ref=None,
                evidence=None,
            )
            changes.append(fold.apply(event))
        register.save(changes)


def _somebody(number: int) -> NewInvestor:
    return NewInvestor(
        investor=Investor(
            investor_id=_id(number),
            kind="individual",
            safekeeping_kind="self",
            investor_class=1,
        ),
        name=f"架空　花子{number}",
        registered_address=f"東京都架空区{number}番地",
        effective=date(2021, 4, 1),
        personal={
            "payee_bank_code": BRANCH.bank_code,
            "payee_bank_name_kana": BRANCH.bank_name_kana,
            "payee_branch_code": BRANCH.branch_code,
            "payee_branch_name_kana": BRANCH.branch_name_kana,
            "payee_account_kind": "1",
            "payee_account_number": f"{number:07}",
            "payee_account_holder_kana": "ｶｸｳ ﾊﾅｺ",
        },
    )


def _id(number: int) -> InvestorId:
    return InvestorId(f"IV-{number:07}")


def _address(number: int) -> Address:
    return Address(f"0x{number:040x}")


def _memory() -> int:
    """The most memory this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payees", type=int, default=100_000)
    figures = measure(parser.parse_args(arguments).payees)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
