"""Schemas as the types of Python."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdk.calls import RENAMED
from sdk.document import Schema

_SIMPLE = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_FORMATS = {"date": "date", "date-time": "datetime", "binary": "bytes"}


def class_name(name: str) -> str:
    """A component as a class: `Page_Product_` is `ProductPage`."""
    if name in RENAMED:
        return RENAMED[name]
    plain = name.rsplit("__", 1)[-1] if "__" in name.strip("_") else name
    if paged := re.fullmatch(r"Page(?:At)?_(\w+?)_", plain):
        return f"{class_name(paged[1])}Page"
    made = "".join(part[:1].upper() + part[1:] for part in plain.split("_") if part)
    if not made.isidentifier():
        raise ValueError(f"{name} is no name for a class")
    return made


def type_of(schema: Schema, *, given: bool) -> str:
    """The type that holds what `schema` describes.

    Args:
        given: whether it is what callers give; otherwise what they get.
    """
    if "$ref" in schema:
        return class_name(schema["$ref"].rsplit("/", 1)[1])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return _union(schema[several], given=given)
    if "allOf" in schema and len(schema["allOf"]) == 1:
        return type_of(schema["allOf"][0], given=given)
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(repr(each) for each in schema['enum'])}]"
    kind = schema.get("type")
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), "str")
    if kind == "array":
        return _array(schema, given=given)
    if kind == "object":
        return _object(schema, given=given)
    if isinstance(kind, str) and kind in _SIMPLE:
        return _SIMPLE[kind]
    return "Any"


def _union(several: list[Schema], *, given: bool) -> str:
    kinds = {each.get("type") for each in several}
    if kinds - {"null"} == {"number", "string"}:  # how a Decimal is described
        return "Decimal | None" if "null" in kinds else "Decimal"
    found: list[str] = []
    for each in several:
        for one in type_of(each, given=given).split(" | "):
            if one not in found:
                found.append(one)
    if "None" in found:
        found = [each for each in found if each != "None"] + ["None"]
    return " | ".join(found)


def _array(schema: Schema, *, given: bool) -> str:
    if fixed := schema.get("prefixItems"):
        return f"tuple[{', '.join(type_of(each, given=given) for each in fixed)}]"
    item = type_of(schema.get("items", {}), given=given)
    return f"Sequence[{item}]" if given else f"tuple[{item}, ...]"


def _object(schema: Schema, *, given: bool) -> str:
    values = schema.get("additionalProperties", True)
    value = type_of(values, given=given) if isinstance(values, dict) else "Any"
    return f"Mapping[str, {value}]"


def references(schema: object) -> Iterator[str]:
    """Names of the components that a schema names, as they are in the document."""
    if isinstance(schema, dict):
        if isinstance(named := schema.get("$ref"), str):
            yield named.rsplit("/", 1)[1]
        for each in schema.values():
            yield from references(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from references(each)
