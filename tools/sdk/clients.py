"""`_operations.py`, `_sync.py` and `_async.py`: the calls, for the client that waits and for the one that does not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from sdk.calls import GROUPS
from sdk.document import Parameter, Route, Schema
from sdk.prose import width, wrapped
from sdk.types import class_name, references, type_of

_OPERATIONS = '''"""The routes behind the calls. Written by tools/make_sdk.py from the interface's description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from genbo_sdk import _models as m
from genbo_sdk._operation import Operation

OPERATIONS: Final[Mapping[str, Operation]] = {
'''

_HEAD = '''"""The calls of the client that {waits}. Written by tools/make_sdk.py from the interface's description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from genbo_sdk._{a}client import {Client}Base
from genbo_sdk._{a}core import {Core}
from genbo_sdk._{a}pages import {Pages}
from genbo_sdk._json import as_of as _as_of
from genbo_sdk._{a}stream import {Events}

if TYPE_CHECKING:
    from genbo_sdk import _models as m
    from genbo_sdk._json import Empty
    from genbo_sdk._reason import Reason
'''

INSTANTS = {
    "as_of": "date | datetime | int | str",
    "since": "date | datetime | str",
    "until": "date | datetime | str",
}
"""Arguments that name an instant: a day means its end in Japan, a number a block."""

_WORD = re.compile(r"\b([A-Z]\w*)\b")
_OURS = frozenset({"None", "Any", "Sequence", "Mapping", "Literal", "Decimal", "Reason", "Words"})


def qualified(kind: str) -> str:
    """A type whose models are those of `_models`, under the name `m`."""
    parts = re.split(r"(Literal\[[^\]]*\])", kind)
    return "".join(
        part
        if part.startswith("Literal[")
        else _WORD.sub(lambda it: it[1] if it[1] in _OURS else f"m.{it[1]}", part)
        for part in parts
    )


def answer_of(route: Route) -> str:
    """The type of the answer, with its models qualified."""
    return "None" if route.answer is None else qualified(type_of(route.answer, given=False))


def operations(routes: Iterable[Route]) -> str:
    """The table that both clients work from."""
    lines = [_OPERATIONS]
    for route in routes:
        options = [f'method="{route.method}"', f'path="{route.path}"']
        if route.scope:
            options.append(f'scope="{route.scope}"')
        if route.fixed:
            options.append(f"fixed={route.fixed!r}")
        if route.keyed:
            options.append("keyed=True")
        if route.by_job:
            options.append("by_job=True")
        if route.either:
            options.append("either=True")
        if route.answer is not None:
            options.append(f"result={answer_of(route)}")
        if route.stream:
            options += [f"result=m.{route.stream}", "stream=True"]
        lines.append(f'    "{route.full}": Operation({", ".join(options)}),\n')
    lines.append("}\n")
    return "".join(lines)


def client(document: Schema, routes: list[Route], *, waits: bool) -> str:
    """The text of one client's module."""
    form = "" if waits else "Async"
    parts = [
        _HEAD.format(
            waits="waits" if waits else "does not wait",
            a="" if waits else "async_",
            Client=f"{form}Client",
            Core=f"{form}Core",
            Pages=f"{form}Pages",
            Events=f"{form}Events",
        )
    ]
    groups = []
    for group, several in groupby(routes, key=lambda each: each.group):
        name = f"{form}{group.title().replace('_', '')}Calls"
        groups.append((group, name))
        parts.append(
            f'class {name}:\n    """{GROUPS[group]}"""\n\n'
            f"    def __init__(self, core: {form}Core) -> None:\n        self._core = core\n"
        )
        parts += [_method(document, route, form) for route in several]
    parts.append(
        f'class {form}Client({form}ClientBase):\n    """Talks to one registry, for one institution."""\n\n'
        "    def _open(self) -> None:\n"
        + "".join(f"        self.{group} = {name}(self._core)\n" for group, name in groups)
    )
    return "\n\n".join(parts)


def _method(document: Schema, route: Route, form: str) -> str:
    """One call."""
    shown = [each for each in route.parameters if not (route.paged and each.name == "cursor")]
    by_place = [each for each in shown if each.place == "path"]
    named = [each for each in shown if each.place != "path"]
    named.sort(key=lambda each: not each.required)
    signature = ["self", *(f"{each.python}: {_kind(document, each)}" for each in by_place)]
    rest = [_argument(document, route, each) for each in named]
    if route.body is not None:
        rest.insert(0, f"body: {qualified(type_of(route.body, given=True))}")
    if route.media_type is not None:
        rest.insert(0, "content: bytes")
    if route.paged:
        rest.append("cursor: str | None = None")
    if route.stream:
        rest.append("after: str | None = None")
    if route.keyed:
        rest.append("idempotency_key: str | None = None")
    if route.by_job:
        rest.append("progress: Callable[[m.Job], None] | None = None")
    if rest:
        signature += ["*", *rest]
    kind = answer_of(route)
    plain_def = "def" if not form or route.paged or route.stream else "async def"
    if route.paged:
        kind = f"{form}Pages[{_row(document, route)}, {kind}]"
    if route.stream:
        kind = f"{form}Events[m.{route.stream}]"
    lines = [
        f"    {plain_def} {route.name}({', '.join(signature)}) -> {kind}:",
        *_told(route, named, by_place),
    ]
    arguments = f", {_sent(route)}" if _sent(route) else ""
    wait = "await " if form else ""
    if route.paged:
        lines.append(f'        return {form}Pages(self._core, "{route.full}"{arguments})')
    elif route.stream:
        lines.append(
            f'        return {form}Events(self._core, "{route.full}"{arguments}, after=after)'
        )
    elif route.answer is None:
        lines.append(f'        {wait}self._core.call("{route.full}"{arguments})')
    else:
        lines.append(f'        answer: {kind} = {wait}self._core.call("{route.full}"{arguments})')
        lines.append("        return answer")
    return "\n".join(lines) + "\n"


def _row(document: Schema, route: Route) -> str:
    """The type of the rows of a list."""
    schema = route.answer or {}
    page = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return qualified(type_of(page["properties"]["items"]["items"], given=False))


def _kind(document: Schema, parameter: Parameter) -> str:
    if parameter.name in INSTANTS:
        return INSTANTS[parameter.name]
    kind = qualified(type_of(parameter.schema, given=True))
    schemas = document["components"]["schemas"]
    words = [name for name in references(parameter.schema) if "enum" in schemas[name]]
    if words and {f"m.{class_name(name)}" for name in words} & set(kind.split(" | ")):
        kind = f"{kind} | str"  # a word may be given by its name or as text
    return kind


def _argument(document: Schema, route: Route, parameter: Parameter) -> str:
    kind = _kind(document, parameter)
    if parameter.required:
        return f"{parameter.python}: {kind}"
    parts = [each for each in kind.split(" | ") if each != "None"]
    if route.method == "PATCH" and parameter.place == "body" and "None" in kind.split(" | "):
        parts.append("Empty")  # to be emptied, where None leaves it as it is
    return f"{parameter.python}: {' | '.join([*parts, 'None'])} = None"


def _sent(route: Route) -> str:
    """The arguments of the core's `call`."""
    parts = []
    for place, word in (("path", "path"), ("query", "query"), ("header", "headers")):
        pairs = [
            f'"{each.name}": {_value(each)}' for each in route.parameters if each.place == place
        ]
        if pairs or (route.stream and place == "query") or (route.paged and place == "path"):
            parts.append(f"{word}={{{', '.join(pairs)}}}")
    fields = [f'"{each.name}": {_value(each)}' for each in route.parameters if each.place == "body"]
    if fields:
        parts.append(f"body={{{', '.join(fields)}}}")
    if route.body is not None:
        parts.append("body=body")
    if route.media_type is not None:
        parts.append(f'content=content, media_type="{route.media_type}"')
    if route.keyed:
        parts.append("key=idempotency_key")
    if route.by_job:
        parts.append("progress=progress")
    return ", ".join(parts)


def _value(parameter: Parameter) -> str:
    name = parameter.python
    if parameter.name not in INSTANTS:
        return name
    return (
        f"_as_of({name})" if parameter.required else f"None if {name} is None else _as_of({name})"
    )


def _told(route: Route, named: list[Parameter], by_place: list[Parameter]) -> list[str]:
    arguments = [each for each in (*by_place, *named) if each.text]
    if route.by_job:
        text = "Hears how far the job is, where one makes it; the call waits for it. 進捗"
        arguments.append(Parameter(name="progress", place="", schema={}, required=False, text=text))
    if route.fixed and route.fixed != (("mode", "submit"),):
        arguments = []  # they stand with the call that orders
    lines = wrapped(f'"""{route.text}', indent=8)
    if not arguments and len(lines) == 1 and width(lines[0]) < 100:
        return [f'{lines[0]}"""']
    if arguments:
        lines += ["", "        Args:"]
    for each in arguments:
        text = _INSTANT_TEXT if each.name == "as_of" else " ".join(each.text.split())
        lines += wrapped(f"{each.python}: {text}", indent=12, following=16)
    return [*lines, '        """']


_INSTANT_TEXT = (
    "a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点"
)
