"""Documents of the register are the same bytes every time, and complete.

given the common fixture on its record date (D.2.1, D.2.5)
    it should list 503 holders and 1,453 units with the day each was acquired
given the same facts in another order
    it should give the same bytes and the same digest
given another fact
    it should give another digest
given a name that looks like a formula
    it should not become one when the CSV file is opened
"""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from tests.support.ledger import TokenLedger, an_address

from genbo.kernel import JST, InvestorId, end_of_day
from genbo.register import RegisterFold, lines, provenance
from genbo.register.as_of import lots_as_of, total_as_of
from genbo.register.memory import MemoryRegister
from genbo.reporting.provenance_document import KIND_NAMES, Provenance, ProvenanceDocument
from genbo.reporting.register_document import RegisterDocument, RegisterLine
from genbo.token.movement import MovementKind

SETTLOR = an_address(1)
HOLDERS = {an_address(1_000 + number): number for number in range(1, 504)}
RECORD_DATE = end_of_day(date(2022, 1, 31))


@pytest.fixture(scope="module")
def ledger() -> TokenLedger:
    ledger = TokenLedger(at=datetime(2021, 8, 11, 10, tzinfo=JST), beneficiary=SETTLOR)
    quantities = {1: 2, 2: 51, 3: 400}
    allotment = {address: quantities.get(number, 2) for address, number in HOLDERS.items()}
    ledger.verify(SETTLOR, *allotment)
    ledger.issue(1_453, ref="ISSUE")
    ledger.distribute(allotment, ref="ALLOT")
    ledger.now = RECORD_DATE + timedelta(seconds=1)
    ledger.transfer(an_address(1_002), an_address(1_001), 3, ref="T-1")
    return ledger


@pytest.fixture(scope="module")
def document(ledger: TokenLedger) -> RegisterDocument:
    register = RegisterFold()
    history = [register.apply(event) for event in ledger.events]
    lots = lots_as_of(history, product=ledger.product, at=RECORD_DATE)
    return RegisterDocument(
        product=ledger.product,
        product_name="試験銘柄",
        as_of=RECORD_DATE,
        stamp=ledger.events[-2].position.stamp,
        total=total_as_of(history, product=ledger.product, at=RECORD_DATE),
        lines=tuple(
            RegisterLine(
                holder=InvestorId(f"H{HOLDERS[line.address]}"),
                name=f"名義{HOLDERS[line.address]}",
                registered_address="東京都",
                account=line.address,
                units=line.units,
                acquired=line.acquired,
            )
            for line in lines(lots)
        ),
    )


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_register__record_date__lists_503_holders_and_1453_units(
    document: RegisterDocument,
) -> None:
    rows = table(document.as_csv())
    assert len(rows) == document.holders == 503
    assert sum(int(row["units"]) for row in rows) == document.total == 1_453
    assert {row["acquired"] for row in rows} == {"2021-08-11"}
    written = json.loads(document.as_json())
    assert written["as_of_jst"] == "2022-02-01T00:00:00+09:00"
    assert written["holders"] == 503
    assert written["block"]["number"] == document.stamp.number


def test_register__lines_in_another_order__is_the_same_bytes(document: RegisterDocument) -> None:
    turned = replace(document, lines=tuple(reversed(document.lines)))
    assert turned.as_csv() == document.as_csv()
    assert turned.as_json() == document.as_json()
    assert document.digest() == "0x" + hashlib.sha256(document.as_json()).hexdigest()


def test_register__another_unit__has_another_digest(document: RegisterDocument) -> None:
    first, *rest = document.lines
    other = replace(document, lines=(replace(first, units=first.units + 1), *rest))
    assert other.digest() != document.digest()


@pytest.mark.parametrize("name", ["=1+1", "+81", "-1", "@x"])
def test_register__name_like_a_formula__is_only_text_in_the_csv(
    document: RegisterDocument, name: str
) -> None:
    line = replace(document.lines[0], name=name)
    odd = replace(document, lines=(line,))
    assert table(odd.as_csv())[0]["name"] == "'" + name
    assert json.loads(odd.as_json())["lines"][0]["name"] == name


def test_provenance__every_lot__goes_back_to_the_issue(ledger: TokenLedger) -> None:
    register = RegisterFold()
    memory = MemoryRegister([register.apply(event) for event in ledger.events])
    lots = list(register.lots(ledger.product))
    chains = [
        Provenance(
            lot=lot, steps=provenance(lot, lambda lot_id: memory.lot(ledger.product, lot_id))
        )
        for lot in lots
    ]
    document = ProvenanceDocument(
        product=ledger.product,
        as_of=ledger.now + timedelta(days=1),
        stamp=ledger.events[-1].position.stamp,
        lots=chains,
        investors={address: InvestorId(f"H{number}") for address, number in HOLDERS.items()},
    )
    written = json.loads(document.as_json())
    assert written["units"] == 1_453
    assert all(lot["steps"][0]["kind"] == "issue" for lot in written["lots"])
    sold = [row for row in table(document.as_csv()) if row["kind"] == "transfer"]
    assert [(row["from_investor_id"], row["to_investor_id"], row["units"]) for row in sold] == [
        ("H2", "H1", "3")
    ]
    assert sold[0]["kind_ja"] == "移転"
    assert sold[0]["reference"] == "T-1"
    assert sold[0]["at_jst"].startswith("2022-02-01T00:00:01")
    turned = replace(document, lots=list(reversed(chains)))
    assert (turned.as_csv(), turned.digest()) == (document.as_csv(), document.digest())


def test_kind_names__every_kind_of_movement__has_one() -> None:
    assert set(KIND_NAMES) == set(MovementKind) - {MovementKind.NONE}
