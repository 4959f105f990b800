"""Three formats of sanctions lists, the same entries; a bad file is refused whole, by its place.

given one invented list in OpenSanctions CSV, FollowTheMoney JSON lines and OFAC SDN XML
├── it should give the same entries, the digest of the file and the day of publication
└── it should be screened against with the same result
given a file that is wrong
└── it should be refused with line, column or element, and no value of it
given a file that attacks the reader
└── it should be refused: entities, a document type, depth, a text or a line without end
given any bytes in place of some of a good file's
└── it should be a list or a refusal, nothing else
given 100 MB
└── it should be read in bounded memory
"""

import hashlib
import json
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.screening import customer, screened

from genbo.compliance.screening import Kind, Listed, Outcome, SanctionsList
from genbo.kernel import Fault, Reason, Refusal
from genbo.providers.sanctions import read_followthemoney, read_ofac_sdn, read_opensanctions_csv
from genbo.providers.sanctions.file import LINE_AT_MOST, TEXT_AT_MOST
from genbo.providers.sanctions.words import iso_births, worded_births

DAY = date(2026, 4, 1)
ENTRIES = (
    Listed(
        id="7001",
        kind=Kind.PERSON,
        names=("Omu Karimo ZALTO", "Omu ZALTU"),
        births=("1960-05-03",),
        programs=("EXAMPLE",),
    ),
    Listed(
        id="7002", kind=Kind.ORGANISATION, names=("EXEMPLO TRADING CO., LTD.",), programs=("A", "B")
    ),
    Listed(id="7003", kind=Kind.OTHER, names=("MIDNIGHT EXAMPLE",)),
)

TITLES = (
    "id schema name aliases birth_date countries addresses identifiers sanctions phones emails "
    "program_ids dataset first_seen last_seen last_change"
)
COLUMNS = TITLES.split()
SEEN = ("Example List", "2026-01-01", "2026-04-01", "2026-03-01")
PERSON = ("7001", "Person", "Omu Karimo ZALTO", "Omu ZALTU", "1960-05-03", "xx")
CELLS = (
    COLUMNS,
    (*PERSON, "1 Example St;2 Example St", "", "Example; 2026", "", "", "EXAMPLE", *SEEN),
    ("7002", "Company", "EXEMPLO TRADING CO., LTD.", *[""] * 8, "A;B", *SEEN),
    ("7003", "Vessel", "MIDNIGHT EXAMPLE", *[""] * 9, *SEEN),
)
CSV = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in CELLS)

NAMESPACE = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML"
FTM = "".join(
    json.dumps(each) + "\n"
    for each in (
        {
            "id": "7001",
            "caption": "Omu Karimo ZALTO",
            "schema": "Person",
            "properties": {
                "name": ["Omu Karimo ZALTO"],
                "weakAlias": ["Omu ZALTU"],
                "birthDate": ["1960-05-03"],
                "sanctions": [
                    {"id": "s", "schema": "Sanction", "properties": {"programId": ["EXAMPLE"]}}
                ],
            },
            "datasets": ["example"],
            "target": True,
        },
        {"id": "a-1", "schema": "Address", "properties": {"full": ["1 Example St"]}},
        {
            "id": "k-1",
            "schema": "Person",
            "properties": {"name": ["A relative"]},
            "target": False,
        },
        {
            "id": "7002",
            "schema": "Company",
            "properties": {"name": ["EXEMPLO TRADING CO., LTD."], "programId": ["A", "B"]},
            "target": True,
        },
        {
            "id": "7003",
            "schema": "Vessel",
            "properties": {"name": ["MIDNIGHT EXAMPLE"]},
            "target": True,
        },
    )
)

XML = f"""\
<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="{NAMESPACE}">
  <publshInformation>
    <Publish_Date>04/01/2026</Publish_Date>
    <Record_Count>3</Record_Count>
  </publshInformation>
  <sdnEntry>
    <uid>7001</uid>
    <firstName>Omu Karimo</firstName>
    <lastName>ZALTO</lastName>
    <sdnType>Individual</sdnType>
    <programList>
      <program>EXAMPLE</program>
    </programList>
    <akaList>
      <aka>
        <uid>1</uid>
        <type>a.k.a.</type>
        <category>weak</category>
        <lastName>ZALTU</lastName>
        <firstName>Omu</firstName>
      </aka>
    </akaList>
    <dateOfBirthList>
      <dateOfBirthItem>
        <uid>2</uid>
        <dateOfBirth>03 May 1960</dateOfBirth>
        <mainEntry>true</mainEntry>
      </dateOfBirthItem>
    </dateOfBirthList>
  </sdnEntry>
  <sdnEntry>
    <uid>7002</uid>
    <lastName>EXEMPLO TRADING CO., LTD.</lastName>
    <sdnType>Entity</sdnType>
    <programList>
      <program>A</program>
      <program>B</program>
    </programList>
  </sdnEntry>
  <sdnEntry>
    <uid>7003</uid>
    <lastName>MIDNIGHT EXAMPLE</lastName>
    <sdnType>Vessel</sdnType>
  </sdnEntry>
</sdnList>
"""


