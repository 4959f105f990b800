"""The register as each institution gets it, and the record of who got what (R-PROGMAT-VIS-1 to 4, D.2.5).

given the world of tests.support.sight
├── when the registrar's office prints
│   ├── it should have every lot, its holder by the name of that day, and its broker; the sum is total issued
│   ├── it should be the same after everything that happened later, and after masters were changed
│   └── it should leave an inspection with requester and reason, and a reading with its purpose
├── when an institution prints
│   ├── a broker, a custodian, an intermediary: its own customers; else `extent_not_open`
│   ├── an issuer: ids; names under a disclosure, otherwise `purpose_missing`
│   └── whoever sees nothing: `not_found`
├── when one holder's certificate is asked for
│   └── nobody else should be named or read; who holds nothing gets none
└── when the requester is no id, or no reason is given
    └── it should be refused, without repeating what was typed
given holdings and changes between two instants
└── they should add up, from what was to what is
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from tests.storage.builders import CHAIN, stamp, word
from tests.storage.conftest import TEMPLATE
from tests.support.firms import a_contract, a_firm
from tests.support.people import A1, A2, B1, B2, C1, F1, PLATFORM, R1, R2
from tests.support.sight import CUSTOMERS, MOVEMENTS, NOW, P1, P2, furnish

from genbo.bootstrap.listings import changes_listing, holdings_listing
from genbo.bootstrap.printing import print_provenance
from genbo.bootstrap.register_output import Asker, issue_register, make_register
from genbo.compliance.privacy import Purpose
from genbo.compliance.reasons import Language
from genbo.governance import AuditAction
from genbo.governance.inspection import inspection_request
from genbo.governance.institutions import Institution
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters import FirmKind
from genbo.register import LotId
from genbo.reporting import Extent, Form, Note, StatutoryRegister
from genbo.storage import tables
from genbo.storage.audit import AuditLog
from genbo.storage.engine import Database
from genbo.storage.firms import Firms
from genbo.storage.inspections import Inspections
from genbo.storage.investors import Investors
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.products import Products
from genbo.storage.server import EmbeddedServer
from genbo.storage.trust_contracts import TrustContracts
from genbo.storage.vault import Vault

VAULT = Vault(KeyEncryptionKey(bytes(32)))
REQUEST = inspection_request(requester="T-1", reason="基準日の写し")
BLOCK_OF = {ref: number for number, (*_, ref) in enumerate(MOVEMENTS, start=2)}
DISTRIBUTED, TRADED = 7, 14
"""Blocks: P1 is distributed; everybody has traded."""


@dataclass(frozen=True)
class House:
    """A house without a chain: everything that is asked here was read."""

    database: Database
    vault: Vault = VAULT


@dataclass(frozen=True)
class Deployment:
    chain_id: int = CHAIN
    first_block: int = 1


@dataclass(frozen=True)
class Office:
    house: House
    deployment: Deployment = Deployment()


def furnished(server: EmbeddedServer, name: str) -> Iterator[Any]:
    server.create_database(name, template=TEMPLATE)
    database = Database(server.url(name))
    with database.begin() as connection:
        furnish(connection, VAULT)
    yield Office(House(database))
    database.close()
    server.drop_database(name)


@pytest.fixture(scope="module")
def office(server: EmbeddedServer) -> Iterator[Any]:
    yield from furnished(server, "printed")


@pytest.fixture
def own_office(server: EmbeddedServer) -> Iterator[Any]:
    """One that a test may change."""
    yield from furnished(server, "printed_once")


def asker(viewer: Institution | None = None, **more: Any) -> Asker:
    return Asker(by="user-1", at=NOW, institution=None if viewer is None else viewer.id, **more)


def register(
    office: Any, extent: Extent, viewer: Institution | None = None, *, block: int | None = None
) -> StatutoryRegister:
    return make_register(office, P1, as_of=block, extent=extent, asker=asker(viewer))


def units(made: StatutoryRegister) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in made.lines:
        found[str(line.holder)] = found.get(str(line.holder), 0) + int(line.units)
    return found


# The registrar ---------------------------------------------------------------------------------------


def test_office__full__has_every_lot_by_the_name_of_the_day(office: Any) -> None:
    made = register(office, Extent.FULL, block=DISTRIBUTED)
    assert units(made) == {"H0": 40, "H1": 30, "H2": 20, "H3": 10}
    assert made.units == int(made.total_issued) == 100
    by_holder = {line.holder: line for line in made.lines}
    h3 = by_holder[InvestorId("H3")]
    assert (h3.name, h3.registered_address) == ("氏名 H3", "東京都架空区 H3")
    assert (h3.agent, h3.account_keeper) == ("架空B2株式会社", "架空C1株式会社")
    assert by_holder[InvestorId("H0")].notes == (Note.INITIAL_BENEFICIARY,)
    assert by_holder[InvestorId("H1")].ref == "D-1"
    facts = json.loads(made.as_json)
    assert {each["key"] for each in facts["items"]} >= {"trustee", "settlor", "asset_manager"}
    # H3 took another name on 2021-09-01; the blocks are of August.
    later = make_register(
        office, P1, as_of=NOW + timedelta(days=60), extent=Extent.FULL, asker=asker()
    )
    assert {line.name for line in later.lines if line.holder == "H3"} <= {"新氏名 H3"}


def test_office__after_everything_that_came_later__is_the_same_bytes(own_office: Any) -> None:
    before = register(own_office, Extent.FULL, block=DISTRIBUTED)
    at = NOW + timedelta(days=1)
    with own_office.house.database.begin() as connection:
        Investors(connection, VAULT).rename(
            InvestorId("H1"),
            name="改姓後",
            registered_address="転居先",
            effective=date(2022, 3, 1),
            at=at,
            by="x",
        )
        Products(connection).rename(P1, name="新名称", effective=date(2022, 3, 1), at=at, by="x")
        Products(connection).split(P1, factor=10, at=at, by="x")
        firm = a_firm(FirmKind.SETTLOR, "S1")
        Firms(connection, VAULT).change(replace(firm, name="改称後株式会社"), at=at, by="x")
        broker = a_firm(FirmKind.SAFEKEEPING_FIRM, "B1")
        Firms(connection, VAULT).change(replace(broker, name="改称後証券"), at=at, by="x")
        contract = replace(a_contract("TC-1"), name="変更後の信託契約")
        TrustContracts(connection).change(contract, at=at, by="x")
    after = register(own_office, Extent.FULL, block=DISTRIBUTED)
    assert after.as_json == before.as_json
    today = make_register(
        own_office, P1, as_of=at + timedelta(days=400), extent=Extent.FULL, asker=asker()
    )
    told = today.as_json.decode()
    for changed in ("改姓後", "新名称", "改称後株式会社", "改称後証券", "変更後の信託契約"):
        assert changed in told
        assert changed not in before.as_json.decode()


def test_issue__any_form__leaves_an_inspection_and_a_reading(office: Any) -> None:
    issued = issue_register(
        office,
        P1,
        as_of=DISTRIBUTED,
        extent=Extent.FULL,
        form=Form.CSV,
        language=Language.EN,
        request=REQUEST,
        asker=asker(purpose=Purpose.ORDER),
    )
    with office.house.database.read() as connection:
        (kept, *_) = [
            each
            for each in Inspections(connection).all(product=P1)
            if each.id == issued.inspection.id
        ]
        reading = connection.execute(
            select(tables.reading).order_by(tables.reading.c.reading_id.desc()).limit(1)
        ).one()
        entry = list(
            AuditLog(connection).entries(
                subject=issued.inspection.id, action=AuditAction.REGISTER_ISSUED
            )
        )
    assert kept == issued.inspection
    assert (kept.request.requester, kept.request.reason) == ("T-1", "基準日の写し")
    assert (kept.extent, kept.form, kept.language, kept.lots) == ("full", "csv", "en", 4)
    assert kept.facts_digest == issued.register.facts_digest
    assert (reading.purpose, reading.investors) == ("order", ["H0", "H1", "H2", "H3"])
    assert len(entry) == 1
    assert "氏名" not in json.dumps(dict(entry[0].members), default=str, ensure_ascii=False)


def test_inspection__is_never_changed(office: Any) -> None:
    for statement in (
        "UPDATE inspection SET reason = 'x'",
        "DELETE FROM inspection",
        "TRUNCATE inspection",
    ):
        with office.house.database.engine.connect() as connection:
            connection.execute(text("INSERT INTO inspection SELECT 'INS-X', kind, product_id, investor_id, extent,"
                " institution_id, as_of, block, facts_digest, lots, form, language, requester, purpose, reason, at, by"
                " FROM inspection LIMIT 1"))  # fmt: skip
            with pytest.raises(DBAPIError, match="inspection is append only"):
                connection.execute(text(statement))


# Institutions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("viewer", "expected"),
    [
        (B1, {"H1": 30, "H2": 20}),
        (B2, {"H3": 10}),
        (C1, {"H3": 10}),
        (F1, {"H2": 20}),
    ],
    ids=lambda it: getattr(it, "id", ""),
)
def test_own_customers__each_firm__gets_its_own_with_names(
    office: Any, viewer: Institution, expected: dict[str, int]
) -> None:
    made = register(office, Extent.OWN_CUSTOMERS, viewer, block=DISTRIBUTED)
    assert units(made) == expected
    assert int(made.total_issued) == 100
    assert made.institution == viewer.id
    assert {line.name for line in made.lines} == {f"氏名 {who}" for who in expected}
    for extent in (Extent.FULL, Extent.REDUCED):
        with pytest.raises(Refusal) as refused:
            register(office, extent, viewer, block=DISTRIBUTED)
        assert refused.value.reason is Reason.EXTENT_NOT_OPEN


def test_reduced__issuer__is_what_the_registrar_has_without_names(office: Any) -> None:
    issuer = register(office, Extent.REDUCED, A1, block=DISTRIBUTED)
    assert issuer.as_json == register(office, Extent.REDUCED, block=DISTRIBUTED).as_json
    assert issuer.digest == register(office, Extent.FULL, block=DISTRIBUTED).facts_digest
    for personal in ("氏名", "東京都架空区 H", "架空B1"):
        assert personal not in issuer.as_json.decode()


def test_full__issuer__needs_a_disclosure(office: Any) -> None:
    disclosed = register(office, Extent.FULL, A1, block=DISTRIBUTED)
    assert {line.name for line in disclosed.lines} == {f"氏名 H{n}" for n in range(4)}
    with pytest.raises(Refusal) as refused:
        make_register(office, P2, as_of=None, extent=Extent.FULL, asker=asker(A2))
    assert refused.value.reason is Reason.PURPOSE_MISSING


@pytest.mark.parametrize("extent", Extent)
@pytest.mark.parametrize("viewer", [R2, A2, PLATFORM], ids=lambda it: it.id)
def test_register__of_somebody_else__is_not_found(
    office: Any, viewer: Institution, extent: Extent
) -> None:
    with pytest.raises(Refusal) as refused:
        register(office, extent, viewer)
    assert refused.value.reason is Reason.NOT_FOUND


def test_register__its_registrar__gets_what_the_office_gets(office: Any) -> None:
    assert (
        register(office, Extent.FULL, R1, block=TRADED).as_json
        == register(office, Extent.FULL, block=TRADED).as_json
    )
    for viewer in (None, R1):
        with pytest.raises(Refusal) as refused:
            register(office, Extent.OWN_CUSTOMERS, viewer)
        assert refused.value.reason is Reason.EXTENT_NOT_OPEN


# One holder ------------------------------------------------------------------------------------------


def test_certificate__one_holder__names_and_reads_nobody_else(office: Any) -> None:
    issued = issue_register(
        office,
        P1,
        as_of=DISTRIBUTED,
        extent=Extent.FULL,
        form=Form.PDF,
        language=Language.JA,
        request=inspection_request(requester="H2", reason="本人の請求"),
        asker=asker(purpose=Purpose.CERTIFICATE),
        holder=InvestorId("H2"),
    )
    assert units(issued.register) == {"H2": 20}
    assert (issued.inspection.kind, issued.inspection.investor) == ("certificate", "H2")
    with office.house.database.read() as connection:
        reading = connection.execute(
            select(tables.reading).order_by(tables.reading.c.reading_id.desc()).limit(1)
        ).one()
        assert Inspections(connection).all(investor=InvestorId("H2")) == [issued.inspection]
    assert (reading.purpose, reading.investors) == ("certificate", ["H2"])
    with pytest.raises(Refusal) as refused:
        make_register(
            office,
            P1,
            as_of=DISTRIBUTED,
            extent=Extent.FULL,
            asker=asker(),
            holder=InvestorId("H4"),
        )
    assert refused.value.reason is Reason.HOLDING_UNKNOWN


@pytest.mark.parametrize("requester", ["", "架空 花子", "Hanako Kaku", "x" * 65])
def test_request__requester_that_is_no_id__is_refused_and_not_repeated(requester: str) -> None:
    with pytest.raises(Refusal) as refused:
        inspection_request(requester=requester, reason="x")
    assert refused.value.reason in (Reason.FIELD_MISSING, Reason.FIELD_INVALID)
    assert not requester.strip() or requester not in str(refused.value.facts)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_request__no_reason_or_a_novel__is_refused(reason: str) -> None:
    with pytest.raises(Refusal):
        inspection_request(requester="T-1", reason=reason)


# Holdings, changes, provenance -----------------------------------------------------------------------


def test_holdings__any_block__sum_up_to_total_issued(office: Any) -> None:
    for block in range(2, len(MOVEMENTS) + 2):
        listing = holdings_listing(office, P1, as_of=block, asker=asker())
        rows = list(listing.lines())
        assert sum(int(str(row["units"])) for row in rows) == listing.facts["total_issued"]
    one = holdings_listing(office, P1, as_of=DISTRIBUTED, asker=asker(), investor=InvestorId("H2"))
    assert [row["units"] for row in one.lines()] == [20]
    seen = holdings_listing(office, P1, as_of=DISTRIBUTED, asker=asker(B2)).lines()
    assert [row["investor_id"] for row in seen] == ["H3"]


def test_changes__from_one_instant_to_another__lead_from_what_was_to_what_is(office: Any) -> None:
    listing = changes_listing(office, P1, since=DISTRIBUTED, until=None, asker=asker())
    rows = list(listing.lines())
    kinds = [row["kind"] for row in rows]
    assert kinds == ["rekey", "transfer", "transfer", "transfer", "redeem", "redistribute"]
    assert [row["reference"] for row in rows] == ["K-1", "T-1", "T-2", "T-3", "X-1", "X-2"]
    held = {
        str(row["investor_id"]): int(str(row["units"]))
        for row in holdings_listing(office, P1, as_of=DISTRIBUTED, asker=asker()).lines()
    }
    for row in rows:
        for side in ("from", "to"):
            if row[f"{side}_account"] is None:
                continue
            who = str(row[f"{side}_investor_id"])
            moved = int(str(row[f"{side}_after"])) - int(str(row[f"{side}_before"]))
            assert abs(moved) == row["units"]
            held[who] = held.get(who, 0) + moved
    now = {
        str(row["investor_id"]): int(str(row["units"]))
        for row in holdings_listing(office, P1, as_of=None, asker=asker()).lines()
    }
    assert {who: count for who, count in held.items() if count} == now
    assert (listing.facts["total_before"], listing.facts["total_after"]) == (100, 100)
    first = rows[1]
    assert (first["from_investor_id"], first["from_before"], first["from_after"]) == ("H1", 30, 23)
    assert (first["to_investor_id"], first["to_before"], first["to_after"]) == ("H3", 10, 17)
    with pytest.raises(Refusal) as refused:
        changes_listing(office, P1, since=TRADED, until=DISTRIBUTED, asker=asker())
    assert refused.value.reason is Reason.FIELD_INVALID


def test_changes__for_a_broker__show_its_customers_side_alone(office: Any) -> None:
    listing = changes_listing(office, P1, since=DISTRIBUTED, until=None, asker=asker(B2))
    rows = [
        (row["reference"], row["from_investor_id"], row["to_investor_id"])
        for row in listing.lines()
    ]
    assert rows == [("T-1", None, "H3"), ("T-2", "H3", None)]
    with pytest.raises(Refusal) as refused:
        changes_listing(office, P1, since=DISTRIBUTED, until=None, asker=asker(R2))
    assert refused.value.reason is Reason.NOT_FOUND


@pytest.mark.parametrize("form", Form)
def test_listings__any_form__are_the_same_bytes_twice_and_name_nobody(
    office: Any, form: Form
) -> None:
    for language in Language:
        twice = [
            [
                changes_listing(office, P1, since=2, until=None, asker=asker()).rendered(
                    form, language
                ),
                holdings_listing(office, P1, as_of=None, asker=asker()).rendered(form, language),
            ]
            for _ in range(2)
        ]
        assert twice[0] == twice[1]
        assert not any("氏名".encode() in each for each in twice[0])


def test_provenance__one_lot_or_one_holder__goes_back_to_the_issue(office: Any) -> None:
    document = print_provenance(office, P1, as_of=None, holder=InvestorId("H4"))
    assert sum(int(each.lot.units) for each in document.lots) == 12
    for each in document.lots:
        assert [str(step.lot.ref) for step in each.steps][:1] == ["I-1"]
        assert each.steps[-1].lot.ref == "T-2"
        one = print_provenance(office, P1, as_of=None, lot=each.lot.id)
        assert [found.steps for found in one.lots] == [each.steps]
    for wrong in (LotId(2, 0, 9), LotId(9_999, 0, 0)):
        with pytest.raises(Refusal) as refused:
            print_provenance(office, P1, as_of=None, lot=wrong)
        assert refused.value.reason is Reason.LOT_UNKNOWN
    with pytest.raises(Refusal) as refused:
        print_provenance(office, P1, as_of=None, holder=InvestorId("H5"))
    assert refused.value.reason is Reason.HOLDING_UNKNOWN


def test_world__what_the_tests_assume__is_so() -> None:
    assert BLOCK_OF["D-1"] == DISTRIBUTED
    assert BLOCK_OF["T-3"] == TRADED
    assert set(CUSTOMERS) >= {InvestorId("H5")}
    assert stamp(2).hash != word(2)
