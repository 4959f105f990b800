"""Pages (ページ): a list in parts. A cursor says where the next part begins, and for which question.

The cursor is opaque to whoever asks, and belongs to its question: with other filters it is refused, so that no page is
silently left out.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, Field

from genbo.kernel import Reason, Refusal

MOST = 1_000
"""Rows of a page, at most."""
USUAL = 100

_LONGEST = 2_048
"""Characters of a cursor; ours have a tenth."""

_WORD = re.compile(r"[\x21-\x7e]{1,200}")

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """Part of a list, in the order of its keys."""

    items: Annotated[list[T], Field(description="The rows. 行")]
    next: Annotated[
        str | None,
        Field(description="Cursor of the next page; none after the last. 次ページのカーソル"),
    ]


def cursor(question: Mapping[str, object], last: Sequence[str | int]) -> str:
    """The cursor after the row with the key `last`, in the list that `question` asks for."""
    content = json.dumps([_digest(question), list(last)], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def after(question: Mapping[str, object], given: str | None) -> tuple[str | int, ...] | None:
    """The key after which the page begins; None at the beginning.

    Raises:
        Refusal: `cursor_invalid`.
    """
    if given is None:
        return None
    try:
        if len(given) > _LONGEST:
            raise ValueError
        padded = given + "=" * (-len(given) % 4)
        digest, key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if digest != _digest(question) or not isinstance(key, list):
            raise ValueError
        if not all(isinstance(each, str | int) and not isinstance(each, bool) for each in key):
            raise ValueError
    except (ValueError, TypeError):
        raise Refusal(Reason.CURSOR_INVALID) from None
    return tuple(key)


def after_as(
    question: Mapping[str, object], given: str | None, *kinds: type
) -> tuple[Any, ...] | None:
    """As `after`, for a key of these kinds: `str`, `int`, `date` or `datetime`. A cursor comes from outside: what was
    changed in it must not reach the database.

    Raises:
        Refusal: `cursor_invalid`.
    """
    key = after(question, given)
    if key is None:
        return None
    if len(key) != len(kinds):
        raise Refusal(Reason.CURSOR_INVALID)
    return tuple(_as(kind, value) for kind, value in zip(kinds, key, strict=True))


def _as(kind: type, value: str | int) -> object:
    if kind is int and isinstance(value, int) and -1 <= value < 2**31:
        return value
    if kind is str and isinstance(value, str) and (value == "" or _WORD.fullmatch(value)):
        return value
    if kind is date and isinstance(value, str):
        with suppress(ValueError):
            return date.fromisoformat(value)
    if kind is datetime and isinstance(value, str):
        with suppress(ValueError):
            at = datetime.fromisoformat(value)
            if at.tzinfo is not None and 1970 <= at.year < 9999:
                return at
    raise Refusal(Reason.CURSOR_INVALID)


def next_of(
    question: Mapping[str, object], keys: Sequence[Sequence[str | int | date]], *, limit: int
) -> str | None:
    """The cursor of the next page where `keys` are those of `limit` rows and of one more; None after the last page."""
    if len(keys) <= limit:
        return None
    last = keys[limit - 1]
    return cursor(question, [str(each) if isinstance(each, date) else each for each in last])


def page(question: Mapping[str, object], rows: Sequence[T], *, limit: int, key: str) -> Page[T]:
    """The first `limit` of `rows`, and the cursor where there is one more.

    Args:
        rows: what was read: `limit` and one more, so that the last page is known to be the last.
        key: the field of a row that the list is ordered by.
    """
    shown = list(rows[:limit])
    more = len(rows) > limit
    return Page(
        items=shown, next=cursor(question, [getattr(shown[-1], key)]) if more and shown else None
    )


def _digest(question: Mapping[str, object]) -> str:
    named = {name: value for name, value in question.items() if value is not None}
    text = json.dumps(named, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
