"""Backups and erasure (decision 0023): what somebody has who has a backup, and what is left of it.

given a real dump of the database, wrapped keys included
├── when it is read in every encoding
│   └── it should show no person
├── when it is restored where the key-encryption key is another one
│   └── it should open nobody
given an investor erased after the dump was taken
├── when the dump is restored while the key-encryption key of its day still exists
│   └── it should open the erased one: erasing alone does not reach into backups
├── when keys were wrapped anew and that key is destroyed
│   ├── it should open nobody, whatever else somebody has: the new key, the key ring file, the wrapped key of the dump
│   ├── it should open everybody but the erased one, once the key ring file of today is put in
│   └── it should fit its audit chain, mark the erased one, and find nobody erased by the index
└── when the index was made anew after the erasure
    └── it should not tell, by the digests of the dump, whether somebody was in it
given a key ring file
├── it should show no person, and be the same for the same database
└── it should be refused when it is none, or when its keys do not open
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update
from tests.storage.builders import new_investor
from tests.support.backup import dumped, restored
from tests.support.canary import CANARIES, Search
from tests.support.key_services import TransitTwin, served

from genbo.compliance.privacy import searched_as
from genbo.governance.key_wrapping import KeyWrapper
from genbo.kernel import Fault, InvestorId, Reason
from genbo.providers.keys.vault_transit import VaultTransit
from genbo.storage import tables
from genbo.storage.blind_index import BlindIndex
from genbo.storage.engine import Database
from genbo.storage.investors import Investors, NewInvestor
from genbo.storage.key_backup import export_keys, restore_keys
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.keyring import data_key_of
from genbo.storage.reindex import reindex
from genbo.storage.rotation import Rotation
from genbo.storage.server import EmbeddedServer
from genbo.storage.vault import Purpose, Reading, Vault
from genbo.storage.vault_secrets import BLIND_INDEX
from genbo.storage.witness import rows_apart

NOW = datetime(2022, 1, 31, 15, tzinfo=UTC)
READING = Reading(purpose=Purpose.ORDER, actor="somebody", at=NOW)
ONE, TWO = InvestorId("IV-1"), InvestorId("IV-2")
OLD, NEW = KeyEncryptionKey(b"o" * 32), KeyEncryptionKey(b"n" * 32)
_numbers = itertools.count()


def somebody(who: InvestorId, name: str) -> NewInvestor:
    personal = {key: value for key, value in CANARIES.items() if key.startswith("contact_")}
    new = new_investor(who, **personal)
    return NewInvestor(
        investor=new.investor,
        name=name,
        registered_address=CANARIES["registered_address"],
        effective=new.effective,
        personal=personal,
    )


@dataclass
class Story:
    live: Database
    dump: Path
    restore: Callable[[], Database]

    def name_of(self, database: Database, who: InvestorId, *keys: KeyWrapper) -> str:
        with database.begin() as connection:
            investors = Investors(connection, Vault(*keys))
            found = investors.identities([who], on=NOW.date(), reading=READING)
        return str(found[who].name)


@pytest.fixture
def story(database: Database, server: EmbeddedServer, tmp_path: Path) -> Iterator[Story]:
    """IV-1 and IV-2 were registered, then the dump was taken, then IV-1 was erased."""
    with database.begin() as connection:
        Investors(connection, Vault(OLD)).register(
            [somebody(ONE, CANARIES["name"]), somebody(TWO, CANARIES["name_kana"])],
            at=NOW,
            by="x",
        )
    dump = dumped(database.engine.url, tmp_path / "dump.sql")
    made: list[tuple[str, Database]] = []

    def restore() -> Database:
        name = f"restored_{next(_numbers)}"
        server.create_database(name)
        restored(dump, server.url(name))
        made.append((name, Database(server.url(name))))
        return made[-1][1]

    with database.begin() as connection:
        Investors(connection, Vault(OLD)).erase(ONE, at=NOW, by="a + b", ground="RET-1")
    yield Story(database, dump, restore)
    for name, each in made:
        each.close()
        server.drop_database(name)


def rotated(connection: Connection, vault: Vault) -> bytes:
    """Wraps everything anew; the key ring file of that moment."""
    while Rotation(connection, vault).step(at=NOW, by="keeper"):
        pass
    return export_keys(connection, vault.ring)


def test_dump__read_in_every_encoding__shows_no_person(story: Story) -> None:
    content = story.dump.read_bytes()
    assert b"COPY public.investor_key" in content
    assert b"IV-1" in content
    assert Search().found_in(content) == []


def test_dump__another_key_encryption_key__opens_nobody(story: Story) -> None:
    backup = story.restore()
    for who in (ONE, TWO):
        with pytest.raises(Fault) as caught:
            story.name_of(backup, who, KeyEncryptionKey(b"x" * 32))
        assert caught.value.facts["setting"] == "GENBO_KEK"


def test_erased__key_of_that_day_still_exists__is_readable_in_the_backup(story: Story) -> None:
    """Why a rotation belongs to an erasure."""
    assert "消去済" in story.name_of(story.live, ONE, OLD)
    assert story.name_of(story.restore(), ONE, OLD) == CANARIES["name"]


def test_erased__key_of_that_day_destroyed__is_readable_nowhere(story: Story) -> None:
    with story.live.begin() as connection:
        kept = rotated(connection, Vault(NEW, OLD))
    # From here on nobody has OLD.
    backup = story.restore()
    with backup.read() as connection:
        key = tables.investor_key
        wrapped = connection.scalar(select(key.c.wrapped_key).where(key.c.investor_id == ONE))
    assert wrapped is not None
    for who in (ONE, TWO):
        with pytest.raises(Fault):
            story.name_of(backup, who, NEW)
    with pytest.raises(Fault):
        NEW.unwrap([data_key_of(ONE, wrapped)])

    with backup.begin() as connection:
        done = restore_keys(connection, Vault(NEW).ring, kept, file="keys", at=NOW, by="keeper")
    assert (done.opened, done.erased) == (3, 1)  # IV-2 and two secrets
    assert story.name_of(backup, TWO, NEW) == CANARIES["name_kana"]
    assert "消去済 erased 2022-01-31" in story.name_of(backup, ONE, NEW)
    with backup.begin() as connection:
        assert Investors(connection, Vault(NEW)).get(ONE).status == "erased"
        index = BlindIndex(connection, Vault(NEW))
        assert index.find("name", CANARIES["name"], reading=READING) == []
        assert index.find("name", CANARIES["name_kana"], reading=READING) == [TWO]
    with backup.read() as connection:
        assert rows_apart(connection, most=5) == []

    # Somebody puts the wrapped key of the dump back over the mark.
    with backup.begin() as connection:
        connection.execute(
            update(key)
            .where(key.c.investor_id == ONE)
            .values(
                wrapped_key=wrapped,
                kek_id=NEW.id,
                destroyed_at=None,
                destroyed_by=None,
                destroyed_for=None,
            )
        )
    with pytest.raises(Fault) as caught:
        story.name_of(backup, ONE, NEW)
    assert caught.value.reason is Reason.INVARIANT_BROKEN


def test_erased__version_trimmed_in_a_vault__is_readable_nowhere(
    server: EmbeddedServer, database: Database, tmp_path: Path
) -> None:
    """The same with a service: the old version of its key is destroyed there."""
    token = tmp_path / "token"
    token.write_text("hvs.example")
    token.chmod(0o600)
    twin = TransitTwin()
    twin.make("genbo")
    with served(twin):
        first = VaultTransit("transit/genbo", url=twin.url, token_file=token)
        with database.begin() as connection:
            Investors(connection, Vault(first)).register(
                [somebody(ONE, CANARIES["name"]), somebody(TWO, "x")], at=NOW, by="x"
            )
        dump = dumped(database.engine.url, tmp_path / "vault.sql")
        twin.rotate("genbo")
        second = VaultTransit("transit/genbo", url=twin.url, token_file=token)
        with database.begin() as connection:
            Investors(connection, Vault(second)).erase(ONE, at=NOW, by="a + b", ground="RET-1")
            kept = rotated(connection, Vault(second))
        name = f"restored_{next(_numbers)}"
        server.create_database(name)
        restored(dump, server.url(name))
        backup = Database(server.url(name))
        story = Story(database, dump, lambda: backup)
        assert story.name_of(backup, ONE, second) == CANARIES["name"]  # not trimmed yet
        twin.trim("genbo")
        for who in (ONE, TWO):
            with pytest.raises(Fault) as caught:
                story.name_of(backup, who, second)
            assert "version" in str(caught.value.facts["problem"])
        with backup.begin() as connection:
            ring = Vault(second).ring
            restore_keys(connection, ring, kept, file="keys", at=NOW, by="keeper")
        assert story.name_of(backup, TWO, second) == "x"
        assert "消去済" in story.name_of(backup, ONE, second)
        first.close()
        second.close()
        backup.close()
        server.drop_database(name)


def test_index__made_anew_after_the_erasure__compares_with_nothing_in_the_dump(
    story: Story,
) -> None:
    backup = story.restore()
    with backup.read() as connection:
        digests = set(connection.scalars(select(tables.blind_index.c.digest)))
    vault, form = Vault(NEW, OLD), searched_as("name", CANARIES["name"])
    with story.live.begin() as connection:
        rotated(connection, vault)
        guess = vault.blind_digest(connection, "name", form)
        assert guess in digests  # whoever may use the key of the index can still ask the dump
        reindex(connection, vault, at=NOW, by="keeper")
        assert vault.blind_digest(connection, "name", form) not in digests
        assert vault.secrets.get(connection, BLIND_INDEX) is not None


def test_key_ring_file__shows_no_person_and_is_the_same_again(story: Story) -> None:
    with story.live.read() as connection:
        ring = Vault(OLD).ring
        first = export_keys(connection, ring)
        assert export_keys(connection, ring) == first
    assert Search().found_in(first) == []
    assert b"IV-1" in first


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff", b'{"format": "genbo key ring 1"}', b'{"format": "other"}'],
)
def test_restore_keys__no_key_ring_file__is_refused(connection: Connection, content: bytes) -> None:
    with pytest.raises(Fault) as caught:
        restore_keys(connection, Vault(OLD).ring, content, file="keys", at=NOW, by="x")
    assert caught.value.reason is Reason.FILE_UNREADABLE


def test_restore_keys__key_of_somebody_else__is_refused_and_nothing_is_changed(
    story: Story,
) -> None:
    with story.live.begin() as connection:
        Investors(connection, Vault(OLD)).register(
            [somebody(InvestorId("IV-3"), "y")], at=NOW, by="x"
        )
        document = json.loads(export_keys(connection, Vault(OLD).ring))
    rows = {row["investor_id"]: row for row in document["investor_key"]}
    rows["IV-2"]["wrapped_key"] = rows["IV-3"]["wrapped_key"]
    content = json.dumps(document).encode()
    with pytest.raises(Fault) as caught, story.live.begin() as connection:
        restore_keys(connection, Vault(OLD).ring, content, file="keys", at=NOW, by="x")
    assert caught.value.reason is Reason.INVARIANT_BROKEN
    assert story.name_of(story.live, TWO, OLD) == CANARIES["name_kana"]
