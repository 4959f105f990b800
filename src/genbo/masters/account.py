"""Where money is paid to: the parts of a bank account (R-PROGMAT-T7.14 to T7.20)."""

import re

from genbo.masters.kana import transfer_kana
from genbo.masters.rule import Rule, narrow

__all__ = [
    "ACCOUNT_HOLDER_KANA",
    "ACCOUNT_KIND",
    "ACCOUNT_NUMBER",
    "BANK_CODE",
    "BANK_NAME_KANA",
    "BRANCH_CODE",
    "BRANCH_NAME_KANA",
    "LONGEST_BANK_NAME",
    "LONGEST_HOLDER",
]

LONGEST_BANK_NAME = 15
"""Bytes that a transfer file has for the name of a bank or branch."""
LONGEST_HOLDER = 30
"""Bytes that a transfer file has for the name of the payee."""

_NUMBER_DIGITS = 7
_SHORT_NUMBER = re.compile(r"[0-9]{1,7}")


def _digits(count: int) -> Rule:
    form = re.compile(rf"[0-9]{{{count}}}")

    def read(text: str) -> str:
        code = narrow(text)
        if not form.fullmatch(code):
            raise ValueError
        return code

    return Rule(f"{count} digits", f"{count}桁の数字", read)


def _account_kind(text: str) -> str:
    kind = narrow(text)
    if kind not in ("1", "2", "4", "9"):
        raise ValueError
    return kind


def _account_number(text: str) -> str:
    number = narrow(text)
    if not _SHORT_NUMBER.fullmatch(number):
        raise ValueError
    return number.zfill(_NUMBER_DIGITS)


def _kana(most: int) -> Rule:
    return Rule(
        f"kana, letters, digits, spaces and ( ) - . of at most {most} bytes, a voiced mark being one",
        f"カナ・英数字・空白・( ) - . で{most}バイト以内（濁点・半濁点も1バイト）",
        lambda text: transfer_kana(text, most=most),
    )


BANK_CODE = _digits(4)
"""金融機関コード. Never padded: a code that lost its zeros in a spreadsheet may be another bank's."""
BRANCH_CODE = _digits(3)
"""本支店コード."""
ACCOUNT_KIND = Rule(
    "1 (ordinary), 2 (current), 4 (savings) or 9 (other)",
    "1（普通）、2（当座）、4（貯蓄）、9（その他）",
    _account_kind,
)
"""預金種目."""
ACCOUNT_NUMBER = Rule(
    "at most 7 digits; zeros are put in front",
    "7桁以内の数字（前ゼロで補う）",
    _account_number,
)
"""口座番号, kept as exactly seven digits."""
BANK_NAME_KANA = _kana(LONGEST_BANK_NAME)
"""金融機関名（カナ）."""
BRANCH_NAME_KANA = _kana(LONGEST_BANK_NAME)
"""本支店名（カナ）."""
ACCOUNT_HOLDER_KANA = _kana(LONGEST_HOLDER)
"""口座名義（カナ）."""
