"""Canaries (カナリア): personal strings that occur nowhere else, and every trace that one could leave.

A door is a way by which personal data enters the system. Whoever builds one adds it to `DOORS` in
`tests/scenarios/test_canary.py` with one line, and takes its strings from `CANARIES`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from eth_utils import keccak
from psycopg import sql
from stdnum.jp import cn

CANARIES = {
    "name": "銘菓院　隠太郎",
    "name_kana": "メイカイン　インタロウ",
    "name_romaji": "Intaro Meikain",
    "new_name": "転銘寺　隠太郎",
    "registered_address": "東京都架空区隠れ谷九丁目八番七号",
    "new_address": "北海道架空郡雪隠村字隠れ沢４２番地",
    "contact_addressee": "銘菓院様方　隠花子",
    "contact_address": "大阪府架空市隠れ町六丁目五番四号",
    "contact_phone": "03-5550-194711",
    "contact_email": "intaro.meikain@canary.example",
    "payee_account_number": "7351942",
    "payee_account_holder_kana": "ﾒｲｶｲﾝ ｲﾝﾀﾛｳ",
    "corporate_number": cn.calc_check_digit("735194284613") + "735194284613",
    "birth_date": "1947年11月29日生まれ",
    "staff_name": "隠密田　職子",
    "password": "Hidden-Canary-Password-9471",
}
"""Invented, and distinct enough to be found: nothing here may occur in anything the system writes in plain."""

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc-jp", "iso2022_jp")
_HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b", "sha3_256")


def traces(secret: str) -> Iterator[tuple[str, bytes]]:
    """Every form in which `secret` could stand somewhere, with its name."""
    spellings = {secret, secret.replace("　", " "), secret.replace("　", "")}
    spellings |= {each.casefold() for each in spellings} | {each.upper() for each in spellings}
    for spelling in spellings:
        for encoding in _ENCODINGS:
            try:
                raw = spelling.encode(encoding)
            except UnicodeEncodeError:
                continue
            yield encoding, raw
            yield f"{encoding}, hex", raw.hex().encode()
            yield f"{encoding}, HEX", raw.hex().upper().encode()
            yield from ((f"{encoding}, base64", each) for each in _base64(raw))
        raw = spelling.encode()
        yield "percent", quote(spelling, safe="").encode()
        yield "json", json.dumps(spelling)[1:-1].encode()
        for name in _HASHES:
            digest = hashlib.new(name, raw).digest()
            yield name, digest
            yield f"{name}, hex", digest.hex().encode()
        digest = keccak(raw)
        yield "keccak", digest
        yield "keccak, hex", digest.hex().encode()


def _base64(raw: bytes) -> Iterator[bytes]:
    """What is the same in base64 wherever the bytes stand among others: without the signs at both ends."""
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)
        inner = text[4 if shift else 0 : len(text) // 4 * 4 - 4]
        if len(inner) >= 10:
            yield inner
            yield inner.replace(b"+", b"-").replace(b"/", b"_")


_GAP = bytes(64)
_ZEROS = re.compile(rb"\x00{64,}")


class Search:
    """Looks for every trace of every canary."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        found: dict[bytes, tuple[str, str]] = {}
        for secret in secrets or CANARIES.values():
            for how, trace in traces(secret):
                if len(trace) >= 7:  # shorter ones occur by chance
                    found.setdefault(trace, (secret, how))
        self._traces = found

    def found_in(self, content: bytes) -> list[tuple[str, str]]:
        """Which canary, and how it is written."""
        return [
            what
            for trace, what in self._traces.items()
            if trace in content and (not trace.isdigit() or _stands_alone(trace, content))
        ]

    def found_in_files(self, folder: Path) -> dict[str, list[tuple[str, str]]]:
        """Every file below the folder that has one, by path."""
        found = {}
        for path in sorted(folder.rglob("*")):
            # Logs of the database are made long before they are full.
            if path.is_file() and (what := self.found_in(_ZEROS.sub(_GAP, path.read_bytes()))):
                found[str(path.relative_to(folder))] = what
        return found


def _stands_alone(digits: bytes, content: bytes) -> bool:
    """Whether the digits are a number of their own; among hexadecimal digits they occur by chance."""
    return re.search(rb"(?<![0-9A-Fa-f])%s(?![0-9A-Fa-f])" % digits, content) is not None


def copies(connection: psycopg.Connection) -> Iterator[tuple[str, bytes]]:
    """Every table as COPY writes it, once as text and once in binary."""
    names = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    ).fetchall()
    for (name,) in names:
        for how in ("TEXT", "BINARY"):
            query = sql.SQL("COPY {} TO STDOUT (FORMAT {})").format(
                sql.Identifier(name), sql.SQL(how)
            )
            with connection.cursor() as cursor, cursor.copy(query) as copy:
                yield f"{name}, {how}", b"".join(bytes(part) for part in copy)


def words_of(text: str) -> set[str]:
    """The canaries that a text shows in plain."""
    return {name for name, value in CANARIES.items() if re.search(re.escape(value), text)}
