"""Reading a payment file: strictly by its layout, so that what was written comes back, and nothing else comes in.

given bytes
    when a record is not of 120 bytes, of another kind than its place wants, or its digits are none
        it is refused with the number of the record and the name of the field
    when the trailer's count or sum is not that of the data
        it is refused
    when everything fits
        it is the file, and writing it again gives the same bytes
"""

from genbo.entitlements.zengin.layout import (
    GENERAL_TRANSFER,
    RECORD_BYTES,
    RECORDS,
    Field,
)
from genbo.entitlements.zengin.model import PaymentFile, Remitter, Transfer
from genbo.entitlements.zengin.writing import Ending, Unused
from genbo.kernel import Reason, Refusal

_ENCODING = "shift_jis"
_MAY_BE_SPACES = (
    "clearing house number",
    "customer code 1",
    "customer code 2",
    "transfer designation",
)


def read(content: bytes) -> tuple[PaymentFile, Ending, Unused]:
    """The file, and what its bank wants behind records and in the unused field.

    Raises:
        Refusal: `payment_file_malformed` with `record` and, where one is to blame, `field`.
    """
    records, ending = _records(content)
    if len(records) < 4:
        raise _malformed(len(records), problem="a header, data, a trailer and an end")
    kinds = ["1", *("2" for _ in records[3:]), "8", "9"]
    cells = [
        _cells(number, each, kind)
        for number, (each, kind) in enumerate(zip(records, kinds, strict=True), start=1)
    ]
    header, trailer = cells[0], cells[-2]
    if header["kind"] != GENERAL_TRANSFER:
        raise _malformed(1, field="kind", problem=GENERAL_TRANSFER)
    transfers = tuple(_transfer(each) for each in cells[1:-2])
    last = len(records) - 1
    if int(trailer["count of data records"]) != len(transfers):
        raise _malformed(last, field="count of data records", problem=f"{len(transfers)}")
    if int(trailer["sum of amounts"]) != (total := sum(each.amount for each in transfers)):
        raise _malformed(last, field="sum of amounts", problem=f"{total}")
    month, day = int(header["transfer date"][:2]), int(header["transfer date"][2:])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise _malformed(1, field="transfer date", problem="MMDD")
    file = PaymentFile(remitter=_remitter(header), month=month, day=day, transfers=transfers)
    unused = cells[1]["clearing house number"]
    return file, ending, Unused.ZEROS if unused == Unused.ZEROS.value else Unused.SPACES


def _records(content: bytes) -> tuple[list[str], Ending]:
    text = content.decode(_ENCODING, errors="replace")
    if len(text) != len(content):
        raise _malformed(1, problem="one byte for each sign, JIS X 0201")
    ending = Ending.CRLF if text[RECORD_BYTES : RECORD_BYTES + 2] == "\r\n" else Ending.NONE
    step = RECORD_BYTES + len(ending.value)
    records = [text[at : at + step] for at in range(0, len(text), step)]
    for number, each in enumerate(records, start=1):
        body = each.removesuffix(ending.value.decode()) if ending.value else each
        if len(each) != step or len(body) != RECORD_BYTES:
            raise _malformed(number, problem=f"{RECORD_BYTES} bytes")
        records[number - 1] = body
    return records, ending


def _cells(number: int, line: str, kind: str) -> dict[str, str]:
    """The fields of a record, as they stand there."""
    if line[0] != kind:
        raise _malformed(number, field="record type", problem=kind)
    cells, at = {}, 0
    for each in RECORDS[kind]:
        cells[each.name] = cell = line[at : at + each.length]
        at += each.length
        _require(number, each, cell, cells)
    return cells


def _require(number: int, field: Field, cell: str, before: dict[str, str]) -> None:
    if field.name == "filler" and cell.strip(" "):
        raise _malformed(number, field=field.name, problem="spaces")
    if field.kind == "N" and not (cell.isascii() and cell.isdigit()):
        edi = field.name.startswith("customer code")  # Y behind them makes them text
        if not edi and not (field.name in _MAY_BE_SPACES and not cell.strip(" ")):
            raise _malformed(number, field=field.name, problem=f"{field.length} digits")
    if field.name == "identification":
        codes = before["customer code 1"] + before["customer code 2"]
        if cell not in (" ", "Y"):
            raise _malformed(number, field=field.name, problem="Y or a space")
        if cell == " " and not codes.replace(" ", "0").isdigit():
            raise _malformed(number, field="customer code 1", problem="10 digits")


def _transfer(cells: dict[str, str]) -> Transfer:
    edi = cells["identification"] == "Y"
    codes = cells["customer code 1"], cells["customer code 2"]
    return Transfer(
        bank_code=cells["payee bank code"],
        bank_name=cells["payee bank name"].rstrip(" "),
        branch_code=cells["payee branch code"],
        branch_name=cells["payee branch name"].rstrip(" "),
        account_kind=cells["account kind"],
        account_number=cells["account number"],
        name=cells["payee name"].rstrip(" "),
        amount=int(cells["amount"]),
        new_code=cells["new code"],
        customer_code_1="" if edi else codes[0].strip(" "),
        customer_code_2="" if edi else codes[1].strip(" "),
        edi="".join(codes).rstrip(" ") if edi else None,
        designation=cells["transfer designation"],
    )


def _remitter(cells: dict[str, str]) -> Remitter:
    return Remitter(
        code=cells["remitter code"],
        name=cells["remitter name"].rstrip(" "),
        bank_code=cells["paying bank code"],
        bank_name=cells["paying bank name"].rstrip(" "),
        branch_code=cells["paying branch code"],
        branch_name=cells["paying branch name"].rstrip(" "),
        account_kind=cells["account kind"],
        account_number=cells["account number"],
    )


def _malformed(record: int, *, field: str | None = None, problem: str) -> Refusal:
    facts = {"field": field} if field else {}
    return Refusal(Reason.PAYMENT_FILE_MALFORMED, record=record, problem=problem, **facts)
