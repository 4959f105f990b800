"""What telling institutions costs: a bulk act of 100,000 entries, single transfers, and posting to webhooks.

    python -m benchmarks.notices                  100,000 entries, 20,000 transfers, 4,000 posts; a minute or two
    python -m benchmarks.notices --quick          a tenth of it

An embedded PostgreSQL that writes through to the disk; a receiver on loopback in a process of its own, with ten
products. Customers of two brokers: an entry is told to the registrar and to the broker.
Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection as Pipe
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import text

from benchmarks.market import BEGINNING, CHAIN_ID, FIRST_BLOCK, PRODUCT, TOKEN_ADDRESS, stamp
from benchmarks.registry import DEPLOYMENT, registry
from genbo.bootstrap.firms import FirmsFile, write_firms
from genbo.bootstrap.notices import TellNotices
from genbo.bootstrap.office import Office
from genbo.bootstrap.webhook_post import PostNotices
from genbo.bootstrap.webhooks import WebhookDesk
from genbo.chain import decode
from genbo.chain.hexes import address_bytes, address_of
from genbo.governance.institutions import InstitutionId, InstitutionRole, institution
from genbo.governance.notices import NoticeType, Telling
from genbo.kernel import Address, InvestorId, ProductId, to_bytes32
from genbo.masters import Firm, FirmKind
from genbo.storage.cursor import Cursors
from genbo.storage.engine import Database
from genbo.storage.events import Events, RawEvent
from genbo.storage.investors import Investor, Investors, NewInvestor
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.notices import Notices
from genbo.storage.parties import Parties
from genbo.storage.vault import Vault
from genbo.storage.wallets import Wallet, Wallets
from genbo.token import MovementKind

ROWS = 200
"""Entries of one transaction of the bulk act."""
PRODUCTS = 10
"""Products of what is posted."""
_AT_ONCE = 5_000
_BROKERS = ("B-1", "B-2")
_INTERMEDIARY = "F-1"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    part = 10 if parser.parse_args(arguments).quick else 1
    figures = measure(entries=100_000 // part, transfers=20_000 // part, posts=4_000 // part)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def measure(*, entries: int, transfers: int, posts: int) -> dict[str, object]:
    said: dict[str, object] = {"entries": entries, "transfers": transfers, "posts": posts}

    def timed(what: str, count: int, act: Callable[[], object]) -> None:
        began = time.monotonic()
        act()
        seconds = time.monotonic() - began
        said[f"{what}_seconds"] = round(seconds, 2)
        said[f"{what}_per_second"] = round(count / seconds)

    with registry() as made:
        database, vault = made.database, Vault(KeyEncryptionKey(bytes(32)))
        _people(database, vault, entries)
        office = _office(database, vault)
        block = _bulk_act(database, entries)
        timed("bulk_told", entries, lambda: _tell(office))
        said["bulk_notices"] = _count(database)
        _single_transfers(database, transfers, block + 1)
        timed("transfers_told", transfers, lambda: _tell(office))
        said["transfer_notices"] = _count(database) - cast(int, said["bulk_notices"])
        said["notice_table_mib"] = _size(database)
        with Receiver() as (url, received):
            _post(office, url, posts, received, timed)
    return said


def _tell(office: Office) -> None:
    telling = TellNotices(office)
    while telling.step():
        pass


def _office(database: Database, vault: Vault) -> Office:
    """As much of an office as telling and posting need."""
    house = SimpleNamespace(
        database=database, vault=vault, webhook_networks=(), now=lambda: BEGINNING
    )
    return cast(Office, SimpleNamespace(house=house, deployment=DEPLOYMENT))


# What there is ---------------------------------------------------------------------------------------


def _people(database: Database, vault: Vault, count: int) -> None:
    firms = FirmsFile(
        digest="0x00",
        institutions=[
            *(
                institution(id=InstitutionId(each), role=InstitutionRole.DIRECT_BROKER)
                for each in _BROKERS
            ),
            institution(id=InstitutionId(_INTERMEDIARY), role=InstitutionRole.INTERMEDIARY),
        ],
        branches=[],
        firms=[
            Firm(kind=FirmKind.SAFEKEEPING_FIRM, id=each, name=each, registered_address="Bench")
            for each in _BROKERS
        ],
        contracts=[],
    )
    with database.begin() as connection:
        write_firms(connection, vault, firms, at=BEGINNING, by="bench")
    for start in range(0, count, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, count))
        with database.begin() as connection:
            Investors(connection, vault).register(
                [_investor(number) for number in numbers], at=BEGINNING, by="bench"
            )
            Wallets(connection).assign(
                [
                    Wallet(
                        product_id=ProductId(PRODUCT),
                        address=_address(number),
                        investor_id=InvestorId(f"IV-{number:07}"),
                        valid_from=BEGINNING,
                    )
                    for number in numbers
                ],
                at=BEGINNING,
                by="bench",
            )
    with database.begin() as connection:
        Parties(connection).introduce(
            InvestorId("IV-0000000"),
            InstitutionId(_INTERMEDIARY),
            consents_to_sight=False,
            at=BEGINNING,
            by="bench",
        )


def _investor(number: int) -> NewInvestor:
    return NewInvestor(
        investor=Investor(
            investor_id=InvestorId(f"IV-{number:07}"),
            kind="individual",
            safekeeping_kind="direct",
            safekeeping_id=_BROKERS[number % 2],
            broker_customer_id=f"N-{number}",
            investor_class=1,
        ),
        name=f"見本 {number}",
        registered_address=f"東京都架空区 {number}",
        effective=date(2026, 4, 1),
    )


def _address(number: int) -> Address:
    return address_of((0x1000_0000 + number).to_bytes(20, "big"))


_ISSUER = address_of(bytes(19) + b"\x77")


def _bulk_act(database: Database, entries: int) -> int:
    """A distribution, 200 rows a transaction, five transactions a block; the last block."""
    acts = []
    for start in range(0, entries, ROWS):
        numbers = range(start, min(start + ROWS, entries))
        head = len(numbers).to_bytes(32, "big") + bytes(64)
        kind = int(MovementKind.DISTRIBUTE).to_bytes(32, "big")
        logs = [((decode.MOVEMENT, to_bytes32("BULK"), kind), head)]
        logs += [_transfer(_ISSUER, _address(number)) for number in numbers]
        acts.append(logs)
    return _mine(database, acts, per_block=5, first=FIRST_BLOCK + 1)


def _single_transfers(database: Database, count: int, first: int) -> int:
    acts = [[_transfer(_address(n % 997), _address(n % 991 + 1))] for n in range(count)]
    return _mine(database, acts, per_block=100, first=first)


_Log = tuple[tuple[bytes, ...], bytes]


def _transfer(source: Address, target: Address) -> _Log:
    topics = (
        decode.TRANSFER,
        bytes(12) + address_bytes(source),
        bytes(12) + address_bytes(target),
    )
    return topics, (7).to_bytes(32, "big")


def _mine(database: Database, acts: Sequence[Sequence[_Log]], *, per_block: int, first: int) -> int:
    block = first
    for start in range(0, len(acts), per_block):
        events = list(_events(acts[start : start + per_block], block, start))
        with database.begin() as connection:
            cursors = Cursors(connection, CHAIN_ID)
            cursors.start(FIRST_BLOCK)
            Events(connection, CHAIN_ID).append(events)
            cursors.move(stamp(block))
            cursors.settle(stamp(block))
        block += 1
    return block - 1


def _events(acts: Sequence[Sequence[_Log]], block: int, begin: int) -> Iterator[RawEvent]:
    index = 0
    for number, logs in enumerate(acts, start=begin):
        for topics, data in logs:
            yield RawEvent(
                stamp=stamp(block),
                log_index=index,
                tx=f"0x{block:032x}{number:032x}",
                address=TOKEN_ADDRESS,
                topics=topics,
                data=data,
            )
            index += 1


def _count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM notice")) or 0)


def _size(database: Database) -> float:
    with database.read() as connection:
        size = connection.scalar(text("SELECT pg_total_relation_size('notice')"))
    return round(int(size or 0) / 2**20, 1)


# Posting ---------------------------------------------------------------------------------------------


def _post(
    office: Office,
    url: str,
    count: int,
    received: Callable[[], int],
    timed: Callable[[str, int, Callable[[], object]], None],
) -> None:
    at = BEGINNING + timedelta(days=1)
    to = InstitutionId(_BROKERS[0])
    WebhookDesk(office, to, by="bench", at=at).register("bench", url=url)
    with office.house.database.begin() as connection:
        Notices(connection).tell(
            [
                Telling(
                    institution=to,
                    product=ProductId(f"P{number % PRODUCTS}"),
                    type=NoticeType.PRODUCT_STATUS,
                    occurred_at=at,
                    stamp=None,
                    final=True,
                    data={"from": "set", "to": "distributed"},
                )
                for number in range(count)
            ]
        )
    stop = threading.Event()
    posting = threading.Thread(target=PostNotices(office).work, args=(stop,))

    def all_of_it() -> None:
        posting.start()
        while received() < count:
            time.sleep(0.01)

    timed("posted", count, all_of_it)
    stop.set()
    posting.join()


class Receiver:
    """A receiving system in a process of its own."""

    def __enter__(self) -> tuple[str, Callable[[], int]]:
        ours, theirs = multiprocessing.Pipe()
        self._count = multiprocessing.Value("q", 0)
        self._process = multiprocessing.Process(target=_receive, args=(theirs, self._count))
        self._process.start()
        port = ours.recv()
        return f"http://127.0.0.1:{port}/in", lambda: int(self._count.value)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()


def _receive(theirs: Pipe, count: Any) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            with count.get_lock():
                count.value += 1

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    theirs.send(server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
