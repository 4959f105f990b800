"""Documents (帳票): a file as an answer, with what proves it in its headers."""

import hashlib
from datetime import datetime
from typing import Any

from fastapi import Response

from genbo.kernel import BlockStamp
from genbo.reporting import Form

MEDIA_TYPES = {
    Form.JSON: "application/json",
    Form.CSV: "text/csv",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.PDF: "application/pdf",
}

BANK_FILE = "application/octet-stream"

_TEXT = {"type": "string"}
_HEADERS = {
    "ETag": "SHA-256 of the bytes, in quotes. 版",
    "X-Content-SHA256": "SHA-256 of the bytes. ファイルのハッシュ",
    "X-Facts-SHA256": "SHA-256 of what it says, without names: what an anchor stands for. 内容のハッシュ",
    "X-As-Of": "First instant that is no longer in it, UTC. 基準時点",
    "X-Block": "Number of the last block that is in it. ブロック番号",
    "X-Block-Hash": "Hash of that block. ブロックハッシュ",
    "X-Final": "`true` where it stays as it is, whatever the chain does. 確定",
}


def described(
    *forms: Form, bank_file: bool = False, **more: str
) -> dict[int | str, dict[str, Any]]:
    """The answer of a route that gives a file of one of these forms.

    Args:
        bank_file: whether it may be a payment file as well.
        more: further headers, `_` for `-`, and what they say.
    """
    headers = _HEADERS | {name.replace("_", "-"): text for name, text in more.items()}
    binary = {"schema": {"type": "string", "format": "binary"}}
    banks: dict[str, dict[str, Any]] = {BANK_FILE: binary} if bank_file else {}
    return {
        200: {
            "description": "The file. ファイル",
            "headers": {
                name: {"description": text, "schema": _TEXT} for name, text in headers.items()
            },
            "content": {
                MEDIA_TYPES[form]: {"schema": {}} if form is Form.JSON else binary for form in forms
            }
            | banks,
        }
    }


def as_file(
    content: bytes,
    form: Form,
    *,
    name: str,
    facts: str,
    as_of: datetime,
    stamp: BlockStamp,
    final: bool,
    **more: str,
) -> Response:
    """The file.

    Args:
        name: of the file, without its ending and without anything that was asked.
        facts: digest of what it says.
        more: as for `described`.
    """
    digest = "0x" + hashlib.sha256(content).hexdigest()
    headers = file_headers(
        digest, form, name=name, facts=facts, as_of=as_of, stamp=stamp, final=final, **more
    )
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def file_headers(
    digest: str,
    form: Form,
    *,
    name: str,
    facts: str,
    as_of: datetime,
    stamp: BlockStamp,
    final: bool,
    **more: str,
) -> dict[str, str]:
    """What stands above the bytes of that digest; otherwise as `as_file`."""
    return {
        **_of_bytes(digest, f"{name}.{form.value}"),
        "X-Facts-SHA256": facts,
        "X-As-Of": as_of.isoformat(),
        "X-Block": str(stamp.number),
        "X-Block-Hash": stamp.hash,
        "X-Final": "true" if final else "false",
    } | {name.replace("_", "-"): text for name, text in more.items()}


def bank_file_headers(digest: str, number: int) -> dict[str, str]:
    """What stands above the bytes of a payment file."""
    return {**_of_bytes(digest, "transfer.txt"), "X-Payment-File": str(number)}


def _of_bytes(digest: str, name: str) -> dict[str, str]:
    return {
        "ETag": f'"{digest[2:]}"',
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-SHA256": digest,
    }
