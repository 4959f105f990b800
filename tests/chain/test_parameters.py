"""Parameters are checked before anything is signed.

given the parameters of the development cast
├── they should keep every rule
├── when one rule is broken: they should be refused, with the field and what is allowed
└── those of the scripts should be the same
given a file of parameters
├── when a field is missing, unknown or wrong: it should be named with its file and line
├── when it is of a succession: its people should be four who may act, and the successor counted on
└── when it is no YAML, or not there: it should be a fault
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.chain import ROOT

from genbo.chain.development import FIRST_INVESTOR_KEY, development_parameters, person
from genbo.chain.keys import development_key
from genbo.chain.parameter_files import load_platform, load_product
from genbo.chain.parameters import PlatformParameters, SafeContracts
from genbo.chain.successor.parameter_file import load_succession
from genbo.chain.successor.record import MUST_DIFFER
from genbo.governance import Duty
from genbo.kernel import ZERO_ADDRESS, Address, Fault, Reason, Refusal

PARAMS = ROOT / "scripts" / "params"
SOMEBODY = development_key(500).address


def _with_safe(name: str, **changed: Any) -> PlatformParameters:
    parameters = development_parameters()
    safe = replace(parameters.safes[name], **changed)
    return replace(parameters, safes={**parameters.safes, name: safe})


def _with_operators(**changed: tuple[Address, ...]) -> PlatformParameters:
    parameters = development_parameters()
    named = {Duty[name]: accounts for name, accounts in changed.items()}
    return replace(parameters, operators={**parameters.operators, **named})


def _without_safe(name: str) -> PlatformParameters:
    parameters = development_parameters()
    kept = {key: safe for key, safe in parameters.safes.items() if key != name}
    return replace(parameters, safes=kept)


def test_development_parameters__keep_every_rule() -> None:
    development_parameters().check()


def _owners(*names: str) -> tuple[Address, ...]:
    return tuple(person(name).address for name in names)


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        (_with_safe("issue", threshold=1), "safes.issue.threshold"),
        (_with_safe("issue", threshold=4), "safes.issue.threshold"),
        (_with_safe("issue", owners=_owners("issue-1", "issue-1", "issue-2")), "safes.issue.owners"),
        (_with_safe("issue", owners=(ZERO_ADDRESS, SOMEBODY)), "safes.issue.owners"),
        (_with_safe("compliance", duties=(Duty.RELEASER,)), "safes.compliance.duties"),
        (_with_safe("issue", duties=(Duty.ISSUER, Duty.PRODUCT_CREATOR, Duty.FACTORY)), "safes.issue.duties"),
        (_without_safe("supervision"), "safes"),
        (_without_safe("governance"), "safes"),
        (_with_operators(ISSUER=(SOMEBODY,)), "operators.ISSUER"),
        (_with_operators(FACTORY=(SOMEBODY,)), "operators.FACTORY"),
        (_with_operators(STOPPER=()), "operators.STOPPER"),
        (_with_operators(STOPPER=(SOMEBODY, SOMEBODY)), "operators.STOPPER"),
        (_with_operators(STOPPER=(ZERO_ADDRESS,)), "operators.STOPPER"),
        # Persons that would hold two duties that exclude each other:
        (_with_operators(STOPPER=_owners("supervisor-2")), "STOPPER, RESUMER"),
        (_with_safe("supervision", owners=_owners("operator-1", "supervisor-2")), "STOPPER, RESUMER"),
        (_with_operators(RESTRICTOR=_owners("issue-3")), "ISSUER, RESTRICTOR"),
        (_with_safe("issue", owners=_owners("compliance-3", "issue-2")), "ISSUER, RESTRICTOR"),
        (_with_operators(DISTRIBUTOR=_owners("repair-1")), "DISTRIBUTOR, REPAIRER"),
    ],
)  # fmt: skip
def test_rule_broken__is_refused_with_its_field(parameters: PlatformParameters, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        parameters.check()
    assert refused.value.reason is Reason.FIELD_INVALID
    assert refused.value.facts["field"] == field
    assert refused.value.facts["allowed"]


# Files ----------------------------------------------------------------------------------------------


def resolve(name: str) -> Address:
    if name.startswith("test:"):
        return development_key(int(name.removeprefix("test:"))).address
    if name.startswith("0x") and len(name) == 42:
        return Address(name)
    raise ValueError(name)


@pytest.mark.parametrize("network", ["local", "node"])
def test_parameters_of_the_scripts__are_those_of_the_cast(network: str) -> None:
    file = load_platform(PARAMS / network / "platform.yaml", resolve)
    assert file.parameters == development_parameters()
    assert file.deployer == "test:0"
    product = load_product(PARAMS / network / "product.yaml", resolve)
    assert product.terms.product_id == "SHIBUYA-JINNAN"
    assert product.terms.authorised_cap == 1_453
    assert product.terms.initial_beneficiary == development_key(FIRST_INVESTOR_KEY).address
    assert product.group_enabled
    assert product.approvals == {}


@pytest.mark.parametrize(
    "path", sorted(PARAMS.rglob("*.yaml")), ids=lambda path: path.parent.name + "/" + path.name
)
def test_parameters_of_the_scripts__every_value_has_its_source_beside_it(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        value = line.split(":", 1)[1].strip() if ":" in line and not line.startswith("#") else ""
        if value and not value.startswith("#"):
            assert " # " in line, f"line {number} has no source: {line}"


def _platform(tmp_path: Path, change: Mapping[str, str]) -> Path:
    text = (PARAMS / "local" / "platform.yaml").read_text("utf-8")
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "platform.yaml"
    path.write_text(text, "utf-8")
    return path


def _line(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


INVALID, MISSING, UNKNOWN = Reason.FIELD_INVALID, Reason.FIELD_MISSING, Reason.FIELD_UNKNOWN
GOVERNANCE = "safes.governance"


@pytest.mark.parametrize(
    ("old", "new", "reason", "field", "at"),
    [
        ('deployer: "test:0"', "deployer: 7", INVALID, "deployer", "deployer:"),
        ('deployer: "test:0"', "", MISSING, "deployer", None),
        ("threshold: 2", "threshold: two", INVALID, f"{GOVERNANCE}.threshold", "threshold: two"),
        ("threshold: 2", "# nothing", MISSING, f"{GOVERNANCE}.threshold", "  governance:"),
        ("threshold: 2", "threshold: 2\n    hue: red", UNKNOWN, f"{GOVERNANCE}.hue", "hue: red"),
        ("duties: [ADMIN]", "duties: [EMPEROR]", INVALID, f"{GOVERNANCE}.EMPEROR", None),
        ("duties: [ADMIN]", "duties: ADMIN", INVALID, f"{GOVERNANCE}.duties", "duties: ADMIN"),
        ('"test:17"', '"nobody"', INVALID, f"{GOVERNANCE}.owners", '"nobody"'),
        ('"test:17"', "0x17", INVALID, f"{GOVERNANCE}.owners", "0x17"),
        ("  STOPPER:", "  STOPER:", INVALID, "operators.STOPER", "  STOPER:"),
        (
            "safe_contracts: null",
            'safe_contracts: {singleton: "test:1"}',
            MISSING,
            "safe_contracts.factory",
            "safe_contracts:",
        ),
        ("safe_contracts: null", "safes_of: null", UNKNOWN, "safes_of", "safes_of:"),
    ],
)
def test_field_wrong__is_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, reason: Reason, field: str, at: str | None
) -> None:
    path = _platform(tmp_path, {old: new})
    with pytest.raises(Refusal) as refused:
        load_platform(path, resolve)
    assert refused.value.reason is reason
    assert refused.value.facts["field"] == field
    assert refused.value.facts["file"] == str(path)
    if at is not None:
        assert refused.value.facts["line"] == _line(path, at)


def test_safe_contracts__are_taken_where_a_network_has_them(tmp_path: Path) -> None:
    public = '{singleton: "test:1", factory: "test:2", handler: "test:3"}'
    path = _platform(tmp_path, {"safe_contracts: null": f"safe_contracts: {public}"})
    singleton, factory, handler = (development_key(number).address for number in (1, 2, 3))
    assert load_platform(path, resolve).parameters.safe_contracts == SafeContracts(
        singleton=singleton, factory=factory, handler=handler
    )


@pytest.mark.parametrize("content", [b"", b"- a list", b"a: [1", b"\xff\xfe", b"a: {b"])
def test_file__no_fields__is_a_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "platform.yaml"
    path.write_bytes(content)
    with pytest.raises(Fault) as fault:
        load_platform(path, resolve)
    assert fault.value.reason is Reason.FILE_UNREADABLE
    assert fault.value.facts["file"] == str(path)


def test_file__not_there__is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Fault) as fault:
        load_product(tmp_path / "product.yaml", resolve)
    assert fault.value.reason is Reason.FILE_UNREADABLE


def test_product__a_wrong_term__is_named_in_the_file_of_the_terms(tmp_path: Path) -> None:
    example = (ROOT / "examples" / "shibuya-jinnan" / "product.yaml").read_text("utf-8")
    terms = tmp_path / "terms.yaml"
    terms.write_text(example.replace("set_quantity: 1453", "set_quantity: many"), "utf-8")
    product = tmp_path / "product.yaml"
    text = (PARAMS / "local" / "product.yaml").read_text("utf-8")
    product.write_text(
        text.replace("../../../examples/shibuya-jinnan/product.yaml", "terms.yaml"), "utf-8"
    )
    with pytest.raises(Refusal) as refused:
        load_product(product, resolve)
    assert refused.value.facts["field"] == "set_quantity"
    assert refused.value.facts["file"] == str(terms)
    assert refused.value.facts["line"] == _line(terms, "set_quantity")


def test_product__signatures_made_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "product.yaml"
    text = (PARAMS / "local" / "product.yaml").read_text("utf-8")
    text = text.replace("../../../", f"{ROOT}/")
    signature = "0x" + "5a" * 65
    path.write_text(f'{text}\napprovals:\n  "0xabcd":\n    "test:1": "{signature}"\n', "utf-8")
    product = load_product(path, resolve)
    assert product.approvals == {"0xabcd": {development_key(1).address: b"\x5a" * 65}}
    path.write_text(f'{text}\napprovals:\n  "0xabcd":\n    "test:1": "0x5a5a"\n', "utf-8")
    with pytest.raises(Refusal) as refused:
        load_product(path, resolve)
    assert refused.value.facts["field"] == "approvals.0xabcd.test:1"


# A succession -----------------------------------------------------------------------------------------


def _succession(folder: Path, changes: Mapping[str, str]) -> Path:
    text = (PARAMS / "local" / "successor.yaml").read_text("utf-8")
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "successor.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("folder", ["local", "node"])
def test_succession__of_the_scripts__counts_on_and_names_four_who_may_act(folder: str) -> None:
    file = load_succession(PARAMS / folder / "successor.yaml", resolve)
    assert (file.succession.product, file.succession.successor) == (
        "SHIBUYA-JINNAN",
        "SHIBUYA-JINNAN.2",
    )
    for pair in MUST_DIFFER:
        assert len({file.people[role] for role in pair}) == 2
    officers = development_parameters().operators
    for duty, name in file.persons.items():
        assert resolve(name) in officers[duty]
    signers = {resolve(name) for name in file.signers}
    for name, safe in development_parameters().safes.items():
        if set(safe.duties) != {Duty.RESUMER}:
            assert len(signers & set(safe.owners)) >= safe.threshold, name


def test_succession__successor_named__is_that(tmp_path: Path) -> None:
    path = _succession(tmp_path, {"successor: null": "successor: JINNAN-II"})
    assert load_succession(path, resolve).succession.successor == "JINNAN-II"


@pytest.mark.parametrize(
    ("old", "new", "reason", "field"),
    [
        ("  tester:", "  taster:", UNKNOWN, "people.taster"),
        ('  approver: "test:17"', "", MISSING, "people.approver"),
        ('reason: "0x5a', 'reason: "0x', INVALID, "reason"),
        ("reference: SUC-2026-1", "reference: 2026", INVALID, "reference"),
        ("  RESTRICTOR:", "  EMPEROR:", INVALID, "persons.EMPEROR"),
        ("carrier:", "barrier:", MISSING, "carrier"),
        ("product: SHIBUYA", "colour: red\nproduct: SHIBUYA", UNKNOWN, "colour"),
    ],
)
def test_succession__field_wrong__is_named(
    tmp_path: Path, old: str, new: str, reason: Reason, field: str
) -> None:
    path = _succession(tmp_path, {old: new})
    with pytest.raises(Refusal) as refused:
        load_succession(path, resolve)
    assert refused.value.reason is reason
    assert refused.value.facts["field"] == field
    assert refused.value.facts["file"] == str(path)


def test_succession__reference_too_long__is_refused(tmp_path: Path) -> None:
    path = _succession(tmp_path, {"reference: SUC-2026-1": f"reference: {'S' * 25}"})
    with pytest.raises(Refusal) as refused:
        load_succession(path, resolve)
    assert refused.value.reason is INVALID
