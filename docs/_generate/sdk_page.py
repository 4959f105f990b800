"""docs/sdk-calls.md, from the calls of `genbo_sdk` themselves."""

import inspect
from typing import Any

from genbo_sdk import _sync
from genbo_sdk._operations import OPERATIONS

HEAD = """\
# The calls of the broker's library

`client.<group>.<call>()`, on `Client` and, with `await`, on `AsyncClient`. Arguments before the star stand in their
place, the others have names. `models` are the typed results (`from genbo_sdk import models`). A list is read page by
page as it is iterated. Every call of the scope `update` takes `idempotency_key`; without one the library makes one.
How to sign in, what is raised, signing and webhooks: [sdk.md](sdk.md). This page is generated: `make docs`.
"""


def sdk_page() -> str:
    """The page."""
    parts = [HEAD]
    groups = inspect.getsource(_sync.Client._open)
    for name in [line.split("self.")[1].split(" ")[0] for line in groups.splitlines()[1:]]:
        kind = getattr(_sync, f"{name.title().replace('_', '')}Calls")
        parts.append(f"## client.{name}\n\n{inspect.getdoc(kind)}\n")
        parts += [
            _call(name, call, function)
            for call, function in vars(kind).items()
            if not call.startswith("_")
        ]
    return "\n".join(parts)


def _call(group: str, name: str, function: Any) -> str:
    signature = inspect.signature(function)
    given: list[str] = []
    for each in list(signature.parameters.values())[1:]:
        if each.kind is each.KEYWORD_ONLY and "*" not in given:
            given.append("*")
        optional = each.default is not each.empty
        given.append(f"{each.name}={each.default}" if optional else each.name)
    operation = OPERATIONS[f"{group}.{name}"]
    result = str(signature.return_annotation).replace("m.", "models.")
    text = (inspect.getdoc(function) or "").split("\n\nArgs:")[0]
    lines = [
        f"### {group}.{name}",
        "",
        f"`client.{group}.{name}({', '.join(given)}) -> {result}`",
        "",
        f"`{operation.method} {operation.path}`, scope {operation.scope or 'none'}. {' '.join(text.split())}",
        "",
    ]
    return "\n".join(lines)
