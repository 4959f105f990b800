"""The interface's own description of itself, read for what the library needs of it."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

from genbo.api.v1 import make_v1
from sdk.calls import CALLS, EITHER, GROUPS, LEFT_OUT, STREAMS

Schema = dict[str, Any]


def openapi() -> Schema:
    """The OpenAPI document of the interface as its source is."""
    nothing = cast(Any, None)  # what is described needs neither an office nor credentials
    app = make_v1(nothing, nothing, now=lambda: datetime.now(UTC))
    return app.openapi()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One argument of a call."""

    name: str
    """As the interface has it."""
    place: str
    """`path`, `query`, `header` or `body`."""
    schema: Schema
    required: bool
    text: str = ""

    @property
    def python(self) -> str:
        """As the library has it."""
        return python_name(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route, ready to be written as a call."""

    group: str
    name: str
    method: str
    path: str
    text: str
    scope: str | None
    keyed: bool
    parameters: tuple[Parameter, ...]
    body: Schema | None
    """Where it is taken whole, under the name `body`."""
    media_type: str | None
    """Of a body that is no JSON."""
    answer: Schema | None
    """None: no content. A file has the format `binary`."""
    versioned: bool
    paged: bool
    either: bool
    """Whether any credential may make it."""
    stream: str | None = None
    """The component that each event of an endless answer is."""
    fixed: tuple[tuple[str, str], ...] = ()
    """What always stands in its query."""
    roles: tuple[str, ...] = field(default=())

    @property
    def full(self) -> str:
        return f"{self.group}.{self.name}"


def python_name(name: str) -> str:
    """A name as Python has it."""
    made = re.sub(r"\W", "_", name).lower() if "-" in name else re.sub(r"\W", "_", name)
    return f"{made}_" if keyword.iskeyword(made) else made


HANDLED = frozenset(
    {"authorization", "idempotency-key", "if-none-match", "accept-language", "last-event-id"}
)
"""Headers that the client looks after, or offers in its own words."""


def routes(document: Schema) -> Iterator[Route]:
    """Every route that is a call, in the order of CALLS.

    Raises:
        LookupError: a route that is neither called nor left out, or an entry without a route.
    """
    found = {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    unnamed = sorted(found.keys() - CALLS.keys() - LEFT_OUT.keys())
    idle = sorted(CALLS.keys() - found.keys())
    if unnamed or idle:
        raise LookupError(
            f"tools/sdk/calls.py: routes without a name: {unnamed}; names without a route: {idle}"
        )
    order = list(GROUPS)
    for key in sorted(CALLS, key=lambda each: order.index(CALLS[each].partition(".")[0])):
        yield from _in_modes(document, _route(document, key, found[key]), found[key])


_ASKED = {
    # Modes of a mutation that are calls of their own: what they answer is something else.
    "dry_run": "whether it would be refused, and why. Nothing is stored. 判定のみ",
    "prepare": "what keys outside have to sign; then order it under the same key. Nothing is stored. 署名準備",
}


def _in_modes(document: Schema, route: Route, operation: Schema) -> Iterator[Route]:
    """The route, and where it has a mode, one call for each: `order`, `order_dry_run`, and where a key signs
    `order_prepare`."""
    if all(each.name != "mode" for each in route.parameters):
        yield route
        return
    rest = tuple(each for each in route.parameters if each.name != "mode")
    answers = _answers_by_mode(operation)
    for mode, answer in answers.items():
        if answer is not None and _name(answer) == "NothingToSign":
            continue  # who has no key to ask need not ask
        submits = mode == "submit"
        yield replace(
            route,
            name=route.name if submits else f"{route.name}_{mode}",
            parameters=rest,
            text=route.text if submits else f"As `{route.name}`: {_ASKED[mode]}",
            answer=answer,
            fixed=(("mode", mode),),
        )


def _answers_by_mode(operation: Schema) -> dict[str, Schema | None]:
    """What `submit` answers, and what the other modes do (200): a judgement says whether it is allowed, what is
    prepared what is to be signed. A `dry_run` without a judgement is told in the form of what is done."""
    good = {status: each for status, each in operation["responses"].items() if status[0] == "2"}
    asked = list(_schemas(good.pop("200", {})))
    done = [each for response in good.values() for each in _schemas(response)]
    rest = [each for each in asked if each not in done]
    judged = [each for each in rest if _name(each) in JUDGEMENTS]
    prepared = [each for each in rest if each not in judged]
    if not good:  # all three are answered with 200
        prepared = [each for each in prepared if _name(each) in PREPARED]
        done = [each for each in asked if each not in (*judged, *prepared)]
    answers = {"submit": _any_of(done), "dry_run": _any_of(judged or done)}
    return answers | ({"prepare": _any_of(prepared)} if prepared else {})


JUDGEMENTS = frozenset({"Explained", "Judged"})
PREPARED = frozenset({"NothingToSign", "PreparedRows"})
"""Components that say what would become, and, where what is done is answered with 200 too, what is to be signed."""


def _name(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


def _schemas(response: Schema) -> Iterator[Schema]:
    """Each form that an answer may have."""
    for media_type, content in response.get("content", {}).items():
        schema = content.get("schema", {})
        if media_type != "application/json":
            schema = {"type": "string", "format": "binary"}
        yield from schema.get("anyOf", [schema])


def _any_of(several: list[Schema]) -> Schema | None:
    """None: no content."""
    return {"anyOf": several} if len(several) > 1 else next(iter(several), None)


def _route(document: Schema, key: tuple[str, str], operation: Schema) -> Route:
    group, _, name = CALLS[key].partition(".")
    given = list(operation.get("parameters", ()))
    parameters = [
        Parameter(
            name=each["name"],
            place=each["in"],
            schema=each["schema"],
            required=bool(each.get("required")),
            text=each.get("description", ""),
        )
        for each in given
        if each["in"] != "header" or each["name"].lower() not in HANDLED
    ]
    body, media_type = _body(operation)
    if body is not None and media_type is None:
        whole = resolved(document, body)
        if "properties" in whole:
            required = set(whole.get("required", ()))
            parameters += [
                Parameter(
                    name=field_name,
                    place="body",
                    schema=schema,
                    required=field_name in required,
                    text=schema.get("description", ""),
                )
                for field_name, schema in whole["properties"].items()
            ]
            body = None
    answer, statuses = _answer(operation)
    names = [each.python for each in parameters]
    if twice := sorted({each for each in names if names.count(each) > 1}):
        raise LookupError(f"{CALLS[key]}: {twice} stand in two places")
    if stream := STREAMS.get(CALLS[key]):
        answer = None
    return Route(
        group=group,
        name=name,
        method=key[0],
        path=key[1],
        text=str(operation.get("description") or operation.get("summary") or "").strip(),
        scope=operation.get("x-scope"),
        keyed=any(each["name"].lower() == "idempotency-key" for each in given),
        parameters=tuple(parameters),
        body=body if media_type is None else None,
        media_type=media_type,
        answer=answer,
        versioned="304" in statuses,
        paged=operation.get("x-scope") == "reference"
        and {"cursor", "limit"} <= {each.name for each in parameters},
        either=CALLS[key] in EITHER,
        stream=stream,
        roles=tuple(operation.get("x-roles", ())),
    )


def _body(operation: Schema) -> tuple[Schema | None, str | None]:
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None, None
    if "application/json" in content:
        return content["application/json"]["schema"], None
    (media_type,) = content
    return {"type": "string", "format": "binary"}, media_type


def _answer(operation: Schema) -> tuple[Schema | None, set[str]]:
    """The schema of what it answers when all is well; of several, any of them."""
    responses = operation["responses"]
    good = [responses[status] for status in sorted(responses) if status.startswith("2")]
    schemas: list[Schema] = []
    for each in good:
        for media_type, one in each.get("content", {}).items():
            schema = one.get("schema", {})
            if media_type != "application/json":
                schema = {"type": "string", "format": "binary"}
            if schema and schema not in schemas:
                schemas.append(schema)
    if not schemas:
        return None, set(responses)
    return (schemas[0] if len(schemas) == 1 else {"anyOf": schemas}), set(responses)


def resolved(document: Schema, schema: Schema) -> Schema:
    """The schema that a reference leads to."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema
