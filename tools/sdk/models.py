"""`_models.py`: the results, as frozen dataclasses, and the words that they are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sdk.calls import SHOWN, UNSHOWN
from sdk.document import Route, Schema, python_name
from sdk.prose import width, wrapped
from sdk.types import class_name, references, type_of

HEAD = '''"""What the registry answers, and what it is given. Written by tools/make_sdk.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from genbo_sdk._errors import Words
from genbo_sdk._json import ALIASED
from genbo_sdk._reason import Reason
from genbo_sdk._words import Word
'''
ELSEWHERE = frozenset({"Reason", "Words", "HTTPValidationError", "ValidationError"})
"""Components that the library has in its own form."""


def used(document: Schema, routes: Iterable[Route]) -> tuple[set[str], set[str]]:
    """Components that callers give, and components that they get; by their names in the document."""
    given: set[str] = set()
    got: set[str] = set()
    for route in routes:
        for parameter in route.parameters:
            _reach(document, parameter.schema, given)
        _reach(document, route.body, given)
        _reach(document, route.answer, got)
        if route.stream:
            _reach(document, {"$ref": f"#/{route.stream}"}, got)
    return _ours(given), _ours(got)


def _ours(names: set[str]) -> set[str]:
    return {name for name in names if class_name(name) not in ELSEWHERE}


def _reach(document: Schema, schema: object, found: set[str]) -> None:
    for name in references(schema):
        if name not in found:
            found.add(name)
            _reach(document, document["components"]["schemas"][name], found)


def models(document: Schema, routes: list[Route]) -> str:
    """The text of the module."""
    given, got = used(document, routes)
    versioned = {name for route in routes if route.versioned for name in references(route.answer)}
    parts = [HEAD]
    names: dict[str, str] = {}
    for name in sorted(given | got, key=class_name):
        made = class_name(name)
        if made in names:
            raise LookupError(f"{name} and {names[made]} would both be {made}")
        names[made] = name
        schema = document["components"]["schemas"][name]
        if "enum" in schema:
            parts.append(_word(made, schema))
        elif "properties" in schema or schema.get("type") == "object":
            parts.append(_record(made, schema, given=name in given, versioned=name in versioned))
        else:
            parts.append(f"{made} = {type_of(schema, given=name in given)}\n")
    return "\n\n".join(parts)


def names_of(text: str) -> list[str]:
    """What a module of models defines, sorted."""
    return sorted(re.findall(r"^(?:class )?([A-Z]\w*)(?=:|\(| = )", text, re.MULTILINE))


def _word(name: str, schema: Schema) -> str:
    lines = [f"class {name}(Word):", *_doc(schema.get("description") or f"{name}.")]
    for value in schema["enum"]:
        member = re.sub(r"\W", "_", str(value)).upper()
        lines.append(f"    {member if not member[0].isdigit() else f'_{member}'} = {value!r}")
    return "\n".join(lines) + "\n"


def _record(name: str, schema: Schema, *, given: bool, versioned: bool) -> str:
    required = set(schema.get("required", ()))
    lines = [
        "@dataclass(frozen=True, slots=True, kw_only=True)",
        f"class {name}:",
        *_doc(schema.get("description") or f"{name}."),
    ]
    if any(python_name(each) != each for each in schema.get("properties", {})):
        lines += ["    __pydantic_config__ = ALIASED", ""]
    for field, one in schema.get("properties", {}).items():
        lines += _field(name, field, one, given=given, required=field in required)
    if versioned:
        lines += [
            "    etag: str | None = field(default=None, compare=False)",
            '    """Its version: `if_match` of a change."""',
        ]
    return "\n".join(lines) + "\n"


def _field(owner: str, name: str, schema: Schema, *, given: bool, required: bool) -> list[str]:
    kind, default = type_of(schema, given=given), None
    if not required:
        value = schema.get("default")
        if value is None or not isinstance(value, str | int | bool):
            kind, default = (kind if "None" in kind.split(" | ") else f"{kind} | None"), "None"
        elif kind == "Any" or kind in ("str", "int", "bool"):
            default = repr(value)
        else:
            kind, default = f"{kind} | None", "None"
    options = {} if default is None else {"default": default}
    python = python_name(name)
    if python.removesuffix("_") != name:
        raise LookupError(f"{owner}.{name}: the library has no word for this")
    if name in UNSHOWN and (owner, name) not in SHOWN:
        options["repr"] = "False"
    if set(options) <= {"default"}:
        end = f" = {default}" if default is not None else ""
    else:
        end = f" = field({', '.join(f'{key}={value}' for key, value in options.items())})"
    lines = [f"    {python}: {kind}{end}"]
    if text := schema.get("description", "").strip():
        lines += _doc(text)[:-1]
    return lines


def _doc(text: str, indent: int = 4) -> list[str]:
    lines = wrapped(f'"""{text.strip()}', indent=indent)
    if len(lines) == 1 and width(lines[0]) < 110:
        closing = ' """' if lines[0].endswith('"') else '"""'
        return [f"{lines[0]}{closing}", ""]
    return [*lines, f'{" " * indent}"""', ""]