def read_csv(path: Path) -> SanctionsList:
    return read_opensanctions_csv(path, name="example", published=DAY)


def read_ftm(path: Path) -> SanctionsList:
    return read_followthemoney(path, name="example", published=DAY)


def read_xml(path: Path) -> SanctionsList:
    return read_ofac_sdn(path, name="example")


Reader = Callable[[Path], SanctionsList]
FORMATS = [
    pytest.param(read_csv, CSV, id="csv"),
    pytest.param(read_ftm, FTM, id="ftm"),
    pytest.param(read_xml, XML, id="xml"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.txt"


@pytest.mark.parametrize(("reader", "text"), FORMATS)
def test_read__the_same_list_in_each_format__gives_the_same_entries(
    reader: Reader, text: str, file: Path
) -> None:
    file.write_text(text, "utf-8")
    got = reader(file)
    assert got.entries == ENTRIES
    assert (got.version.name, got.version.published, got.version.entries) == ("example", DAY, 3)
    assert got.version.digest == "0x" + hashlib.sha256(file.read_bytes()).hexdigest()
    assert screened(customer("Zalto Omu Karimo"), got).outcome is Outcome.HIT


def test_read__csv_with_mark_and_windows_line_ends__is_the_same(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode())
    assert read_csv(file).entries == ENTRIES


def test_read__csv_of_the_older_columns__has_no_programs(file: Path) -> None:
    file.write_text('id,schema,name,aliases,birth_date\n1,LegalEntity,Zalto,"",1960-05\n', "utf-8")
    assert read_csv(file).entries == (
        Listed(id="1", kind=Kind.UNKNOWN, names=("Zalto",), births=("1960-05",)),
    )


def test_read__ftm_with_parts_of_a_name_alone__composes_it(file: Path) -> None:
    person = {"firstName": ["Omu"], "lastName": ["Zalto"]}
    file.write_text(json.dumps({"id": "1", "schema": "Person", "properties": person}), "utf-8")
    assert read_ftm(file).entries[0].names == ("Omu Zalto",)


BAD = [
    (read_csv, "", {"line": 1, "field": "id"}),
    (read_csv, CSV.splitlines()[0] + "\n", {}),
    (read_csv, CSV.replace('"birth_date"', '"born"'), {"line": 1, "field": "birth_date"}),
    (read_csv, CSV.replace('"emails"', '"phones"'), {"line": 1}),
    (read_csv, CSV.replace('"7003","Vessel",', '"Vessel",'), {"line": 4}),
    (read_csv, CSV.replace('"7003"', '"7001"'), {"line": 4}),
    (read_csv, CSV.replace('"7002"', '""'), {"line": 3}),
    (read_csv, CSV.replace('"Omu Karimo ZALTO","Omu ZALTU"', '"",""'), {"line": 2}),
    (read_csv, CSV.replace('"Omu Karimo ZALTO"', f'"{"Z" * 5000}"'), {"line": 2}),
    (read_csv, CSV + '"7004","Person","open', {"line": 5}),
    (read_ftm, "", {}),
    (read_ftm, FTM + "{", {"line": 6}),
    (read_ftm, "[]\n", {"line": 1}),
    (read_ftm, FTM.replace('"7001"', "7001"), {"line": 1, "field": "id"}),
    (read_ftm, FTM.replace('["Omu ZALTU"]', '"Omu ZALTU"'), {"line": 1, "field": "weakAlias"}),
    (read_ftm, FTM.replace('"7003"', '"7001"'), {"line": 5}),
    (read_ftm, '{"id":"1","schema":"Person"}', {"line": 1, "field": "properties"}),
    (read_ftm, '{"id":"1","schema":"Person","properties":{}}', {"line": 1}),
    (read_ftm, '{"id":"1","properties":{}}', {"line": 1, "field": "schema"}),
    (read_ftm, FTM.replace("Omu ZALTU", r"Omu\u0000ZALTU"), {"line": 1}),
    (read_ftm, FTM.replace('"7001"', f'"{"7" * 3000}"'), {"line": 1}),
    (read_xml, "", {"line": 1}),
    (read_xml, XML[: XML.index("</dateOfBirthItem>")], {"line": 29}),
    (read_xml, "<other/>", {"line": 1, "element": ""}),
    (read_xml, XML.replace(">3<", ">4<"), {"element": "Record_Count"}),
    (read_xml, XML.replace("04/01/2026", "2026-04-01"), {"element": "Publish_Date"}),
    (read_xml, XML.replace("04/01/2026", "13/41/2026"), {"element": "Publish_Date"}),
    (read_xml, XML.replace("Vessel", "Ghost"), {"line": 45, "field": "sdnType"}),
    (read_xml, XML.replace("7003", "7001"), {"line": 45, "element": "sdnList/sdnEntry"}),
    (read_xml, XML.replace("MIDNIGHT EXAMPLE", "Z" * (TEXT_AT_MOST + 1)), {"line": 43}),
    (read_xml, XML.replace("<sdnType>Vessel", "<a>" * 20 + "<sdnType>Vessel"), {"line": 44}),
    (read_xml, XML.replace("1.0", "1.0\" encoding=\"x-none"), {}),
]  # fmt: skip


@pytest.mark.parametrize(("reader", "text", "where"), BAD, ids=range(len(BAD)))
def test_read__a_bad_file__is_refused_by_its_place_without_its_values(
    reader: Reader, text: str, where: dict[str, object], file: Path
) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(Refusal) as refused:
        reader(file)
    assert refused.value.reason is Reason.SCREENING_LIST_INVALID
    facts = refused.value.facts
    assert {name: facts.get(name) for name in where} == where
    assert "ZALT" not in str(refused.value).upper()


@pytest.mark.parametrize("reader", [read_csv, read_ftm])
def test_read__not_utf8__is_refused(reader: Reader, file: Path) -> None:
    file.write_bytes(CSV.encode().replace(b"MIDNIGHT", b"\x83\x7f\xff"))
    with pytest.raises(Refusal) as refused:
        reader(file)
    assert refused.value.reason is Reason.SCREENING_LIST_INVALID


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE sdnList [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE sdnList SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE sdnList [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    ],
)
def test_read__xml_with_a_document_type__is_refused(doctype: str, file: Path) -> None:
    file.write_text(XML.replace("?>\n", f"?>\n{doctype}\n", 1), "utf-8")
    with pytest.raises(Refusal) as refused:
        read_xml(file)
    assert refused.value.facts["problem"] == "a document type or an entity"


@pytest.mark.parametrize("reader", [read_csv, read_ftm])
def test_read__a_line_without_end__is_refused(reader: Reader, file: Path) -> None:
    file.write_text("x" * (LINE_AT_MOST + 10), "utf-8")
    with pytest.raises(Refusal) as refused:
        reader(file)
    assert refused.value.facts["problem"] == "a line that is too long"


@pytest.mark.parametrize("reader", [read_csv, read_ftm, read_xml])
def test_read__no_file__is_a_fault(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(Fault) as fault:
        reader(tmp_path / "none.csv")
    assert fault.value.reason is Reason.FILE_UNREADABLE


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    case=st.sampled_from(FORMATS),
    at=st.floats(0, 1),
    instead=st.binary(max_size=12),
    cut=st.integers(0, 20),
)
def test_read__any_bytes_within__is_a_list_or_a_refusal(
    case: object, at: float, instead: bytes, cut: int, file: Path
) -> None:
    reader, text = case.values  # type: ignore[attr-defined]
    good = text.encode()
    here = int(at * len(good))
    file.write_bytes(good[:here] + instead + good[here + cut :])
    reason = None
    try:
        assert reader(file).entries
    except Refusal as refusal:
        reason = refusal.reason
    assert reason in (None, Reason.SCREENING_LIST_INVALID)


def test_read__xml_of_100_mb__is_read_in_bounded_memory(file: Path) -> None:
    address = f"<addressList><address><city>{'Example ' * 12_000}</city></address></addressList>"
    head, tail = XML.split("    <sdnType>Vessel</sdnType>\n")
    with file.open("w", encoding="utf-8") as out:
        out.write(head)
        for _ in range(1_100):
            out.write(address + "\n")
        out.write("    <sdnType>Vessel</sdnType>\n" + tail)
    assert file.stat().st_size > 100 * 2**20
    tracemalloc.start()
    try:
        assert read_xml(file).entries == ENTRIES
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "births"),
    [
        ("07 Oct 1952", ["1952-10-07"]),
        ("Oct 1952", ["1952-10"]),
        ("circa 1952", ["1952"]),
        ("1950 to 1952", ["1950", "1951", "1952"]),
        ("1900 to 1990", []),
        ("unknown", []),
        ("07 Xyz 1952", []),
    ],
)
def test_worded_births__as_ofac_writes_them__are_iso(text: str, births: list[str]) -> None:
    assert worded_births(text) == births


def test_iso_births__what_is_no_date__is_left_out() -> None:
    assert iso_births(["1952-10-07T00:00:00", "1952", "c. 1952", ""]) == ["1952-10-07", "1952"]
