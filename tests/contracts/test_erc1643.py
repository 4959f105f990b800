"""ERC-1643 in `DocumentRegistry`, clause by clause. Outcomes: erc1643.tree."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from tests.contracts.actors import TwoPersons
from tests.contracts.handle import Handle, error, event
from tests.contracts.stage import Stage, ref

from contract_sources import ROOT

NAME, DIGEST, OTHER = ref("PROSPECTUS"), b"\xd1" * 32, b"\xd2" * 32
URI = "https://example.jp/目論見書.pdf"


@pytest.fixture
def registry(stage: Stage) -> Handle:
    """The product's registry, empty."""
    return stage.documents


@pytest.fixture
def keeper(stage: Stage) -> TwoPersons:
    """DOCUMENT_KEEPER."""
    return stage.issuer


def names(registry: Handle) -> list[bytes]:
    return list(registry.ask("getAllDocuments"))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("function", "getDocument(bytes32) returns (string,bytes32,uint256)"),
        ("function", "setDocument(bytes32,string,bytes32)"),
        ("function", "removeDocument(bytes32)"),
        ("function", "getAllDocuments() returns (bytes32[])"),
        ("event", "DocumentUpdated(bytes32 indexed,string,bytes32)"),
        ("event", "DocumentRemoved(bytes32 indexed,string,bytes32)"),
    ],
)
def test_interface__is_declared_as_the_standard_has_it(kind: str, expected: str) -> None:
    path = ROOT / "src/genbo/chain/artifacts/DocumentRegistry.json"
    abi: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["abi"]
    entry = next(
        each
        for each in abi
        if each["type"] == kind and each.get("name") == expected.partition("(")[0]
    )
    inputs = ",".join(
        each["type"] + (" indexed" if each.get("indexed") else "") for each in entry["inputs"]
    )
    outputs = ",".join(each["type"] for each in entry.get("outputs", []))
    found = f"{entry['name']}({inputs})" + (f" returns ({outputs})" if outputs else "")
    assert found == expected


def test_registry__says_whose_documents_these_are(stage: Stage, registry: Handle) -> None:
    assert registry.ask("token") == stage.token.address
    assert (names(registry), registry.ask("getDocument", NAME)) == ([], ("", bytes(32), 0))


def test_set__is_found_and_fires(stage: Stage, registry: Handle, keeper: TwoPersons) -> None:
    """MUST emit DocumentUpdated with the details."""
    at = stage.now + 50
    stage.next_block_at(at)
    assert keeper.does(registry("setDocument", NAME, URI, DIGEST)) == [
        event("DocumentUpdated", NAME, URI, DIGEST)
    ]
    assert registry.ask("getDocument", NAME) == (URI, DIGEST, at)
    assert names(registry) == [NAME]


@pytest.mark.parametrize("uri", ["", "x" * 31, "x" * 32, "x" * 200, URI])
def test_set__any_address__is_kept_as_it_is(registry: Handle, keeper: TwoPersons, uri: str) -> None:
    keeper.does(registry("setDocument", NAME, uri, DIGEST))
    assert registry.ask("getDocument", NAME)[0] == uri


def test_set__again__replaces_and_is_listed_once(
    stage: Stage, registry: Handle, keeper: TwoPersons
) -> None:
    keeper.does(registry("setDocument", NAME, "x" * 200, DIGEST))
    at = stage.now + 50
    stage.next_block_at(at)
    assert keeper.does(registry("setDocument", NAME, "short", OTHER)) == [
        event("DocumentUpdated", NAME, "short", OTHER)
    ]
    assert registry.ask("getDocument", NAME) == ("short", OTHER, at)
    assert names(registry) == [NAME]


@pytest.mark.parametrize(("name", "digest"), [(bytes(32), DIGEST), (NAME, bytes(32))])
def test_set__without_name_or_digest__is_refused(
    registry: Handle, keeper: TwoPersons, name: bytes, digest: bytes
) -> None:
    """MUST throw when nothing is stored. The standard leaves the digest to choice; a document that may change
    unnoticed is none here."""
    call = registry("setDocument", name, URI, digest)
    assert keeper.refused(call) == error("DocumentMalformed")


def test_remove__is_gone_and_fires(registry: Handle, keeper: TwoPersons) -> None:
    """MUST emit DocumentRemoved with what it was."""
    keeper.does(registry("setDocument", NAME, URI, DIGEST))
    assert keeper.does(registry("removeDocument", NAME)) == [
        event("DocumentRemoved", NAME, URI, DIGEST)
    ]
    assert (names(registry), registry.ask("getDocument", NAME)) == ([], ("", bytes(32), 0))
    keeper.does(registry("setDocument", NAME, "anew", OTHER))
    assert names(registry) == [NAME]


@pytest.mark.parametrize("state", ["never set", "removed"])
def test_remove__what_is_not_there__is_refused(
    registry: Handle, keeper: TwoPersons, state: str
) -> None:
    """MUST throw when nothing is removed."""
    if state == "removed":
        keeper.does(registry("setDocument", NAME, URI, DIGEST))
        keeper.does(registry("removeDocument", NAME))
    assert keeper.refused(registry("removeDocument", NAME)) == error("DocumentUnknown", NAME)


@pytest.mark.parametrize("order", permutations(range(3)), ids=str)
def test_all__are_those_set_and_not_removed(
    registry: Handle, keeper: TwoPersons, order: tuple[int, ...]
) -> None:
    """MUST: in whatever order they are removed, first, middle or last of the list."""
    left = {ref(f"DOC-{number}"): f"doc:{number}" for number in range(3)}
    for name, uri in left.items():
        keeper.does(registry("setDocument", name, uri, DIGEST))
    for number in order:
        name = ref(f"DOC-{number}")
        keeper.does(registry("removeDocument", name))
        del left[name]
        assert sorted(names(registry)) == sorted(left)
        assert {each: registry.ask("getDocument", each)[0] for each in names(registry)} == left


@pytest.mark.parametrize(
    "by", ["bob", "stranger", "repairer", "restrictor", "admin", "distributor"]
)
def test_set_and_remove__without_the_duty__are_refused(
    stage: Stage, registry: Handle, keeper: TwoPersons, by: str
) -> None:
    keeper.does(registry("setDocument", NAME, URI, DIGEST))
    who = getattr(stage, by)
    for function, arguments in (
        ("setDocument", (NAME, URI, OTHER)),
        ("removeDocument", (NAME,)),
    ):
        assert who.refused(registry(function, *arguments)) == error(
            "DocumentDutyMissing", who.address, registry.selector(function)
        )


def test_set__one_of_the_two_persons_alone__is_refused(
    registry: Handle, keeper: TwoPersons
) -> None:
    for person in keeper.persons:
        call = registry("setDocument", NAME, URI, DIGEST)
        assert person.refused(call).name == "DocumentDutyMissing"
