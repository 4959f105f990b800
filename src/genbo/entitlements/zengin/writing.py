"""Writing a payment file: every field is judged before the first byte is made.

given a file
    when a transfer cannot be written
        every such one is named by its number, with the field and without its value
    when every one can
        it is one header, the data, one trailer, one end; 120 bytes each, and CRLF behind each where the bank wants it
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from genbo.entitlements.zengin.layout import (
    DATA,
    END,
    GENERAL_TRANSFER,
    HEADER,
    MOST_AMOUNT,
    MOST_RECORDS,
    MOST_TOTAL,
    TRAILER,
    Field,
    length_of,
)
from genbo.entitlements.zengin.model import PaymentFile, Remitter, Transfer
from genbo.kernel import Reason, Refusal
from genbo.masters.kana import transfer_kana

_LONGEST_NAME = length_of(DATA, "payee name")
_ENCODING = "shift_jis"  # of half-width kana it has the single bytes of JIS X 0201


class Ending(Enum):
    """What a bank wants behind each record."""

    NONE = b""
    CRLF = b"\r\n"


class Unused(Enum):
    """What a bank wants in the unused clearing house number (手形交換所番号)."""

    SPACES = " " * 4
    ZEROS = "0" * 4


class Day(NamedTuple):
    """The day of a transfer: a file has no year."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Unwritable:
    """Why one transfer cannot be written."""

    number: int
    """Of the transfer in its file, from 1."""
    field: str
    problem: str
    """What is allowed; never what was found."""


class Records:
    """The data records of a file that is put together bit by bit: a hundred thousand payments need not be in memory at
    once. What cannot be written is noted and left out; whoever asks for the file decides."""

    def __init__(self, clearing: Unused = Unused.SPACES) -> None:
        self.problems: list[Unwritable] = []
        """Every field of every transfer that cannot be written, in order."""
        self.total = 0
        """Sum of what can be written."""
        self._clearing = clearing.value
        self._records: list[bytes] = []
        self._added = 0

    def __len__(self) -> int:
        """How many can be written."""
        return len(self._records)

    def add(self, transfers: Iterable[Transfer]) -> None:
        """Judges and writes further transfers."""
        for each in transfers:
            self._added += 1
            name = _payee_kana(each.name)
            problems = [Unwritable(self._added, field, why) for field, why in _problems(each)]
            if name is None:
                problems.append(Unwritable(self._added, "name", _kana_allowed(_LONGEST_NAME)))
            if name is None or problems:
                self.problems += problems
                continue
            self._records.append(_data(each, name, self._clearing).encode(_ENCODING))
            self.total += each.amount

    def file(self, remitter: Remitter, day: Day, *, ending: Ending = Ending.NONE) -> bytes:
        """The bytes of the file with everything that can be written.

        Raises:
            Refusal: `field_invalid` for what is wrong with the remitter or the whole.
        """
        problems = [*_remitter(remitter)]
        if not 0 < len(self) <= MOST_RECORDS:
            problems.append(("transfers", f"1 to {MOST_RECORDS}"))
        if self.total > MOST_TOTAL:
            problems.append(("total", f"at most {MOST_TOTAL}"))
        for field, allowed in problems:
            raise Refusal(Reason.FIELD_INVALID, field=field, allowed=allowed)
        trailer = _record(TRAILER, ["8", str(len(self)), str(self.total), ""])
        parts = [
            _record(HEADER, _header(remitter, day)).encode(_ENCODING),
            *self._records,
            trailer.encode(_ENCODING),
            _record(END, ["9", ""]).encode(_ENCODING),
            b"",
        ]
        return ending.value.join(parts)


def unwritable(transfers: Iterable[Transfer]) -> list[Unwritable]:
    """Every field of every transfer that cannot be written, in order."""
    records = Records()
    records.add(transfers)
    return records.problems


def write(
    file: PaymentFile, *, ending: Ending = Ending.NONE, clearing: Unused = Unused.SPACES
) -> bytes:
    """The bytes of the file.

    Raises:
        Refusal: `payment_line_unwritable`, the first of `unwritable`; as `Records.file`.
    """
    records = Records(clearing)
    records.add(file.transfers)
    for each in records.problems:
        raise Refusal(
            Reason.PAYMENT_LINE_UNWRITABLE,
            line=each.number,
            holder="-",
            field=each.field,
            problem=each.problem,
        )
    return records.file(file.remitter, Day(file.month, file.day), ending=ending)


def _header(remitter: Remitter, day: Day) -> list[str]:
    return [
        "1",
        GENERAL_TRANSFER,
        "0",
        remitter.code,
        transfer_kana(remitter.name),
        f"{day.month:02d}{day.day:02d}",
        remitter.bank_code,
        _bank_kana(remitter.bank_name),
        remitter.branch_code,
        _bank_kana(remitter.branch_name),
        remitter.account_kind,
        remitter.account_number,
        "",
    ]


