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


def described(*forms: Form, **more: str) -> dict[int | str, dict[str, Any]]:
    """The answer of a route that gives a file of one of these forms.

    Args:
        more: further headers, `_` for `-`, and what they say.
    """
    headers = _HEADERS | {name.replace("_", "-"): text for name, text in more.items()}
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {
        200: {
            "description": "The file. ファイル",
            "headers": {
                name: {"description": text, "schema": _TEXT} for name, text in headers.items()
            },
            "content": {
                MEDIA_TYPES[form]: {"schema": {}} if form is Form.JSON else binary for form in forms
            },
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
    digest = hashlib.sha256(content).hexdigest()
    headers = {
        "ETag": f'"{digest}"',
        "Content-Disposition": f'attachment; filename="{name}.{form.value}"',
        "X-Content-SHA256": "0x" + digest,
        "X-Facts-SHA256": facts,
        "X-As-Of": as_of.isoformat(),
        "X-Block": str(stamp.number),
        "X-Block-Hash": stamp.hash,
        "X-Final": "true" if final else "false",
    } | {name.replace("_", "-"): text for name, text in more.items()}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)
