"""FollowTheMoney JSON lines (OpenSanctions `entities.ftm.json`, `targets.nested.json`): one entity per line.

Only targets are taken. Addresses, sanctions, documents and relations are entities too, but nobody's name.
"""

import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from genbo.compliance.screening import Kind, SanctionsList
from genbo.providers.sanctions.file import LINE_AT_MOST, Entries, HashingFile, invalid, open_list
from genbo.providers.sanctions.words import SCHEMATA, iso_births

SOURCE = "followthemoney-json"
_NAMES = ("name", "alias", "weakAlias", "previousName")


def read_followthemoney(path: Path, *, name: str, published: date) -> SanctionsList:
    """The list in the file at `path`, whole.

    The file does not say when it was published; its `index.json` does, and the operator gives it as `published`.

    Raises:
        Fault: `file_unreadable`.
        Refusal: `screening_list_invalid`, with the line.
    """
    entries = Entries(path)
    with open_list(path) as file:
        hashed = HashingFile(file)
        lines = io.BufferedReader(hashed)
        number = 0
        while line := lines.readline(LINE_AT_MOST):
            number += 1
            if len(line) == LINE_AT_MOST:
                raise invalid(path, "a line that is too long", line=number)
            if line.strip():
                _take(path, entries, line, number)
        lines.detach()
        return entries.as_list(
            name=name, source=SOURCE, published=published, digest=hashed.digest()
        )


def _take(path: Path, entries: Entries, line: bytes, number: int) -> None:
    try:
        entity = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise invalid(path, "not JSON", line=number) from None
    if not isinstance(entity, dict):
        raise invalid(path, "not an object", line=number)
    id_, schema = entity.get("id"), entity.get("schema")
    properties = entity.get("properties")
    if not isinstance(id_, str):
        raise invalid(path, "no text", line=number, field="id")
    if not isinstance(schema, str):
        raise invalid(path, "no text", line=number, field="schema")
    if not isinstance(properties, dict):
        raise invalid(path, "no object", line=number, field="properties")
    if entity.get("target", True) is False:
        return
    names = [text for each in _NAMES for text in _texts(path, properties, each, number)]
    if schema not in SCHEMATA and ("target" not in entity or not names):
        return
    entries.add(
        id=id_,
        kind=SCHEMATA.get(schema, Kind.UNKNOWN),
        names=names or _composed(path, properties, number),
        births=iso_births(_texts(path, properties, "birthDate", number)),
        programs=_programs(path, properties, number),
        line=number,
    )


def _texts(path: Path, properties: dict[str, Any], name: str, number: int) -> list[str]:
    values = properties.get(name, [])
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise invalid(path, "no list of texts", line=number, field=name)
    return values


def _composed(path: Path, properties: dict[str, Any], number: int) -> list[str]:
    """A name from its parts, where an entity gives only these."""
    parts = [_texts(path, properties, each, number)[:1] for each in ("firstName", "lastName")]
    return [" ".join(part[0] for part in parts if part)]


def _programs(path: Path, properties: dict[str, Any], number: int) -> Iterable[str]:
    found = _texts(path, properties, "programId", number)
    nested = properties.get("sanctions", [])
    if isinstance(nested, list):
        for sanction in nested:
            inner = sanction.get("properties") if isinstance(sanction, dict) else None
            if isinstance(inner, dict):
                found = [*found, *_texts(path, inner, "programId", number)]
    return found
