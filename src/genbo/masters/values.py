"""Rules for days, instants, quantities and other plain values, each with one way of writing it."""

import re
from datetime import date, datetime

from genbo.kernel import JST, MAX_UNITS, Refusal
from genbo.masters.rule import Rule, narrow
from genbo.token.record_date import RecordDay

__all__ = ["COUNT", "DAY", "FLAG", "INSTANT", "LEDGER_ID", "QUANTITY", "RECORD_DAY"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_WHOLE = re.compile(r"[0-9]{1,25}")
_LEDGER_ID = re.compile(r"0x[0-9a-f]{64}:[0-9]{1,9}")
_FIRST_YEAR, _LAST_YEAR = 1970, 2105  # the ledger counts seconds in 32 bits, up to 2106


def _day(text: str) -> str:
    if not _DAY.fullmatch(text) or not _FIRST_YEAR <= date.fromisoformat(text).year <= _LAST_YEAR:
        raise ValueError
    return text


def _instant(text: str) -> str:
    if not _INSTANT.fullmatch(text):
        raise ValueError
    try:
        return datetime.fromisoformat(text).astimezone(JST).isoformat()
    except OverflowError:
        raise ValueError from None


def _whole(least: int, most: int) -> Rule:
    def read(text: str) -> str:
        digits = narrow(text)
        if not _WHOLE.fullmatch(digits) or not least <= int(digits) <= most:
            raise ValueError
        return str(int(digits))

    return Rule(f"a whole number from {least} to {most}", f"{least}から{most}までの整数", read)


def _record_day(text: str) -> str:
    try:
        return str(RecordDay.parse(text))
    except Refusal:
        raise ValueError from None  # the refusal would repeat the text


def _flag(text: str) -> str:
    if text not in ("true", "false"):
        raise ValueError
    return text


def _ledger_id(text: str) -> str:
    if not _LEDGER_ID.fullmatch(text):
        raise ValueError
    return text


DAY = Rule(
    f"a day like 2025-03-31, from {_FIRST_YEAR} to {_LAST_YEAR}",
    f"2025-03-31 のような日付（{_FIRST_YEAR}〜{_LAST_YEAR}年）",
    _day,
)
"""A day of Japan."""
INSTANT = Rule(
    "an instant with its zone, like 2025-03-31T15:00:00+09:00",
    "2025-03-31T15:00:00+09:00 のような時差付きの日時",
    _instant,
)
"""日時, kept in Japan's time with its offset."""
QUANTITY = _whole(1, MAX_UNITS)
"""数量: whole units."""
COUNT = _whole(0, 2**53 - 1)
"""A count: bytes, failures."""
RECORD_DAY = Rule("a day of the year, MM-DD", "月日（MM-DD）", _record_day)
"""権利確定日: a day that comes every year."""
FLAG = Rule("true or false", "true または false", _flag)
LEDGER_ID = Rule(
    "a transaction hash and a log index, 0x…:3",
    "トランザクションハッシュとログ番号（0x…:3）",
    _ledger_id,
)
"""TxID of a state on a ledger of accounts: which log of which transaction made it."""
