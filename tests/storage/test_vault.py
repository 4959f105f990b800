"""The vault (invariant 4: no personal data outside the vault).

given sealed personal data
    when the whole database is read as text, in every encoding
        it should show none of it
    when it is opened for a purpose
        it should come back, and the reading should be on record
    when a sealed value is changed, or put into another row, column or investor
        it should be refused
    when the data key is destroyed
        it should be a mark, and nothing new should be kept
    when use is restricted
        it should open for what the law demands, and for nothing else
    when another key-encryption key is used
        it should say which key is missing
given a key file
    when others may read it, or it is malformed
        it should be refused
"""

import base64
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text, update
from tests.storage.builders import new_investor

from genbo.compliance.privacy import WHILE_RESTRICTED
from genbo.kernel import Fault, InvestorId, Reason, Refusal
from genbo.storage import tables
from genbo.storage.engine import Database
from genbo.storage.investors import PERSONAL_FIELDS, Investors
from genbo.storage.keyfile import KeyEncryptionKey, development_kek, read_kek
from genbo.storage.retention import Retention
from genbo.storage.vault import Erased, Place, Purpose, Reading, Vault

NOW = datetime(2022, 1, 31, 15, tzinfo=UTC)
READING = Reading(purpose=Purpose.REGISTER, actor="registrar-1", at=NOW)
ONE, TWO = InvestorId("IV-1"), InvestorId("IV-2")
PHONE = Place(table="investor", column="contact_phone")


def register(connection: Connection, vault: Vault, *names: str, **personal: str) -> Investors:
    investors = Investors(connection, vault)
    investors.register([new_investor(name, **personal) for name in names], at=NOW, by="registrar-1")
    return investors


def everything(connection: Connection) -> str:
    """The whole database as text: each value as written, and bytes in every reading a leak could have."""
    shown = []
    for table in connection.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ).all():
        for row in connection.execute(text(f'SELECT * FROM "{table}"')):
            for value in row:
                if isinstance(value, bytes):
                    shown += [
                        value.hex(),
                        value.decode("latin-1"),
                        value.decode("utf-8", "replace"),
                    ]
                    shown += [
                        value.decode("utf-16-le", "replace"),
                        value.decode("cp932", "replace"),
                    ]
                    shown.append(base64.b64encode(value).decode())
                else:
                    shown.append(str(value))
    return "\n".join(shown)


def readings_of(secret: str) -> set[str]:
    """How `secret` would look in `everything`."""
    raw = secret.encode()
    return {secret, raw.hex(), raw.decode("latin-1"), base64.b64encode(raw).decode().rstrip("=")}


