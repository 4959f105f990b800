"""What a token's contract says, as a node answers it: one JSON text per log, the bytes those of the real events.

Fixed texts with the figures put in, because a benchmark needs them by the million; a test compares each with the ABI
encoder and the compiled contracts.
"""

from __future__ import annotations

from collections.abc import Sequence

from genbo.chain import decode
from genbo.kernel import to_bytes32
from genbo.token import MovementKind

NOBODY = "00" * 20
_PAD = "00" * 12
_EVIDENCE = "e7" * 32
_MOVEMENT = f'"0x{decode.MOVEMENT.hex()}'
_TRANSFER = f'"0x{decode.TRANSFER.hex()}'
_TRANSFER_REFERENCE = f'"0x{decode.TRANSFER_REFERENCE.hex()}'
_REVERSED = f'"0x{decode.REVERSED.hex()}'
_SPLIT = f'"0x{decode.SPLIT.hex()}'
_VERDICTS_SET = f'"0x{decode.VERDICTS_SET.hex()}'
_FROZEN = f'"0x{decode.FROZEN.hex()}'
_ADDRESS_FROZEN = f'"0x{decode.ADDRESS_FROZEN.hex()}'
_LOCK_UP_SET = f'"0x{decode.LOCK_UP_SET.hex()}'
_PRODUCT_REGISTERED = f'"0x{decode.PRODUCT_REGISTERED.hex()}'

# Each function gives the middle of a log: its topics and its data. Addresses are 40 hexadecimal digits without 0x.


def product_registered(product: str, token: str, group: str) -> str:
    """銘柄 a product appears on the platform."""
    return _said(
        f'{_PRODUCT_REGISTERED}","0x{_key(product)}","0x{_PAD}{token}","0x{_key(group)}"', ""
    )


def movement(ref: str, kind: MovementKind, count: int, day: int) -> str:
    """The next `count` transfers belong to the act `ref`; `day` as YYYYMMDD, 0 for that of the block."""
    return _said(
        f'{_MOVEMENT}","0x{_key(ref)}","0x{int(kind):064x}"', f"{count:064x}{day:064x}{_EVIDENCE}"
    )


def transfer(source: str, target: str, units: int) -> str:
    """Units pass from one address to another; `NOBODY` stands for none."""
    return _said(f'{_TRANSFER}","0x{_PAD}{source}","0x{_PAD}{target}"', f"{units:064x}")


def transfer_reference(ref: str) -> str:
    """The next transfer belongs to the trade `ref`."""
    return _said(f'{_TRANSFER_REFERENCE}","0x{_key(ref)}"', "")


def reversed_(original: str, ref: str) -> str:
    """The movement just announced undoes the trade `original`."""
    return _said(f'{_REVERSED}","0x{_key(original)}","0x{_key(ref)}"', "")


def split(ref: str, epoch: int, factor: int, before: int, after: int) -> str:
    """Every holding is multiplied."""
    return _said(
        f'{_SPLIT}","0x{_key(ref)}"',
        f"{epoch:064x}{factor:064x}{before:064x}{after:064x}{0:064x}{_EVIDENCE}",
    )


def verdicts_set(accounts: Sequence[str], until: int, investor_class: int, blocked: bool) -> str:
    """The accounts carry this verdict from now on; `until` in seconds."""
    named = "".join(f"{_PAD}{account}" for account in accounts)
    head = f"{128:064x}{until:064x}{investor_class:064x}{blocked:064x}"
    return _said(f'{_VERDICTS_SET}"', f"{head}{len(accounts):064x}{named}")


def frozen(account: str, units: int) -> str:
    """So many units of the account are frozen now."""
    return _said(f'{_FROZEN}","0x{_PAD}{account}"', f"{units:064x}")


def address_frozen(account: str, is_frozen: bool, by: str) -> str:
    """The whole account is frozen, or no longer."""
    return _said(f'{_ADDRESS_FROZEN}","0x{_PAD}{account}","0x{is_frozen:064x}","0x{_PAD}{by}"', "")


def lock_up_set(account: str, previous: int, until: int) -> str:
    """The account may not send before `until`, in seconds."""
    return _said(f'{_LOCK_UP_SET}","0x{_PAD}{account}"', f"{previous:064x}{until:064x}")


def log(middle: str, *, address: str, block: int, block_hash: str, index: int, tx: str) -> str:
    """One log whole, in the form of geth: where it stands around what it says."""
    return (
        f'{{"address":"0x{address}",{middle},"blockNumber":"{block:#x}","transactionHash":"0x{tx}",'
        f'"transactionIndex":"0x0","blockHash":"0x{block_hash}","logIndex":"{index:#x}","removed":false}}'
    )


def _said(topics: str, data: str) -> str:
    return f'"topics":[{topics}],"data":"0x{data}"'


def _key(key: str) -> str:
    return to_bytes32(key).hex()