def _data(one: Transfer, name: str, clearing: str) -> str:
    edi = (one.edi or "").ljust(20)
    return _record(
        DATA,
        [
            "2",
            one.bank_code,
            _bank_kana(one.bank_name),
            one.branch_code,
            _bank_kana(one.branch_name),
            clearing,
            one.account_kind,
            one.account_number,
            name,
            str(one.amount),
            one.new_code,
            one.customer_code_1 if one.edi is None else edi[:10],
            one.customer_code_2 if one.edi is None else edi[10:],
            one.designation,
            "" if one.edi is None else "Y",
            "",
        ],
    )


def _record(fields: Sequence[Field], values: Sequence[str]) -> str:
    """The signs of one record. A value that is too long is a bug: everything was judged before."""
    parts = [
        value.rjust(each.length, "0") if each.kind == "N" else value.ljust(each.length)
        for each, value in zip(fields, values, strict=True)
    ]
    if any(len(part) != each.length for part, each in zip(parts, fields, strict=True)):
        raise ValueError("a value that does not fit its field")
    return "".join(parts)


# Judging -----------------------------------------------------------------------------------------


def _problems(one: Transfer) -> Iterator[tuple[str, str]]:
    yield from _account(one.bank_code, one.branch_code, one.account_number)
    if one.account_kind not in ("1", "2", "4", "9"):
        yield "account_kind", "1, 2, 4 or 9"
    yield from _kana("bank_name", one.bank_name, 15, _bank_kana)
    yield from _kana("branch_name", one.branch_name, 15, _bank_kana)
    if not 0 < one.amount <= MOST_AMOUNT:
        yield "amount", f"1 to {MOST_AMOUNT}"
    for name, text in (
        ("customer_code_1", one.customer_code_1),
        ("customer_code_2", one.customer_code_2),
    ):
        if text and not _is_digits(text, 10, shorter=True):
            yield name, "up to 10 digits"
    if one.edi is not None and (len(one.edi) > 20 or not _is_plain(one.edi)):
        yield "edi", "up to 20 signs of A-Z, 0-9, kana and ( ) - ."
    if one.new_code not in ("0", "1", "2"):
        yield "new_code", "0, 1 or 2"
    if one.designation not in ("7", "8", " "):
        yield "designation", "7, 8 or a space"


def _account(bank: str, branch: str, number: str) -> Iterator[tuple[str, str]]:
    for name, text, digits in (
        ("bank_code", bank, 4),
        ("branch_code", branch, 3),
        ("account_number", number, 7),
    ):
        if not _is_digits(text, digits):
            yield name, f"{digits} digits"


def _kana(
    name: str, text: str, most: int, read: Callable[[str], str] = transfer_kana
) -> Iterator[tuple[str, str]]:
    try:
        fits = len(read(text)) <= most
    except ValueError:
        fits = False
    if not fits:
        yield name, _kana_allowed(most)


def _kana_allowed(most: int) -> str:
    signs = "kana, letters, digits, spaces and ( ) - ."
    return f"{signs} of 1 to {most} bytes, a voiced mark being one"


def _payee_kana(text: str) -> str | None:
    """The name of a payee as a transfer writes it; None for one that cannot be written."""
    try:
        return transfer_kana(text, most=_LONGEST_NAME)
    except ValueError:
        return None


@lru_cache(maxsize=10_000)
def _bank_kana(text: str) -> str:
    """The name of a bank or branch, of which a file repeats few; those of people are kept nowhere."""
    return transfer_kana(text)


def _is_digits(text: str, count: int, *, shorter: bool = False) -> bool:
    fits = 0 < len(text) <= count if shorter else len(text) == count
    return fits and text.isascii() and text.isdigit()


def _is_plain(text: str) -> bool:
    try:
        return not text.strip() or transfer_kana(text.strip()) == text.strip()
    except ValueError:
        return False


def _remitter(remitter: Remitter) -> Iterator[tuple[str, str]]:
    yield from _account(remitter.bank_code, remitter.branch_code, remitter.account_number)
    if not _is_digits(remitter.code, 10, shorter=True):
        yield "code", "up to 10 digits"
    if remitter.account_kind not in ("1", "2", "9"):
        yield "account_kind", "1, 2 or 9"
    yield from _kana("name", remitter.name, 40)
    yield from _kana("bank_name", remitter.bank_name, 15, _bank_kana)
    yield from _kana("branch_name", remitter.branch_name, 15, _bank_kana)