def test_database__investors_stored__shows_no_personal_data(
    database: Database, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    canaries = {
        "corporate_number": "7000012050002",
        "contact_addressee": "canary-addressee-カナリア",
        "contact_postal_code": "739-1846",
        "contact_address": "canary-address-カナリア",
        "contact_phone": "03-7391-8462",
        "contact_email": "canary@example.jp",
        "payee_bank_code": "9990",
        "payee_bank_name_kana": "ｶﾅﾘｱｷﾞﾝｺｳ",
        "payee_branch_code": "001",
        "payee_branch_name_kana": "ｶﾅﾘｱｼﾃﾝ",
        "payee_account_kind": "1",
        "payee_account_number": "7391846",
        "payee_account_holder_kana": "ｶﾅﾘｱ ﾊﾅｺ",
    }
    assert set(canaries) == set(PERSONAL_FIELDS)
    with database.begin() as connection:
        investors = register(connection, vault, ONE, TWO, **canaries)
        investors.rename(
            ONE,
            name="canary-newname-改名",
            registered_address="canary-newaddress-転居",
            effective=NOW.date(),
            at=NOW,
            by="registrar-1",
        )
        investors.identities([ONE, TWO], on=NOW.date(), reading=READING)
        investors.personal([ONE], fields=PERSONAL_FIELDS, reading=READING)
    with database.read() as connection:
        shown = everything(connection) + caplog.text
    assert len(shown) > 5000
    assert "IV-1" in shown  # the dump does show what is not sealed
    # Short numbers stand in any dump: in the bank master, or by chance.
    distinct = [each for each in canaries.values() if len(each) > 7]
    secrets = [*distinct, "氏名 IV-1", "東京都架空区 IV-2", "canary", "改名", "転居"]
    for secret in secrets:
        for reading in readings_of(secret):
            assert reading not in shown, secret


def test_everything__a_plain_value__is_found(connection: Connection) -> None:
    """The canary test can fail: a value that is not sealed shows in the dump."""
    connection.execute(text("CREATE TABLE leak (plain bytea, words text)"))
    connection.execute(
        text("INSERT INTO leak VALUES (:plain, :words)"),
        {"plain": "氏名 IV-1".encode(), "words": "住所"},
    )
    shown = everything(connection)
    for reading in readings_of("氏名 IV-1"):
        assert reading in shown
    assert "住所" in shown


def test_open__for_a_purpose__comes_back_and_is_on_record(
    connection: Connection, vault: Vault
) -> None:
    investors = register(connection, vault, ONE, TWO, contact_phone="03-0000-0000")
    opened = investors.personal([ONE], fields=["contact_phone"], reading=READING)
    assert opened == {ONE: {"contact_phone": "03-0000-0000"}}
    (row,) = connection.execute(select(tables.reading)).all()
    assert (row.actor, row.purpose, row.at) == ("registrar-1", "register", NOW)
    assert row.fields == ["investor.contact_phone"]
    assert row.investors == ["IV-1"]


def test_seal__the_same_value_twice__looks_different(connection: Connection, vault: Vault) -> None:
    register(connection, vault, ONE)
    sealer = vault.sealer(connection, [ONE])
    first, second = (sealer.seal(ONE, PHONE, "03") for _ in range(2))
    assert first != second


@pytest.mark.parametrize(
    ("investor", "place"),
    [
        (TWO, PHONE),
        (ONE, Place(table="investor", column="contact_email")),
        (ONE, Place(table="identity", column="contact_phone")),
        (ONE, Place(table="investor", column="contact_phone", row="2")),
    ],
)
def test_open__value_moved_elsewhere__is_refused(
    connection: Connection, vault: Vault, investor: InvestorId, place: Place
) -> None:
    register(connection, vault, ONE, TWO)
    sealed = vault.sealer(connection, [ONE]).seal(ONE, PHONE, "03-hush")
    opener = vault.opener(connection, [ONE, TWO], fields=["x"], reading=READING)
    assert opener.open(ONE, PHONE, sealed) == "03-hush"
    with pytest.raises(Fault) as caught:
        opener.open(investor, place, sealed)
    assert caught.value.reason is Reason.INVARIANT_BROKEN


@pytest.mark.parametrize("position", [0, 1, 12, 13, -1])
def test_open__one_bit_changed__is_refused(
    connection: Connection, vault: Vault, position: int
) -> None:
    register(connection, vault, ONE)
    sealed = bytearray(vault.sealer(connection, [ONE]).seal(ONE, PHONE, "03"))
    sealed[position] ^= 1
    opener = vault.opener(connection, [ONE], fields=["x"], reading=READING)
    with pytest.raises(Fault):
        opener.open(ONE, PHONE, bytes(sealed))


def test_destroy__key_gone__leaves_a_mark(connection: Connection, vault: Vault) -> None:
    investors = register(connection, vault, ONE, TWO, contact_phone="03-0000-0001")
    mark = investors.erase(ONE, at=NOW, by="registrar-2", ground="RET-2033-1")
    assert mark == Erased(investor=ONE, at=NOW)
    assert str(mark) == "（消去済 erased 2022-01-31）"
    identities = investors.identities([ONE, TWO], on=NOW.date(), reading=READING)
    assert identities[ONE].name == identities[ONE].registered_address == mark
    assert identities[TWO].name == "氏名 IV-2"
    opened = investors.personal([ONE], fields=["contact_phone", "contact_email"], reading=READING)
    assert opened == {ONE: {"contact_phone": mark, "contact_email": None}}
    assert investors.get(ONE).status == "erased"
    again = investors.erase(ONE, at=NOW.replace(year=2030), by="registrar-1", ground="X")
    assert again == mark
    key = connection.execute(
        select(tables.investor_key).where(tables.investor_key.c.investor_id == ONE)
    ).one()
    assert key.wrapped_key is None
    assert (key.destroyed_by, key.destroyed_for) == ("registrar-2", "RET-2033-1")
    with pytest.raises(Refusal) as caught:
        investors.rename(
            ONE,
            name="x",
            registered_address="y",
            effective=NOW.date(),
            at=NOW,
            by="registrar-1",
        )
    assert caught.value.reason is Reason.INVESTOR_UNKNOWN


@pytest.mark.parametrize("purpose", Purpose)
def test_opener__use_restricted__opens_for_what_the_law_demands(
    connection: Connection, vault: Vault, purpose: Purpose
) -> None:
    register(connection, vault, ONE, TWO)
    retention = Retention(connection)
    retention.end_relation(ONE, ended_on=NOW.date(), evidence_ref="END-1", at=NOW, by="registrar-1")
    retention.end_relation(ONE, ended_on=NOW.date(), evidence_ref="END-1", at=NOW, by="registrar-2")
    assert retention.restricted_since(ONE) == NOW
    assert retention.restricted_since(TWO) is None
    reading = Reading(purpose=purpose, actor="registrar-1", at=NOW)
    outside = (
        Purpose.NOTICE,
        Purpose.VERIFICATION,
        Purpose.ADDRESSES,
        Purpose.ADMINISTRATION,
    )
    allowed = purpose not in outside
    assert (purpose in WHILE_RESTRICTED) == allowed
    vault.opener(connection, [TWO], fields=["x"], reading=reading)
    if allowed:
        vault.opener(connection, [ONE, TWO], fields=["x"], reading=reading)
        return
    with pytest.raises(Refusal) as caught:
        vault.opener(connection, [ONE, TWO], fields=["x"], reading=reading)
    assert caught.value.reason is Reason.USE_RESTRICTED
    assert caught.value.facts == {
        "investor": ONE,
        "purpose": purpose.value,
        "since": "2022-02-01",
    }
    assert len(connection.execute(select(tables.reading)).all()) == 1


def test_end_relation__another_day__is_refused(connection: Connection, vault: Vault) -> None:
    register(connection, vault, ONE)
    retention = Retention(connection)
    retention.end_relation(ONE, ended_on=NOW.date(), evidence_ref="END-1", at=NOW, by="x")
    with pytest.raises(Refusal) as caught:
        retention.end_relation(
            ONE, ended_on=NOW.date().replace(day=1), evidence_ref="END-2", at=NOW, by="x"
        )
    assert caught.value.reason is Reason.RELATION_END_DIFFERS
    for act in (
        lambda: retention.kept(TWO),
        lambda: retention.restrict(TWO, ground="R-1", at=NOW, by="x"),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.reason is Reason.INVESTOR_UNKNOWN


def test_opener__unknown_investor__is_refused_and_not_recorded(
    connection: Connection, vault: Vault
) -> None:
    with pytest.raises(Refusal) as caught:
        vault.opener(connection, [ONE], fields=["x"], reading=READING)
    assert caught.value.facts == {"investor": "IV-1"}
    assert connection.execute(select(tables.reading)).all() == []


def test_opener__another_key_encryption_key__is_named(
    connection: Connection, vault: Vault, tmp_path: Path
) -> None:
    other = development_kek(_folder(tmp_path / "other"))
    register(connection, vault, ONE)
    with pytest.raises(Fault) as caught:
        Vault(other).opener(connection, [ONE], fields=["x"], reading=READING)
    assert caught.value.facts["setting"] == "GENBO_KEK"
    assert other.id in str(caught.value.facts["problem"])


def test_opener__wrapped_key_of_another_investor__is_refused(
    connection: Connection, vault: Vault
) -> None:
    key = tables.investor_key
    register(connection, vault, ONE, TWO)
    wrapped = connection.scalar(select(key.c.wrapped_key).where(key.c.investor_id == TWO))
    connection.execute(update(key).where(key.c.investor_id == ONE).values(wrapped_key=wrapped))
    with pytest.raises(Fault) as caught:
        vault.opener(connection, [ONE], fields=["x"], reading=READING)
    assert caught.value.reason is Reason.INVARIANT_BROKEN


def test_vault__shown__shows_no_secret(
    connection: Connection, vault: Vault, tmp_path: Path
) -> None:
    secret = (tmp_path / "kek.key").read_text().strip()
    kek = read_kek(tmp_path / "kek.key")
    investors = register(connection, vault, ONE)
    sealer = vault.sealer(connection, [ONE])
    opener = vault.opener(connection, [ONE], fields=["x"], reading=READING)
    identity = investors.identities([ONE], on=NOW.date(), reading=READING)[ONE]
    shown = "".join(map(repr, (vault, kek, sealer, opener, identity, new_investor(ONE))))
    for hidden in (secret, kek.secret().hex(), repr(kek.secret())[2:-1], "氏名", "東京都"):
        assert hidden not in shown


def test_development_kek__first_use__is_made_for_its_owner_alone(tmp_path: Path) -> None:
    kek = development_kek(tmp_path)
    assert (tmp_path / "kek.key").stat().st_mode & 0o777 == 0o600
    assert development_kek(tmp_path).secret() == kek.secret()
    assert development_kek(_folder(tmp_path / "b")).id != kek.id
    assert [path.name for path in tmp_path.glob("*.new")] == []


def test_read_kek__others_may_read_it__is_refused(tmp_path: Path) -> None:
    development_kek(tmp_path)
    path = tmp_path / "kek.key"
    path.chmod(0o640)
    _refused(path, "chmod 600")


@pytest.mark.parametrize("content", [b"", b"hush", base64.b64encode(b"k" * 16), b"\xff" * 44])
def test_read_kek__malformed__is_refused_without_repeating_it(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "kek"
    path.write_bytes(content)
    path.chmod(0o600)
    assert "hush" not in _refused(path, "32 bytes in base64")


def test_read_kek__missing__is_refused(tmp_path: Path) -> None:
    _refused(tmp_path / "none", "No such file")


def test_key_encryption_key__wrong_size__is_a_bug() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        KeyEncryptionKey(b"short")


def _refused(path: Path, problem: str) -> str:
    with pytest.raises(Fault) as caught:
        read_kek(path)
    assert caught.value.facts["setting"] == "GENBO_KEK_FILE"
    assert problem in str(caught.value.facts["problem"])
    return str(caught.value)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
