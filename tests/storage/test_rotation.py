"""Rotation: every key is wrapped anew, nothing that is sealed is touched.

given a database whose keys one key-encryption key wraps
├── when they are wrapped anew by another
│   ├── it should open everything with the new key alone, sealed rows and digests unchanged
│   └── it should leave an entry for each step that vouches for its rows
├── when the rotation is interrupted in the middle
│   ├── it should read with both keys meanwhile, and with neither of them alone
│   └── it should go on where it stood
├── when two processes share it
│   └── it should do each key once
├── when investors are registered or erased meanwhile
│   └── it should not matter
└── when the key service fails
    └── it should keep nothing of the step
given a database from before there were secrets
└── it should have the fingerprints of its key file until the first rotation, and an index once it is made
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, delete, select, text, update
from tests.storage.builders import new_investor
from tests.support.key_services import TransitTwin, served

from genbo.governance import AuditAction
from genbo.governance.key_wrapping import OwnedKey
from genbo.kernel import Fault, InvestorId, Reason, Refusal
from genbo.providers.keys.vault_transit import VaultTransit
from genbo.storage import tables
from genbo.storage.audit import AuditLog
from genbo.storage.blind_index import BlindIndex
from genbo.storage.engine import Database
from genbo.storage.investors import Investors
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.owner_keys import OwnerKeys
from genbo.storage.reindex import reindex
from genbo.storage.rotation import Rotation
from genbo.storage.vault import Place, Purpose, Reading, Vault
from genbo.storage.witness import rows_apart

NOW = datetime(2022, 1, 31, 15, tzinfo=UTC)
READING = Reading(purpose=Purpose.REGISTER, actor="registrar-1", at=NOW)
OLD, NEW = KeyEncryptionKey(b"o" * 32), KeyEncryptionKey(b"n" * 32)
IDS = [InvestorId(f"IV-{number}") for number in range(25)]
BADGE = Place(table="user", column="name")


def filled(connection: Connection, vault: Vault) -> bytes:
    """Investors, something sealed for a firm, a fingerprint."""
    Investors(connection, vault).register(
        [new_investor(each, contact_email=f"{each}@example.invalid") for each in IDS],
        at=NOW,
        by="x",
    )
    sealed = OwnerKeys(connection, vault).seal("user:U1", BADGE, "内緒", at=NOW, by="x")
    assert vault.fingerprint(connection, b"file") != b""
    return sealed


def everything_sealed(connection: Connection) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for table in (tables.investor, tables.identity, tables.blind_index):
        found += [tuple(row) for row in connection.execute(select(table).order_by(*table.c))]
    return found


def rotate(connection: Connection, vault: Vault, *, most: int = 10, steps: int = 100) -> int:
    done = 0
    for _ in range(steps):
        count = Rotation(connection, vault).step(at=NOW, by="cli:keeper", most=most)
        done += count
        if count == 0:
            break
    return done


def names(connection: Connection, vault: Vault) -> set[str]:
    found = Investors(connection, vault).identities(IDS, on=NOW.date(), reading=READING)
    return {str(each.name) for each in found.values()}


def test_rotate__to_another_key__opens_everything_with_it_alone(connection: Connection) -> None:
    sealed = filled(connection, Vault(OLD))
    before = everything_sealed(connection)
    fingerprint = Vault(OLD).fingerprint(connection, b"file")
    both, alone = Vault(NEW, OLD), Vault(NEW)
    assert Rotation(connection, both).wrapped_by() == {OLD.id: len(IDS) + 3}
    assert rotate(connection, both) == len(IDS) + 3
    assert Rotation(connection, alone).wrapped_by() == {NEW.id: len(IDS) + 3}
    assert everything_sealed(connection) == before
    assert names(connection, alone) == {f"氏名 {each}" for each in IDS}
    opener = OwnerKeys(connection, alone).opener("user:U1", fields=["user.name"], reading=READING)
    assert opener.open(InvestorId("user:U1"), BADGE, sealed) == "内緒"
    assert alone.fingerprint(connection, b"file") == fingerprint
    found = BlindIndex(connection, alone).find("name", "氏名 IV-3", reading=READING)
    assert found == ["IV-3"]
    assert rotate(connection, alone) == 0


def test_rotate__each_step__leaves_an_entry_that_vouches(connection: Connection) -> None:
    filled(connection, Vault(OLD))
    rotate(connection, Vault(NEW, OLD))
    log = AuditLog(connection)
    log.settle()
    entries = list(log.entries(action=AuditAction.KEYS_REWRAPPED))
    assert [each.members["facts"]["keys"] for each in entries] == [2, 1, 10, 10, 5]
    for each in entries:
        facts = each.members["facts"]
        assert (facts["from"], facts["to"]) == ([OLD.id], NEW.id)
        assert len(each.members["rows"]) == facts["keys"]
    ours = ("investor_key", "owner_key", "vault_secret")
    apart = [each for each in rows_apart(connection, most=50) if each.row.startswith(ours)]
    assert apart == []


class Dying(Exception):
    """The process is killed."""


class Mortal(KeyEncryptionKey):
    """Dies when it has wrapped so many keys."""

    __slots__ = ("left",)

    def __init__(self, secret: bytes, left: int) -> None:
        super().__init__(secret)
        self.left = left

    def wrap(self, keys: Sequence[OwnedKey]) -> list[bytes]:
        self.left -= len(keys)
        if self.left < 0:
            raise Dying
        return super().wrap(keys)


def test_rotate__killed_in_the_middle__is_read_with_both_and_goes_on(database: Database) -> None:
    with database.begin() as connection:
        filled(connection, Vault(OLD))
    mortal = Vault(Mortal(b"n" * 32, left=15), OLD)

    def go_on() -> None:
        while True:
            with database.begin() as connection:
                Rotation(connection, mortal).step(at=NOW, by="cli:keeper", most=10)

    with pytest.raises(Dying):
        go_on()
    both = Vault(NEW, OLD)
    with database.begin() as connection:
        counts = Rotation(connection, both).wrapped_by()
        assert counts == {NEW.id: 13, OLD.id: 15}
        assert names(connection, both) == {f"氏名 {each}" for each in IDS}
        assert names(connection, Vault(OLD, NEW)) == names(connection, both)
        for alone in (NEW, OLD):
            with pytest.raises(Fault) as caught:
                names(connection, Vault(alone))
            assert caught.value.facts["setting"] == "GENBO_KEK"
    with database.begin() as connection:
        assert rotate(connection, both) == 15
    with database.begin() as connection:
        assert len(names(connection, Vault(NEW))) == len(IDS)
    with database.read() as connection:
        assert rows_apart(connection, most=5) == []


def test_rotate__shared_by_two_processes__does_each_key_once(database: Database) -> None:
    with database.begin() as connection:
        filled(connection, Vault(OLD))
    vault = Vault(NEW, OLD)
    with database.begin() as connection:
        assert rotate(connection, vault, steps=2) == 3  # the secrets and the firm's
    with database.begin() as one, database.begin() as two:
        assert Rotation(one, vault).step(at=NOW, by="a", most=10) == 10
        assert Rotation(two, vault).step(at=NOW, by="b", most=10) == 10
        assert Rotation(two, vault).step(at=NOW, by="b", most=10) == 5
        assert Rotation(two, vault).step(at=NOW, by="b", most=10) == 0
    with database.begin() as connection:
        assert Rotation(connection, vault).remaining() == 0


def test_rotate__registered_and_erased_meanwhile__does_not_matter(connection: Connection) -> None:
    filled(connection, Vault(OLD))
    both = Vault(NEW, OLD)
    rotate(connection, both, steps=3)
    Investors(connection, Vault(OLD, NEW)).register([new_investor("IV-99")], at=NOW, by="x")
    Investors(connection, both).erase(IDS[24], at=NOW, by="x", ground="RET-1")
    rotate(connection, both)
    alone = Investors(connection, Vault(NEW))
    found = alone.identities([InvestorId("IV-99"), IDS[24]], on=NOW.date(), reading=READING)
    assert str(found[InvestorId("IV-99")].name) == "氏名 IV-99"
    assert "消去済" in str(found[IDS[24]].name)


def test_rotate__service_fails__keeps_nothing_of_the_step(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    token = tmp_path_factory.mktemp("token") / "token"
    token.write_text("hvs.example")
    token.chmod(0o600)
    twin = TransitTwin()
    twin.make("genbo")
    with database.begin() as connection:
        filled(connection, Vault(OLD))
    with served(twin):
        transit = VaultTransit("transit/genbo", url=twin.url, token_file=token)
        vault = Vault(transit, OLD)
        with database.begin() as connection:
            rotate(connection, vault, steps=3)
        twin.sealed = True
        with pytest.raises(Fault) as caught, database.begin() as connection:
            rotate(connection, vault)
        assert caught.value.reason is Reason.KEY_SERVICE_UNAVAILABLE
        twin.sealed = False
        with database.begin() as connection:
            assert Rotation(connection, vault).remaining() == 15
            rotate(connection, vault)
            assert len(names(connection, Vault(transit))) == len(IDS)
        # A new version of the same key: only versions change.
        twin.rotate("genbo")
        newer = VaultTransit("transit/genbo", url=twin.url, token_file=token)
        with database.begin() as connection:
            assert rotate(connection, Vault(newer)) == len(IDS) + 3
        twin.trim("genbo")
        with database.begin() as connection:
            assert len(names(connection, Vault(newer))) == len(IDS)
        transit.close()
        newer.close()


# A database from before ------------------------------------------------------------------------------


@pytest.fixture
def before(connection: Connection) -> Connection:
    """One that this version did not begin."""
    filled(connection, Vault(OLD))
    connection.execute(delete(tables.blind_index))
    connection.execute(delete(tables.vault_secret))
    return connection


def test_fingerprint__database_from_before__stays_until_the_first_rotation(
    before: Connection,
) -> None:
    vault = Vault(OLD)
    first = vault.fingerprint(before, b"file")
    assert first == OLD.fingerprint(b"file")
    Investors(before, vault).register([new_investor("IV-99")], at=NOW, by="x")
    assert vault.fingerprint(before, b"file") == first
    both = Vault(NEW, OLD)
    assert both.fingerprint(before, b"file") == first
    rotate(before, both)
    renewed = Vault(NEW).fingerprint(before, b"file")
    assert renewed != first
    other = Vault(KeyEncryptionKey(os.urandom(32)))
    with pytest.raises(Fault):
        other.fingerprint(before, b"file")


def test_find__database_from_before__is_refused_until_the_index_is_made(
    before: Connection,
) -> None:
    vault = Vault(OLD)
    Investors(before, vault).register([new_investor("IV-99")], at=NOW, by="x")
    with pytest.raises(Refusal) as caught:
        BlindIndex(before, vault).find("name", "氏名 IV-99", reading=READING)
    assert caught.value.reason is Reason.INDEX_MISSING
    assert reindex(before, vault, at=NOW, by="cli:keeper") == 2 * (len(IDS) + 1)
    for who in ("IV-99", "IV-3"):
        found = BlindIndex(before, vault).find("name", f"氏名 {who}", reading=READING)
        assert found == [who]


def test_vault__secret_of_another_place__is_refused(connection: Connection) -> None:
    filled(connection, Vault(OLD))
    secret = tables.vault_secret
    wrapped = select(secret.c.wrapped_key).where(secret.c.name == "blind_index")
    connection.execute(
        update(secret)
        .where(secret.c.name == "fingerprint")
        .values(wrapped_key=wrapped.scalar_subquery())
    )
    with pytest.raises(Fault) as caught:
        Vault(OLD).fingerprint(connection, b"file")
    assert caught.value.reason is Reason.INVARIANT_BROKEN


def test_rotate__secrets_rolled_back__are_not_remembered(database: Database) -> None:
    vault = Vault(OLD)
    with database.engine.connect() as connection:
        filled(connection, vault)
        first = vault.fingerprint(connection, b"file")
        connection.rollback()
    with database.begin() as connection:
        filled(connection, vault)
        assert vault.fingerprint(connection, b"file") != first
        assert connection.scalar(text("SELECT count(*) FROM vault_secret")) == 2
