"""Writing a payment file: every field is judged before the first byte is made.

given a file
    when a transfer cannot be written
        every such one is named by its number, with the field and without its value
    when every one can
        it is one header, the data, one trailer, one end; 120 bytes each, and CRLF behind each where the bank wants it
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

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
)
from genbo.entitlements.zengin.model import PaymentFile, Remitter, Transfer
from genbo.kernel import Reason, Refusal
from genbo.masters.kana import transfer_kana

_ENCODING = "shift_jis"  # of half-width kana it has the single bytes of JIS X 0201


class Ending(Enum):
    """What a bank wants behind each record."""

    NONE = b""
    CRLF = b"\r\n"


class Unused(Enum):
    """What a bank wants in the unused clearing house number (手形交換所番号)."""

    SPACES = " " * 4
    ZEROS = "0" * 4


@dataclass(frozen=True, slots=True)
class Unwritable:
    """Why one transfer cannot be written."""

    number: int
    """Of the transfer in its file, from 1."""
    field: str
    problem: str
    """What is allowed; never what was found."""


def unwritable(transfers: Sequence[Transfer]) -> list[Unwritable]:
    """Every field of every transfer that cannot be written, in order."""
    return [
        Unwritable(number, name, problem)
        for number, each in enumerate(transfers, start=1)
        for name, problem in _problems(each)
    ]


def write(
    file: PaymentFile, *, ending: Ending = Ending.NONE, clearing: Unused = Unused.SPACES
) -> bytes:
    """The bytes of the file.

    Raises:
        Refusal: `payment_line_unwritable`, the first of `unwritable`; `field_invalid` for what is wrong with the
            remitter or the whole.
    """
    for each in unwritable(file.transfers):
        raise Refusal(
            Reason.PAYMENT_LINE_UNWRITABLE,
            line=each.number,
            holder="-",
            field=each.field,
            problem=each.problem,
        )
    _require_file(file)
    header = _header(file)
    records = [
        _record(HEADER, header),
        *(_data(each, clearing.value) for each in file.transfers),
        _record(TRAILER, ["8", str(len(file.transfers)), str(file.total), ""]),
        _record(END, ["9", ""]),
    ]
    return b"".join(each.encode(_ENCODING) + ending.value for each in records)


def _header(file: PaymentFile) -> list[str]:
    remitter = file.remitter
    return [
        "1",
        GENERAL_TRANSFER,
        "0",
        remitter.code,
        transfer_kana(remitter.name),
        f"{file.month:02d}{file.day:02d}",
        remitter.bank_code,
        transfer_kana(remitter.bank_name),
        remitter.branch_code,
        transfer_kana(remitter.branch_name),
        remitter.account_kind,
        remitter.account_number,
        "",
    ]


def _data(one: Transfer, clearing: str) -> str:
    edi = (one.edi or "").ljust(20)
    return _record(
        DATA,
        [
            "2",
            one.bank_code,
            transfer_kana(one.bank_name),
            one.branch_code,
            transfer_kana(one.branch_name),
            clearing,
            one.account_kind,
            one.account_number,
            transfer_kana(one.name),
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
    for name, text, most in (
        ("bank_name", one.bank_name, 15),
        ("branch_name", one.branch_name, 15),
        ("name", one.name, 30),
    ):
        yield from _kana(name, text, most)
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


def _kana(name: str, text: str, most: int) -> Iterator[tuple[str, str]]:
    try:
        transfer_kana(text, most=most)
    except ValueError:
        yield (
            name,
            f"kana, letters, digits, spaces and ( ) - . of 1 to {most} bytes, a voiced mark being one",
        )


def _is_digits(text: str, count: int, *, shorter: bool = False) -> bool:
    fits = 0 < len(text) <= count if shorter else len(text) == count
    return fits and text.isascii() and text.isdigit()


def _is_plain(text: str) -> bool:
    try:
        return not text.strip() or transfer_kana(text.strip()) == text.strip()
    except ValueError:
        return False


def _require_file(file: PaymentFile) -> None:
    problems = [*_remitter(file.remitter)]
    if not 0 < len(file.transfers) <= MOST_RECORDS:
        problems.append(("transfers", f"1 to {MOST_RECORDS}"))
    if file.total > MOST_TOTAL:
        problems.append(("total", f"at most {MOST_TOTAL}"))
    for field, allowed in problems:
        raise Refusal(Reason.FIELD_INVALID, field=field, allowed=allowed)


def _remitter(remitter: Remitter) -> Iterator[tuple[str, str]]:
    yield from _account(remitter.bank_code, remitter.branch_code, remitter.account_number)
    if not _is_digits(remitter.code, 10, shorter=True):
        yield "code", "up to 10 digits"
    if remitter.account_kind not in ("1", "2", "9"):
        yield "account_kind", "1, 2 or 9"
    yield from _kana("name", remitter.name, 40)
    yield from _kana("bank_name", remitter.bank_name, 15)
    yield from _kana("branch_name", remitter.branch_name, 15)
