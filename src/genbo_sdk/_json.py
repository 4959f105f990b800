"""JSON: arguments into what goes out, and answers into typed results.

pydantic is loaded with the first answer, so that importing this library stays cheap.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from genbo_sdk._errors import NotUnderstood

if TYPE_CHECKING:
    from pydantic import TypeAdapter


_DEEPEST = 32
"""Lists and objects within each other; those of the registry go six deep."""

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


def parsed(content: bytes) -> Any:
    """`content`, from outside, as JSON.

    The parser recurses as deep as the interpreter lets it. Other libraries of the same program (those of Ethereum do)
    let it go deeper than the stack, and then brackets alone would end the whole program: so depth is looked at before.

    Raises:
        ValueError: it is no JSON in UTF-8, or nested deeper than anything of the registry.
    """
    if content.count(b"[") + content.count(b"{") > _DEEPEST:
        deep = 0
        for bracket in _BRACKET.findall(_TEXT.sub(b"", content)):
            deep += 1 if bracket in b"[{" else -1
            if deep > _DEEPEST:
                raise ValueError("nested too deeply")
    return json.loads(content.decode("utf-8"))  # in another encoding brackets could hide


class Empty(Enum):
    """What a field is given to be emptied; None leaves it as it is."""

    EMPTY = "empty"

    def __repr__(self) -> str:
        return "EMPTY"


EMPTY: Final = Empty.EMPTY


def plain(value: object) -> Any:
    """`value` as JSON has it. What is None is left out of objects: the registry knows what is usual; EMPTY is null.

    Raises:
        TypeError, ValueError: it is nothing that goes into a request; an instant without a zone.
    """
    if value is EMPTY:
        return None
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if is_dataclass(value) and not isinstance(value, type):
        value = {_name(each): getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    raise TypeError(f"a {type(value).__name__} does not go into a request")


def _name(each: Any) -> str:
    """A field as the interface names it: some names are words of Python."""
    return str(each.name).removesuffix("_")


ALIASED: dict[str, Any] = {"alias_generator": lambda name: name.removesuffix("_")}
"""How pydantic reads a model with such names."""


def text(value: object) -> str:
    """`value` as it stands in an address or a header."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, PurePath):
        raise TypeError("a path does not go into an address")
    return str(plain(value))


def as_of(value: date | datetime | int | str) -> str:
    """An instant of the register as the interface writes it: a day means its end in Japan, a number a block."""
    if isinstance(value, bool):
        raise TypeError("as_of is a day, an instant, a block number or a text")
    return f"block:{value}" if isinstance(value, int) else str(plain(value))


@lru_cache(maxsize=1024)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def read(kind: Any, content: bytes, *, request_id: str | None, key: str | None) -> Any:
    """The answer as `kind`. What the registry added since is passed over.

    Raises:
        NotUnderstood: it is not as described; its values are not repeated.
    """
    from pydantic import ValidationError

    try:
        return _adapter(kind).validate_json(content)
    except ValidationError as error:
        places = [".".join(map(str, one["loc"])) or "the whole" for one in error.errors()[:5]]
        said = f"an answer that is not as described, at: {', '.join(places)}"
    except ValueError:
        said = "an answer that is no JSON"
    raise NotUnderstood(said, request_id=request_id, idempotency_key=key) from None
