"""The key store (鍵保管): signing keys of a deployment, one encrypted file each, as wallets and nodes write them.

A file is named after whoever signs with it (`distribution-1.json`), and one passphrase opens them all. Keys named
`carrier-...` pay the way of what Safes have signed, and keys named `relay-...` that of what holders have authorised.
Where a deployment keeps its keys in a hardware module, a `Signer` that asks the module takes the place of these.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from pathlib import Path

from eth_account import Account

from genbo.chain.keys import KeySigner, Signer
from genbo.kernel import Address, Fault, Reason

CARRIER = "carrier-"
"""What the name of a carrier's key begins with."""
RELAY = "relay-"
"""What the name of a key begins with that sends what holders have authorised (ERC-3009)."""


def read_keystore(folder: Path, passphrase_file: Path) -> Mapping[Address, tuple[str, Signer]]:
    """Everybody's name and key, by account. Opening a key takes about a second, on purpose.

    Raises:
        Fault: `setting_invalid` when the folder has no key, a file is no key or the passphrase does not open it, or
            others than its owner may read the passphrase. No problem repeats a secret.
    """
    passphrase = _passphrase(passphrase_file)
    try:
        files = sorted(folder.glob("*.json"))
    except OSError:
        files = []
    if not files:
        raise _fault("GENBO_KEYS", f"{folder} holds no key files (NAME.json)")
    keys: dict[Address, tuple[str, Signer]] = {}
    for file in files:
        signer = _open(file, passphrase)
        keys[signer.address] = (file.stem, signer)
    return keys


def carrier_of(keys: Mapping[Address, tuple[str, Signer]]) -> Address | None:
    """The account that pays the way of what Safes have signed; None when nobody's key is for that."""
    carriers = sorted(
        (name, account) for account, (name, _) in keys.items() if name.startswith(CARRIER)
    )
    return carriers[0][1] if carriers else None


def relay_of(keys: Mapping[Address, tuple[str, Signer]]) -> Address | None:
    """The account that sends what holders have authorised; the carrier where no key is for that."""
    relays = sorted(
        (name, account) for account, (name, _) in keys.items() if name.startswith(RELAY)
    )
    return relays[0][1] if relays else carrier_of(keys)


def _passphrase(file: Path) -> str:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise _fault("GENBO_KEYS_PASSPHRASE_FILE", f"{file} cannot be read") from None
    if mode & 0o077:
        problem = f"{file} may be read by others than its owner: chmod 600 {file}"
        raise _fault("GENBO_KEYS_PASSPHRASE_FILE", problem)
    return text


def _open(file: Path, passphrase: str) -> KeySigner:
    try:
        return KeySigner(bytes(Account.decrypt(json.loads(file.read_bytes()), passphrase)))
    except (OSError, ValueError, TypeError, KeyError, NotImplementedError):
        problem = f"{file} is no key file, or the passphrase does not open it"
        raise _fault("GENBO_KEYS", problem) from None


def _fault(setting: str, problem: str) -> Fault:
    return Fault(Reason.SETTING_INVALID, setting=setting, problem=problem)
