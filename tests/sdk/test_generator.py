"""The generator: schemas become the types that hold what they describe, and a route is never passed over.

given a schema: its type, for whoever gives it and for whoever gets it
given a mutation with modes: what each mode answers
given a description with a route that has no name: refused, and the route named
"""

from __future__ import annotations

from typing import Any

import pytest

from sdk.document import _answers_by_mode, openapi, python_name, routes
from sdk.models import names_of
from sdk.prose import wrapped
from sdk.types import class_name, type_of

REF = {"$ref": "#/components/schemas/Page_Thing_"}
DECIMAL = [{"type": "number"}, {"type": "string", "pattern": "."}]


@pytest.mark.parametrize(
    ("schema", "got", "given"),
    [
        ({"type": "string"}, "str", "str"),
        ({"type": "string", "format": "date-time"}, "datetime", "datetime"),
        ({"type": "string", "format": "date"}, "date", "date"),
        ({"type": "string", "format": "binary"}, "bytes", "bytes"),
        ({"type": "string", "enum": ["a", "b"]}, "Literal['a', 'b']", "Literal['a', 'b']"),
        ({"const": "a", "type": "string"}, "Literal['a']", "Literal['a']"),
        ({"type": "array", "items": {"type": "integer"}}, "tuple[int, ...]", "Sequence[int]"),
        ({"type": "array", "prefixItems": [{"type": "null"}, REF]}, "tuple[None, ThingPage]", "tuple[None, ThingPage]"),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, "Mapping[str, bool]", "Mapping[str, bool]"),
        ({"type": "object"}, "Mapping[str, Any]", "Mapping[str, Any]"),
        ({"anyOf": [REF, {"type": "null"}, {"type": "string"}]}, "ThingPage | str | None", "ThingPage | str | None"),
        ({"anyOf": DECIMAL}, "Decimal", "Decimal"),
        ({"anyOf": [*DECIMAL, {"type": "null"}]}, "Decimal | None", "Decimal | None"),
        ({"allOf": [REF]}, "ThingPage", "ThingPage"),
        ({}, "Any", "Any"),
    ],
)  # fmt: skip
def test_type__of_each_schema__holds_it(schema: dict[str, Any], got: str, given: str) -> None:
    assert type_of(schema, given=False) == got
    assert type_of(schema, given=True) == given


def test_names__each__are_names_of_python() -> None:
    assert [class_name(each) for each in ("Thing", "PageAt_Thing_", "genbo__api__a__thing")] == [
        "Thing", "ThingPage", "Thing",
    ]  # fmt: skip
    assert [python_name(each) for each in ("from", "If-Match", "as_of")] == [
        "from_",
        "if_match",
        "as_of",
    ]
    assert names_of("class B:\n    x = 1\nA = int\nlower = 1\n") == ["A", "B"]
    assert wrapped("投資家 " * 30, indent=4)[0] == "    " + " ".join(["投資家"] * 15)


def test_modes__of_a_mutation__answer_each_their_own() -> None:
    def answer(*names: str) -> dict[str, Any]:
        several = [{"$ref": f"#/components/schemas/{name}"} for name in names]
        schema = several[0] if len(several) == 1 else {"anyOf": several}
        return {"content": {"application/json": {"schema": schema}}}

    def told(responses: dict[str, Any]) -> dict[str, str]:
        found = _answers_by_mode({"responses": responses})
        return {
            mode: "None" if schema is None else type_of(schema, given=False)
            for mode, schema in found.items()
        }

    responses = {
        "200": answer("Judged", "Signed", "Bulk", "Done"),
        "201": answer("Done"),
        "202": answer("Job"),
    }
    expected = {"submit": "Done | Job", "dry_run": "Judged", "prepare": "Signed | Bulk"}
    assert told(responses) == expected
    assert told({"202": answer("Job")}) == {"submit": "Job", "dry_run": "Job"}
    asked = {"dry_run": "Judged", "prepare": "NothingToSign"}
    of_all = answer("Done", "Judged", "NothingToSign")
    assert told({"200": of_all}) == {"submit": "Done", **asked}
    ended = {"200": answer("Judged", "NothingToSign"), "204": {}}
    assert told(ended) == {"submit": "None", **asked}


def test_routes__with_one_that_has_no_name__are_refused() -> None:
    document = openapi()
    document["paths"]["/v1/new"] = {"get": {}}
    with pytest.raises(LookupError, match="/v1/new"):
        list(routes(document))
    del document["paths"]["/v1/new"], document["paths"]["/v1/me"]
    with pytest.raises(LookupError, match="/v1/me"):
        list(routes(document))
