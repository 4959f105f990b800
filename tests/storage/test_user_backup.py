"""A user who was erased stays erased in a backup from before with the key ring file of today (decision 0023).

given a dump in which a user lives, and the user erased and every key wrapped anew since
├── when the dump is restored with the keys of today
│   ├── it should have no name, no device and no way in for the erased user, and everybody else's
│   └── it should fit its audit chain
└── when keys are wrapped anew: identities and employee codes should be found as before
"""

from __future__ import annotations

from pathlib import Path

from tests.storage import access_builders as access
from tests.support.backup import dumped, restored
from tests.support.people import R1

from genbo.governance.users import UserId, UserStatus
from genbo.storage.engine import Database
from genbo.storage.key_backup import export_keys, restore_keys
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.rotation import Rotation
from genbo.storage.server import EmbeddedServer
from genbo.storage.users import Users
from genbo.storage.vault import Vault
from genbo.storage.witness import rows_apart

OLD, NEW = KeyEncryptionKey(bytes(32)), KeyEncryptionKey(b"n" * 32)
ONE, MAKER = UserId("U1"), UserId("PF-1")


def rotate(database: Database) -> bytes:
    with database.begin() as connection:
        while Rotation(connection, Vault(NEW, OLD)).step(at=access.SOON, by="keeper"):
            pass
        return export_keys(connection, Vault(NEW).ring)


def test_user__erased_after_the_dump__is_nobody_in_the_restored_backup(
    database: Database, server: EmbeddedServer, tmp_path: Path
) -> None:
    with database.begin() as connection:
        access.a_user(connection)
    dump = dumped(database.engine.url, tmp_path / "dump.sql")
    with database.begin() as connection:
        access.erased(connection)
    content = rotate(database)
    server.create_database("restored_user")
    restored(dump, server.url("restored_user"))
    backup = Database(server.url("restored_user"))
    with backup.begin() as connection:
        told = restore_keys(
            connection, Vault(NEW, OLD).ring, content, file="keys", at=access.SOON, by="keeper"
        )
        assert told.erased == 1
        users = Users(connection, Vault(NEW))
        one, other = users.get(ONE), users.get(MAKER)
        assert (one.status, one.second_factor) == (UserStatus.DELETED, None)
        assert "消去済" in one.name
        assert not users.employee_code_is_taken(R1.id, "E-R1-U1")
        assert (other.name, other.second_factor) == (access.MAKER.name, access.MAKER.second_factor)
    with backup.read() as connection:
        assert rows_apart(connection, most=5) == []
    backup.close()
    server.drop_database("restored_user")


def test_user__keys_wrapped_anew__is_found_as_before(database: Database) -> None:
    """Before there is any secret for fingerprints, too: users have one of their own."""
    with database.begin() as connection:
        users = access.a_user(connection)
        identity = users.identity_of("https://id.invalid", "subject-1")
    rotate(database)
    with database.read() as connection:
        users = Users(connection, Vault(NEW))
        assert users.identity_of("https://id.invalid", "subject-1") == identity
        assert users.employee_code_is_taken(R1.id, "E-R1-U1")
        assert users.get(ONE).name == "見本 U1"
