"""Sealing (封印): a value under the data key of one investor, bound to the place where it stands.

Nothing here knows how data keys are kept; the vault makes sealers and openers.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from genbo.kernel import Fault, InvestorId, Reason

_FORMAT = b"\x01"
_NONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a sealed value stands. It opens there only."""

    table: str
    column: str
    row: str = ""
    """What tells the rows of one investor apart, where a table has several."""

    def bound_to(self, investor: InvestorId) -> bytes:
        return "\x1f".join((self.table, self.column, investor, self.row)).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an opened value is when the investor was erased: a mark that prints as one."""

    investor: InvestorId
    at: datetime

    def __str__(self) -> str:
        return f"（消去済 erased {self.at:%Y-%m-%d}）"


class Opened(str):
    """A value that was opened. It is text like any other, and its representation shows none of it, so that a traceback,
    a debugger's list of locals or a log of arguments has only the mask."""

    __slots__ = ()

    def __repr__(self) -> str:
        return MASK


MASK = "‹personal data›"


class Sealer:
    """Seals values of the investors it was made for. It opens nothing."""

    def __init__(self, keys: Mapping[InvestorId, AESGCM]) -> None:
        self._keys = keys

    def seal(self, investor: InvestorId, place: Place, value: str) -> bytes:
        """`value` as it may be stored at `place`."""
        return self.seal_bytes(investor, place, value.encode())

    def seal_bytes(self, investor: InvestorId, place: Place, value: bytes) -> bytes:
        """As `seal`, for what is no text."""
        nonce = os.urandom(_NONCE)
        return (
            _FORMAT + nonce + self._keys[investor].encrypt(nonce, value, place.bound_to(investor))
        )

    def __repr__(self) -> str:
        return f"Sealer({len(self._keys)} investors)"


class Opener:
    """Opens values of the investors it was made for; that it was made is on record."""

    def __init__(
        self, keys: Mapping[InvestorId, AESGCM], erased: Mapping[InvestorId, Erased]
    ) -> None:
        self._keys = keys
        self._erased = erased

    def open(self, investor: InvestorId, place: Place, sealed: bytes) -> Opened | Erased:
        """The value that was sealed at `place`, or the mark of an erased investor.

        Raises:
            Fault: `invariant_broken` when the value was changed, or stems from another place.
        """
        if mark := self._erased.get(investor):
            return mark
        try:
            return Opened(self._plain(investor, place, sealed).decode())
        except (InvalidTag, ValueError):
            raise _tampered(investor, place) from None

    def open_bytes(self, investor: InvestorId, place: Place, sealed: bytes) -> bytes | None:
        """As `open`, for what `seal_bytes` sealed; None for whoever was erased.

        Raises:
            Fault: as `open`.
        """
        if investor in self._erased:
            return None
        try:
            return self._plain(investor, place, sealed)
        except (InvalidTag, ValueError):
            raise _tampered(investor, place) from None

    def _plain(self, investor: InvestorId, place: Place, sealed: bytes) -> bytes:
        if sealed[:1] != _FORMAT:
            raise InvalidTag
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        return self._keys[investor].decrypt(nonce, body, place.bound_to(investor))

    def __repr__(self) -> str:
        return f"Opener({len(self._keys)} investors)"


def _tampered(investor: InvestorId, place: Place) -> Fault:
    return Fault(
        Reason.INVARIANT_BROKEN,
        problem=f"the sealed {place.table}.{place.column} of {investor} was tampered with",
    )
