"""The interface does what its description says, whoever asks and whatever is sent (Schemathesis).

given the OpenAPI document
├── when each operation is asked with values that fit it and values that do not, by every role and scope:
│   ├── it never fails (5xx), and every answer is one that the document has, in its form
│   └── nothing in an answer is another institution's
└── when it is read: it has words in English and Japanese for every operation and field
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.conftest import CUSTOMERS, World
from tests.support.people import A1, B1, B2, C1, F1, PLATFORM, R1, R2

from genbo.governance.users import Scope

ASKING = (R1, R2, C1, B1, B2, A1, F1, PLATFORM)
"""Each role; and a registrar to whom nothing here belongs."""
EXAMPLES = 2
"""For each operation and kind of case; `make fuzz-api` asks longer."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


SEEING_ALL = {"R1", "A1"}
"""The registrar and the asset manager of P1: its holders are theirs to see, as ids at least."""
SEEING_CUSTOMERS = {"B1": {"B1"}, "B2": {"B2"}, "C1": {"B2"}}
"""Whose customers the others see."""


def foreign(who: str) -> set[str]:
    """Ids that no answer to the institution may hold, unless it sent them itself."""
    if who in SEEING_ALL:
        return set()
    seen = SEEING_CUSTOMERS.get(who, set())
    customers = {investor for investor, broker in CUSTOMERS.items() if broker not in seen}
    return customers if seen else customers | {"P1"}


@pytest.fixture(scope="module")
def document(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.client.get("/v1/openapi.json").json()
    return found


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_described__asked_by_each__answers_as_described(
    world: World, mode: GenerationMode, request: pytest.FixtureRequest
) -> None:
    """Each case is made once, which takes longer than to send it, and sent by each role with each scope."""
    examples = request.config.getoption("--api-examples", EXAMPLES)
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", world.client.app)
    for operation in operations(schema):
        ask(operation, mode, examples)


def operations(schema: Any) -> Iterator[Any]:
    for found in schema.get_all_operations():
        operation = found.ok()
        if not operation.path.endswith("/stream"):  # it does not end; tests of its own read it
            yield operation


def ask(operation: Any, mode: GenerationMode, examples: int) -> None:
    """Sends some cases of one operation, such as fit the description or such as do not, each checked."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def sent(case: Any) -> None:
        for who, scope in product(ASKING, Scope):
            headers = {"Authorization": f"Bearer {who.id}:{scope}"}
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            if answer.status_code < 300 and who is not PLATFORM:
                told = set(texts(answer.content)) & foreign(who.id)
                assert not told, f"{operation.label} told {who.id} {told}"

    try:
        sent()
    except Unsatisfiable:
        # Where nothing can be wrong, as in a question without parameters, no such case can be made.
        assert mode is GenerationMode.NEGATIVE, operation.label


def texts(content: bytes) -> Iterator[str]:
    """Every text anywhere in an answer of JSON."""
    try:
        waiting = [json.loads(content)]
    except ValueError:
        return
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            yield one


def test_described__every_operation_and_field__has_words_in_both_languages(
    document: dict[str, Any],
) -> None:
    lacking = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            text = operation.get("description") or operation.get("summary") or ""
            if not _JAPANESE.search(text) or not re.search("[a-z]", text):
                lacking.append(f"{method.upper()} {path}")
    for name, schema in document["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            if not _JAPANESE.search(described.get("description", "")):
                lacking.append(f"{name}.{field}")
    assert not lacking, ", ".join(lacking)
