"""Keys of a deployment, in encrypted files.

given a folder of key files and their passphrase
├── it should give everybody's key under the name of the file, and the carrier's
├── when the passphrase is another one: it should be refused, and not repeated
├── when others may read the passphrase: it should be refused
└── when there is no key, or something that is none: it should be refused by name
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from eth_account import Account

from genbo.chain.keys import development_key
from genbo.chain.keystore import carrier_of, read_keystore
from genbo.kernel import Fault, Reason

PASSPHRASE = "a passphrase of a test"


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.touch(mode=0o600)
    file.write_text(PASSPHRASE + "\n")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    made.mkdir()
    for number, name in ((3, "distribution-1"), (4, "carrier-1")):
        key = development_key(number)._account.key
        # Few rounds: a test has no hour. Real files have the library's own number.
        encrypted = Account.encrypt(key, PASSPHRASE, kdf="pbkdf2", iterations=10)
        (made / f"{name}.json").write_text(json.dumps(encrypted))
    return made


def refused(folder: Path, passphrase: Path) -> Fault:
    with pytest.raises(Fault) as fault:
        read_keystore(folder, passphrase)
    assert fault.value.reason is Reason.SETTING_INVALID
    assert PASSPHRASE not in str(fault.value)
    return fault.value


def test_read__folder_of_keys__has_everybody_by_name(folder: Path, passphrase: Path) -> None:
    keys = read_keystore(folder, passphrase)
    assert {name: account for account, (name, _) in keys.items()} == {
        "distribution-1": development_key(3).address,
        "carrier-1": development_key(4).address,
    }
    assert all(signer.address == account for account, (_, signer) in keys.items())
    assert carrier_of(keys) == development_key(4).address
    assert carrier_of({}) is None


def test_read__other_passphrase__is_refused(folder: Path, passphrase: Path) -> None:
    passphrase.write_text("another")
    assert "carrier-1.json" in str(refused(folder, passphrase))


def test_read__passphrase_for_everybody__is_refused(folder: Path, passphrase: Path) -> None:
    passphrase.chmod(0o644)
    assert refused(folder, passphrase).facts["setting"] == "GENBO_KEYS_PASSPHRASE_FILE"
    passphrase.unlink()
    assert refused(folder, passphrase).facts["setting"] == "GENBO_KEYS_PASSPHRASE_FILE"


def test_read__no_key__is_refused_by_name(folder: Path, passphrase: Path, tmp_path: Path) -> None:
    assert "holds no key files" in str(refused(tmp_path / "nowhere", passphrase))
    (folder / "a.json").write_text("{}")
    assert "a.json" in str(refused(folder, passphrase))
