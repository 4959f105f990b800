"""What is public, what it costs to import, and that what is generated is what the interface says.

given the library
├── its public names are one sorted list, each there, each in a private module
├── importing it loads no HTTP client, no models and no keys, and takes 200 ms at most
└── it imports nothing of the service
given the interface's description
├── each route is a call or is left out with a reason, and each call is a route
├── what is generated from it is what is committed
└── the reasons are those of the registry
"""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import genbo_sdk
import make_sdk
from genbo.kernel import Reason
from genbo_sdk import AsyncClient, Client, _models
from genbo_sdk._operations import OPERATIONS
from sdk.calls import CALLS, GROUPS, LEFT_OUT, SHOWN, UNSHOWN
from sdk.document import openapi, routes

LIBRARY = Path(genbo_sdk.__file__).parent
MILLISECONDS = 200


def test_names__public__are_sorted_and_there() -> None:
    names = genbo_sdk.__all__
    assert names == sorted(names, key=lambda each: (not each.isupper(), each))
    assert dir(genbo_sdk) == sorted(names)
    for name in names:
        assert getattr(genbo_sdk, name) is not None
    placed = {name for several in genbo_sdk._MODULES.values() for name in several}
    assert placed == set(names) - {"__version__", "models"}
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = genbo_sdk.nothing_of_the_kind


def test_modules__each__is_private_but_for_those_that_are_run() -> None:
    public = {file.stem for file in LIBRARY.glob("*.py") if not file.stem.startswith("_")}
    assert public <= {"sandbox", "conformance"}


def test_source__each_module__imports_nothing_of_the_service() -> None:
    for file in LIBRARY.rglob("*.py"):
        imported = re.findall(
            r"^\s*(?:from|import) (genbo)\b(?!_)", file.read_text("utf-8"), re.MULTILINE
        )
        assert imported == [], file


@pytest.mark.parametrize(
    "code", ["import genbo_sdk", "from genbo_sdk import AsyncClient, Client, WebhookVerifier"]
)
def test_import__of_the_library__loads_little(code: str) -> None:
    shown = f"import sys; {code}; print(*sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, check=True, text=True)
    assert not {"httpx", "pydantic", "eth_account", "jwt", "genbo"} & set(done.stdout.split())


def test_import__with_both_clients__takes_200_milliseconds_at_most() -> None:
    code = "from genbo_sdk import AsyncClient, Client, ClientSecret"
    taken = []
    for _ in range(5):
        command = [sys.executable, "-X", "importtime", "-c", code]
        told = subprocess.run(command, capture_output=True, check=True, text=True).stderr
        lines = re.findall(
            r"^import time:\s*\d+ \|\s*(\d+) \| (genbo_sdk[\w.]*)$", told, re.MULTILINE
        )
        taken.append(sum(int(each) for each, _ in lines) / 1000)
    assert min(taken) <= MILLISECONDS  # others work on the machine too


def test_route__each__is_a_call_or_left_out() -> None:
    document = openapi()
    described = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item
    }
    assert described <= CALLS.keys() | LEFT_OUT.keys()
    assert CALLS.keys() <= described
    assert not CALLS.keys() & LEFT_OUT.keys()
    assert all(LEFT_OUT.values())
    assert {name.partition(".")[0] for name in CALLS.values()} <= GROUPS.keys()
    assert len(set(CALLS.values())) == len(CALLS)


def test_call__each__is_there_in_both_clients_alike() -> None:
    waiting, other = Client("http://localhost"), AsyncClient("http://localhost")
    for route in routes(openapi()):
        one = getattr(getattr(waiting, route.group), route.name)
        two = getattr(getattr(other, route.group), route.name)
        assert inspect.signature(one).parameters == inspect.signature(two).parameters
        assert inspect.iscoroutinefunction(two) is not (route.paged or bool(route.stream))
        given = inspect.signature(one).parameters
        assert {each.python for each in route.parameters} <= given.keys()
        operation = OPERATIONS[route.full]
        assert (operation.method, operation.path, operation.scope) == (
            route.method, route.path, route.scope,
        )  # fmt: skip
        assert operation.keyed == ("idempotency_key" in given) == route.keyed
    assert {route.full for route in routes(openapi())} == OPERATIONS.keys()


def test_generated__each_file__is_what_the_interface_gives() -> None:
    for name, text in make_sdk.written(openapi()).items():
        assert (LIBRARY / name).read_text("utf-8") == text, f"{name}: run tools/make_sdk.py"


def test_reasons__each__is_the_registrys() -> None:
    assert {each.name: each.value for each in genbo_sdk.Reason} == {
        each.name: each.value for each in Reason
    }


def test_models__personal_or_secret__stand_in_no_repr() -> None:
    shown = repr(
        _models.Name(
            investor="IV-1", erased=False, name="見本 花子", registered_address="架空区", effective=date(2026, 4, 1)
        )
    )  # fmt: skip
    assert "IV-1" in shown
    assert not {"見本", "架空"} & set(re.findall(r"見本|架空", shown))
    for kind in vars(_models).values():
        for each in getattr(kind, "__dataclass_fields__", {}).values():
            if each.name in UNSHOWN and (kind.__name__, each.name) not in SHOWN:
                assert not each.repr, f"{kind.__name__}.{each.name}"


def test_models__each_field__is_that_of_the_schema() -> None:
    from sdk.document import python_name
    from sdk.models import used
    from sdk.types import class_name

    document = openapi()
    given, got = used(document, list(routes(document)))
    for name in given | got:
        schema = document["components"]["schemas"][name]
        made = getattr(_models, class_name(name))
        if "properties" in schema:
            fields = set(made.__dataclass_fields__) - {"etag"}
            assert fields == {python_name(each) for each in schema["properties"]} - {"etag"}, name
        elif "enum" in schema:
            assert [each.value for each in made] == schema["enum"]
