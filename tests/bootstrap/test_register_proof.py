"""A printout is proved against the register and the ledger, or told where it differs.

given a register that was printed, in each form
├── when the file is as it was issued
│   └── it should be proven, also after units moved on
├── when one byte of it is another
│   └── it should not be proven
├── when a line, a quantity, a name or the head was changed, or a line removed or added
│   └── it should be falsified, and the line, the lot and the field be said; a name never
├── when the same content was saved anew, or the pages were drawn otherwise
│   └── it should be called rewritten
└── when it is no printout at all
    └── it should be `printout_unreadable`, and nothing of it be repeated
given a register that was anchored
├── it should be found on the ledger, once, by its facts; the contract should prove the record
├── it should be found for a certificate and for a broker's part of the same instant too
└── another instant should have no anchor
given an investor who was erased since
└── the old copy should differ in name and address alone, and the anchor should stand
"""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.storage.builders import new_investor
from tests.storage.conftest import TEMPLATE
from tests.support.chain import GENESIS
from tests.support.office import PRODUCT, Firm, found_firm
from tests.support.people import B1

from genbo.bootstrap.erasure import Erasures
from genbo.bootstrap.office import Office
from genbo.bootstrap.people import open_accounts, register_investors
from genbo.bootstrap.register_anchor import anchor_register, find_anchor
from genbo.bootstrap.register_output import Asker, issue_register, make_register
from genbo.bootstrap.register_proof import Genuineness, Proof, prove
from genbo.chain.contracts.register_anchor import AnchorKind, RegisterAnchor
from genbo.chain.embedded import EmbeddedNode
from genbo.compliance.privacy import RetentionRules
from genbo.compliance.reasons import Language
from genbo.governance import AuditAction
from genbo.governance.inspection import inspection_request
from genbo.kernel import Digest, InvestorId, Reason, Reference, Refusal
from genbo.reporting import Extent, Form
from genbo.reporting.excel_form import TABLE
from genbo.reporting.register_forms import rendered
from genbo.storage.audit import AuditLog
from genbo.storage.engine import Database
from genbo.storage.parties import Parties
from genbo.storage.retention import Retention
from genbo.storage.server import EmbeddedServer

AT = datetime(2026, 4, 1, tzinfo=UTC)
ONE, TWO = InvestorId("IV-1"), InvestorId("IV-2")
ASKER = Asker(by="cli:registrar", at=AT)
REQUEST = inspection_request(requester="T-1", reason="x")


@dataclass(frozen=True)
class Case:
    firm: Firm
    held: int
    """A block in which IV-1 holds seven units."""

    @property
    def office(self) -> Office:
        return self.firm.office

    def printed(
        self,
        form: Form,
        *,
        extent: Extent = Extent.FULL,
        language: Language = Language.JA,
        asker: Asker = ASKER,
        holder: InvestorId | None = None,
    ) -> bytes:
        return issue_register(
            self.office,
            PRODUCT,
            as_of=self.held,
            extent=extent,
            form=form,
            language=language,
            request=REQUEST,
            asker=asker,
            holder=holder,
        ).content

    def proof(self, content: bytes) -> Proof:
        return prove(self.office, content, name="register.file", asker=ASKER)


def found_case(database: Database, folder: Path) -> Case:
    firm = found_firm(EmbeddedNode(genesis_at=GENESIS), database, folder)
    office = firm.office
    with database.begin() as connection:
        Parties(connection).handle(PRODUCT, B1.id, at=AT, by="x")
    new = [new_investor(f"IV-{number}") for number in (0, 1, 2)]
    register_investors(office, new, [], by="registrar-1")
    accounts = {each.investor.investor_id: firm.address(n) for n, each in enumerate(new)}
    firm.verify([0, 1, 2])
    open_accounts(office, PRODUCT, accounts, by="registrar-1")
    firm.issue(10)
    for _ in office.distribute(PRODUCT, firm.allotment([1], 7), ref=Reference("D-1")):
        pass
    held = office.now().number
    office.act_as_holder(
        office.token(PRODUCT).transfer(firm.address(2), 7),
        investor=ONE,
        signer=firm.key(1),
        product=PRODUCT,
    )
    return Case(firm, held)


@pytest.fixture(scope="module")
def case(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    server.create_database("proofs", template=TEMPLATE)
    database = Database(server.url("proofs"))
    made = found_case(database, tmp_path_factory.mktemp("proofs"))
    yield made
    made.office.close()
    database.close()
    server.drop_database("proofs")


# As it was issued ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("extent", [Extent.FULL, Extent.REDUCED])
@pytest.mark.parametrize("form", Form)
def test_prove__as_issued__is_proven(
    case: Case, form: Form, extent: Extent, language: Language
) -> None:
    found = case.proof(case.printed(form, extent=extent, language=language))
    assert (found.verdict, found.differences) == (Genuineness.PROVEN, [])
    assert found.register.stamp.number == case.held


@pytest.mark.parametrize("form", Form)
def test_prove__certificate_and_brokers_part__are_proven(case: Case, form: Form) -> None:
    assert case.proof(case.printed(form, holder=ONE)).verdict is Genuineness.PROVEN
    broker = replace(ASKER, institution=B1.id)
    part = case.printed(form, extent=Extent.OWN_CUSTOMERS, asker=broker)
    assert case.proof(part).verdict is Genuineness.PROVEN


def test_prove__units_moved_and_came_back_since__is_still_proven(case: Case) -> None:
    office = case.office
    copies = [case.printed(form) for form in (Form.JSON, Form.PDF)]
    late = make_register(
        office, PRODUCT, as_of=office.now().number, extent=Extent.FULL, asker=ASKER
    )
    for giver, taker in ((2, 1), (1, 2)):
        office.act_as_holder(
            office.token(PRODUCT).transfer(case.firm.address(taker), 3),
            investor=InvestorId(f"IV-{giver}"),
            signer=case.firm.key(giver),
            product=PRODUCT,
        )
    assert all(case.proof(copy).verdict is Genuineness.PROVEN for copy in copies)
    again = make_register(office, PRODUCT, as_of=late.stamp.number, extent=Extent.FULL, asker=ASKER)
    assert again.as_json == late.as_json
    now = make_register(office, PRODUCT, as_of=None, extent=Extent.FULL, asker=ASKER)
    assert now.units == late.units == int(now.total_issued)
    assert now.digest != late.digest


# Falsified -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", Form)
def test_prove__one_byte_is_another__is_not_proven(case: Case, form: Form) -> None:
    content = case.printed(form)
    dice = random.Random(7)
    for place in [0, len(content) - 1, *(dice.randrange(len(content)) for _ in range(25))]:
        changed = bytearray(content)
        changed[place] ^= 1 << dice.randrange(8)
        try:
            found = case.proof(bytes(changed))
        except Refusal:
            continue  # it does not even claim to be of something that there is
        assert found.verdict is not Genuineness.PROVEN, place


def test_prove__json_with_another_quantity__says_which_lot(case: Case) -> None:
    document = json.loads(case.printed(Form.JSON))
    document["lines"][1]["units"] = 70
    (difference,) = case.proof(json.dumps(document).encode()).differences
    assert (difference.line, difference.what, difference.said, difference.true) == (
        2,
        "units",
        "70",
        "7",
    )
    assert difference.lot == document["lines"][1]["lot"]


def test_prove__another_name__says_where_and_never_which(case: Case) -> None:
    for form in (Form.JSON, Form.CSV):
        content = case.printed(form)
        (difference,) = case.proof(
            content.replace("氏名 IV-1".encode(), "偽名".encode())
        ).differences
        assert difference.line == 2
        assert difference.what in ("name", "氏名又は名称")
        assert (difference.said, difference.true) == (None, None)
        assert "偽名" not in repr(difference)


def test_prove__csv_with_a_line_less_or_more__says_which(case: Case) -> None:
    lines = case.printed(Form.CSV).split(b"\r\n")
    less = case.proof(b"\r\n".join([*lines[:-2], b""]))
    (missing,) = less.differences
    assert (missing.line, missing.what, missing.said) == (None, "line", None)
    assert missing.lot == lines[-2].decode().split(",")[5]
    more = case.proof(b"\r\n".join([*lines[:-1], lines[-2], b""]))
    (twice,) = more.differences
    assert (twice.line, twice.what, twice.true) == (3, "line", None)
    assert less.verdict is more.verdict is Genuineness.FALSIFIED


def test_prove__workbook_with_another_day__says_which_lot(case: Case) -> None:
    book = load_workbook(io.BytesIO(case.printed(Form.XLSX)))
    sheet = book[TABLE]
    place = [cell.value for cell in sheet[1]].index("取得日") + 1
    sheet.cell(3, place).value = datetime(2020, 1, 1)  # noqa: DTZ001
    saved = io.BytesIO()
    book.save(saved)
    found = case.proof(saved.getvalue())
    (difference,) = found.differences
    assert (difference.line, difference.what, difference.said) == (2, "取得日", "2020-01-01")
    assert found.verdict is Genuineness.FALSIFIED


def test_prove__head_is_another__is_said(case: Case) -> None:
    content = case.printed(Form.JSON).replace(b'"total_issued":10', b'"total_issued":11')
    (difference,) = case.proof(content).differences
    assert (difference.line, difference.what, difference.said, difference.true) == (
        None,
        "total_issued",
        "11",
        "10",
    )


def test_prove__block_of_another_chain__is_falsified(case: Case) -> None:
    document = json.loads(case.printed(Form.JSON))
    document["block"]["hash"] = "0x" + "ab" * 32
    found = case.proof(json.dumps(document).encode())
    assert [each.what for each in found.differences] == ["block"]


# Rewritten -------------------------------------------------------------------------------------------


def test_prove__workbook_saved_anew__is_rewritten(case: Case) -> None:
    book = load_workbook(io.BytesIO(case.printed(Form.XLSX)))
    saved = io.BytesIO()
    book.save(saved)
    assert case.proof(saved.getvalue()).verdict is Genuineness.REWRITTEN


def test_prove__pages_drawn_otherwise__is_rewritten(case: Case) -> None:
    content = case.printed(Form.PDF)
    assert case.proof(content + b"\n%%EOF\n").verdict is Genuineness.REWRITTEN


# No printout -----------------------------------------------------------------------------------------


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}", bytes(400 * 2**20))
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"[" * 100_000,
        b"%PDF-1.7 nothing",
        b"PK\x03\x04",
        b"#format,genbo.register/1\r\n",
        b'{"format":"genbo.register/2"}',
        "架空 花子".encode("shift_jis"),
        b"\x00" * 100,
    ],
    ids=range(11),
)
def test_prove__no_printout__is_unreadable_and_not_repeated(case: Case, content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        case.proof(content)
    assert refused.value.reason is Reason.PRINTOUT_UNREADABLE
    assert refused.value.facts == {"file": "register.file"}


def test_prove__workbook_that_unpacks_to_a_mountain__is_unreadable(case: Case) -> None:
    with pytest.raises(Refusal) as refused:
        case.proof(_bomb())
    assert refused.value.reason is Reason.PRINTOUT_UNREADABLE


def test_prove__of_a_product_that_is_none__is_refused(case: Case) -> None:
    content = case.printed(Form.JSON).replace(b'"product":"P1"', b'"product":"P7"')
    with pytest.raises(Refusal) as refused:
        case.proof(content)
    assert refused.value.reason is Reason.PRODUCT_UNKNOWN


# Anchored --------------------------------------------------------------------------------------------


def test_anchor__a_register__stands_once_and_is_found_for_every_copy(case: Case) -> None:
    office = case.office
    register = make_register(office, PRODUCT, as_of=case.held, extent=Extent.REDUCED, asker=ASKER)
    assert find_anchor(office, register) is None
    assert case.proof(case.printed(Form.CSV)).anchor is None
    anchored = anchor_register(office, register, now=AT, by="cli:registrar")
    again = anchor_register(office, register, now=AT, by="cli:registrar")
    assert (anchored.already, again.already) == (False, True)
    assert anchored.anchor == again.anchor
    broker = replace(ASKER, institution=B1.id)
    for copy in (
        case.printed(Form.PDF),
        case.printed(Form.XLSX, extent=Extent.REDUCED),
        case.printed(Form.JSON, holder=ONE),
        case.printed(Form.CSV, extent=Extent.OWN_CUSTOMERS, asker=broker),
    ):
        found = case.proof(copy)
        assert found.anchor is not None
        assert found.anchor.root.root == anchored.root.root
    contract = RegisterAnchor(office.house.node, office.deployment.anchor)
    proven = contract.proves(
        AnchorKind.REGISTER,
        anchored.root.subject,
        anchored.root.day,
        record=anchored.root.record,
        proof=[],
    )
    assert proven.value
    later = make_register(office, PRODUCT, as_of=None, extent=Extent.REDUCED, asker=ASKER)
    assert find_anchor(office, later) is None
    with office.house.database.read() as connection:
        (entry,) = AuditLog(connection).entries(action=AuditAction.REGISTER_ANCHORED)
    assert entry.members["facts"]["root"] == anchored.root.root


# Erased ----------------------------------------------------------------------------------------------


def test_erased__old_copy__differs_in_the_name_alone_and_the_anchor_stands(
    database: Database, tmp_path: Path
) -> None:
    case = found_case(database, tmp_path)
    office = case.office
    old = case.printed(Form.JSON)
    register = make_register(office, PRODUCT, as_of=case.held, extent=Extent.FULL, asker=ASKER)
    anchored = anchor_register(office, register, now=AT, by="x")
    with database.begin() as connection:
        Retention(connection).end_relation(
            ONE, ended_on=date(2022, 3, 31), evidence_ref="END-1", at=office.now().at, by="x"
        )
    later = datetime(2060, 4, 2, tzinfo=UTC)
    erasing = Office(replace(office.house, clock=lambda: later), office.deployment)
    erasures = Erasures(erasing, RetentionRules())
    evidence = Digest("0x" + 64 * "e")
    stored = erasures.propose(ONE, ground="RET-1", evidence=evidence, maker="repair-1")
    erasures.approve(stored.id, name="repair-2")
    found = case.proof(old)
    assert found.verdict is Genuineness.FALSIFIED
    assert {each.what for each in found.differences} == {"name", "registered_address", "notes"}
    assert {each.line for each in found.differences} == {2}
    assert found.register.facts_digest == register.facts_digest
    assert found.anchor is not None
    assert found.anchor.anchor == anchored.anchor
    new = case.printed(Form.CSV)
    assert "氏名 IV-1" not in new.decode()
    assert new.decode().count("（消去済 erased 2060-04-02）") == 2
    assert case.proof(new).verdict is Genuineness.PROVEN
    assert rendered(found.register, Form.PDF, Language.JA).startswith(b"%PDF")
    erasing.close()
    office.close()
