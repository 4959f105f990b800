"""Verify finds what differs between the chain and what was meant.

given the platform and product as they were deployed
└── nothing should differ
given one thing changed on the chain
└── exactly that should be named: a duty held or lost or delayed, a function wired elsewhere, a target closed, a Safe's
    owner, threshold, module or guard, a product that nobody recorded
given a record that points elsewhere
└── the code should be named; where the code is ours, whom it trusts and who may use it
given parameters that differ from the record
└── the difference should be named
when asked to raise
└── the first difference should be a fault with its facts
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from tests.support.chain import CARRIER, EVERYBODY, PRODUCT, Stage

from genbo.chain import artifacts
from genbo.chain.call import Call, creation
from genbo.chain.contracts.safe import Safe
from genbo.chain.deployments import Deployment, TokenRecord
from genbo.chain.development import person
from genbo.chain.documents import deploy_documents, plan_documents
from genbo.chain.keys import development_key
from genbo.chain.steps import collect_from
from genbo.chain.verify import Drift, require, verify
from genbo.governance import Contract, Duty, bound_functions
from genbo.kernel import Address, Digest, Fault, ProductId, Reason

SOMEBODY = development_key(500).address


def _drifts(stage: Stage, deployment: Deployment | None = None) -> list[Drift]:
    return verify(stage.node, deployment or stage.deployment, stage.parameters).value


def test_as_deployed__nothing_differs(stage: Stage) -> None:
    found = verify(stage.node, stage.deployment, stage.parameters)
    assert found.value == []
    assert found.stamp == stage.node.stamp()
    assert verify(stage.node, stage.deployment).value == []
    assert require(stage.node, stage.deployment, stage.parameters) == found.stamp


def _by_admin(stage: Stage, *calls: Call) -> None:
    for call in calls:
        stage.together(call, Duty.ADMIN)


def _by_safe(stage: Stage, name: str, *arguments: object) -> None:
    """The Safe that holds ISSUER changes itself."""
    address = stage.deployment.safe_of(Duty.ISSUER).address
    call = Call(address, Safe.interface().encode(name, *arguments), name)
    stage.together(call, Duty.ISSUER)


def _sentinel(stage: Stage) -> str:
    return "0x0000000000000000000000000000000000000001"


def _yes_sayer(stage: Stage) -> Address:
    """A contract that answers 1 to everything, also to whether it is a guard."""
    running = bytes.fromhex("600160005260206000f3")
    code = bytes([0x60, len(running), 0x60, 0x0C, 0x60, 0, 0x39, 0x60, len(running), 0x60, 0, 0xF3])
    sent = stage.sender.send(Call(None, code + running, "create"), by=CARRIER)
    assert sent.created is not None
    return sent.created


Tamper = Callable[[Stage], None]


def _selector(signature: str) -> bytes:
    return artifacts.load("SecurityToken").interface.function(signature).selector


TAMPERINGS: Sequence[tuple[str, Tamper, str]] = [
    (
        "a duty granted to somebody",
        lambda s: _by_admin(s, s.manager.grant(Duty.REPAIRER, SOMEBODY)),
        f"REPAIRER of {SOMEBODY}: expected not held, found held",
    ),
    (
        "ADMIN granted to somebody",
        lambda s: _by_admin(s, s.manager.grant(Duty.ADMIN, SOMEBODY)),
        f"ADMIN of {SOMEBODY}: expected not held, found held",
    ),
    (
        "a role that is no duty",
        lambda s: _by_admin(
            s,
            Call(s.manager.address, s.manager.interface().encode("grantRole", 77, SOMEBODY, 0), ""),
        ),
        f"role 77 of {SOMEBODY}: expected not held, found held",
    ),
    (
        "a duty revoked",
        lambda s: _by_admin(s, s.manager.revoke(Duty.STOPPER, person("operator-1").address)),
        f"STOPPER of {person('operator-1').address}: expected held, found not held",
    ),
    (
        "a duty given up",
        lambda s: (
            s.alone(s.manager.renounce(Duty.STOPPER, person("operator-2").address), "operator-2")
            and None
        ),
        f"STOPPER of {person('operator-2').address}: expected held, found not held",
    ),
    (
        "a duty delayed",
        lambda s: _by_admin(
            s,
            Call(
                s.manager.address,
                s.manager.interface().encode(
                    "grantRole", int(Duty.STOPPER), person("operator-1").address, 3_600
                ),
                "",
            ),
        ),
        f"STOPPER of {person('operator-1').address}: expected held, at once",
    ),
    (
        "a duty granted by somebody else than ADMIN",
        lambda s: _by_admin(
            s, Call(s.manager.address, s.manager.interface().encode("setRoleAdmin", 5, 6), "")
        ),
        "keepers of REPAIRER: expected (0, 0), found (6, 0)",
    ),
    (
        "a guardian",
        lambda s: _by_admin(
            s, Call(s.manager.address, s.manager.interface().encode("setRoleGuardian", 5, 6), "")
        ),
        "keepers of REPAIRER: expected (0, 0), found (0, 6)",
    ),
    (
        "a function wired to another duty",
        lambda s: _by_admin(
            s,
            s.manager.wire(s.token.address, [_selector("mint(address,uint256)")], Duty.DISTRIBUTOR),
        ),
        "SecurityToken.mint(address,uint256)",
    ),
    (
        "a function open to everybody",
        lambda s: _by_admin(
            s,
            Call(
                s.manager.address,
                s.manager.interface().encode(
                    "setTargetFunctionRole",
                    s.platform.address,
                    [s.platform.interface().function("resume").selector],
                    2**64 - 1,
                ),
                "",
            ),
        ),
        "Platform.resume()",
    ),
    (
        "a function without a duty wired",
        lambda s: _by_admin(
            s, s.manager.wire(s.token.address, [_selector("transfer")], Duty.ISSUER)
        ),
        "SecurityToken.transfer(address,uint256)",
    ),
    (
        "a function that does not exist wired",
        lambda s: _by_admin(s, s.manager.wire(s.token.address, [b"\x12\x34\x56\x78"], Duty.ISSUER)),
        "0x12345678",
    ),
    (
        "a token closed",
        lambda s: _by_admin(
            s,
            Call(
                s.manager.address,
                s.manager.interface().encode("setTargetClosed", s.token.address, True),
                "",
            ),
        ),
        "SecurityToken at",
    ),
    (
        "a target's admin delayed",
        lambda s: (
            _by_admin(
                s,
                Call(
                    s.manager.address,
                    s.manager.interface().encode("setTargetAdminDelay", s.token.address, 60),
                    "",
                ),
            ),
            s.node.advance_to(s.node.stamp().at.replace(year=2022)),
        )[0],
        "admin delay of",
    ),
    (
        "an owner more",
        lambda s: _by_safe(s, "addOwnerWithThreshold", SOMEBODY, 2),
        "owners of Safe issue",
    ),
    (
        "an owner another",
        lambda s: _by_safe(
            s,
            "swapOwner",
            _sentinel(s),
            s.deployment.safe_of(Duty.ISSUER).owners[0],
            SOMEBODY,
        ),
        "owners of Safe issue",
    ),
    (
        "the threshold lowered",
        lambda s: _by_safe(s, "changeThreshold", 1),
        "threshold of Safe issue: expected 2, found 1",
    ),
    (
        "a module that acts without signatures",
        lambda s: _by_safe(s, "enableModule", SOMEBODY),
        f"modules of Safe issue: expected [], found ['{SOMEBODY}']",
    ),
    (
        "another handler",
        lambda s: _by_safe(s, "setFallbackHandler", SOMEBODY),
        "handler of Safe issue",
    ),
    (
        "a guard that may refuse the Safe's acts",
        lambda s: _by_safe(s, "setGuard", _yes_sayer(s)),
        "guard of Safe issue",
    ),
]


@pytest.mark.parametrize(
    ("what", "tamper", "named"), TAMPERINGS, ids=[each[0] for each in TAMPERINGS]
)
def test_one_thing_changed__exactly_that_is_named(
    stage: Stage, what: str, tamper: Tamper, named: str
) -> None:
    tamper(stage)
    drifts = _drifts(stage)
    assert len(drifts) == 1, [str(drift) for drift in drifts]
    assert str(drifts[0]).startswith(named)
    assert drifts[0].reason is Reason.WIRING_MISMATCH
    with pytest.raises(Fault) as raised:
        require(stage.node, stage.deployment, stage.parameters)
    assert raised.value.reason is Reason.WIRING_MISMATCH
    assert raised.value.facts["what"] == drifts[0].what


def test_stopper_becomes_an_owner_of_the_account_that_resumes(stage: Stage) -> None:
    address = stage.deployment.safe_of(Duty.RESUMER).address
    stopper = person("operator-1").address
    call = Call(address, Safe.interface().encode("addOwnerWithThreshold", stopper, 2), "")
    stage.together(call, Duty.RESUMER)
    named = [drift.what for drift in _drifts(stage)]
    assert named == ["owners of Safe supervision", f"owner {stopper} of Safe supervision"]


def test_product_that_nobody_recorded__is_named(stage: Stage) -> None:
    stage.create_product(ProductId("P2"))
    [drift] = _drifts(stage)
    assert drift.what == "products registered"


def test_record_points_at_something_else__code_is_named(stage: Stage) -> None:
    sent = stage.sender.send(creation(artifacts.load("PlainToken")), by=CARRIER)
    assert sent.created is not None
    record = stage.deployment.tokens[PRODUCT]
    for address, found in ((sent.created, "other code"), (SOMEBODY, "no code")):
        token = TokenRecord(address=address, block=record.block, code_hash=record.code_hash)
        deployment = stage.deployment.with_token(PRODUCT, token)
        codes = _drifts_of_code(stage, deployment)
        assert [(drift.what, drift.actual) for drift in codes] == [
            (f"SecurityToken at {address}", found)
        ]
        with pytest.raises(Fault) as raised:
            require(stage.node, deployment, stage.parameters)
        assert raised.value.reason is Reason.BYTECODE_MISMATCH
        assert raised.value.facts == {"contract": "SecurityToken", "address": address}


def _drifts_of_code(stage: Stage, deployment: Deployment) -> list[Drift]:
    drifts = _drifts(stage, deployment)
    return [drift for drift in drifts if drift.reason is Reason.BYTECODE_MISMATCH]


@pytest.mark.parametrize(
    "field",
    [
        *("duty_manager", "platform", "factory", "acts", "services", "settlement", "anchor"),
        "disbursement",
        *("safe_singleton", "safe_factory", "safe_handler"),
    ],
)
def test_record_points_at_nothing__code_is_named_and_verify_goes_on(
    stage: Stage, field: str
) -> None:
    deployment = replace(stage.deployment, **{field: SOMEBODY})
    codes = _drifts_of_code(stage, deployment)
    assert [drift.what.partition(" at ")[2] for drift in codes] == [SOMEBODY]


_OF_PAYMENTS = {
    "settlement": "settlement of Disbursement",
    "anchor": "anchors of Disbursement",
}
"""What the payment contract asks, and so no longer finds where the record has it."""


@pytest.mark.parametrize(
    ("field", "artifact"), [("settlement", "Settlement"), ("anchor", "RegisterAnchor")]
)
def test_contract_that_asks_another_manager__is_named(
    stage: Stage, field: str, artifact: str
) -> None:
    """Our code, but bound to an access manager of somebody's own, and wired to nobody in ours."""
    sent = stage.sender.send(creation(artifacts.load(artifact), SOMEBODY), by=CARRIER)
    assert sent.created is not None
    drifts = _drifts(stage, replace(stage.deployment, **{field: sent.created}))
    named = {drift.what: drift for drift in drifts}
    assert named.pop(f"authority of {artifact}").actual == SOMEBODY
    assert named.pop(_OF_PAYMENTS[field]).expected == sent.created
    functions = {signature for signature, _ in bound_functions(Contract(artifact))}
    assert set(named) == {f"{artifact}.{each} at {sent.created}" for each in functions}
    assert not _drifts_of_code(stage, replace(stage.deployment, **{field: sent.created}))


def test_payments__under_another_manager_and_another_list__are_named(stage: Stage) -> None:
    other = creation(artifacts.load("Disbursement"), SOMEBODY, SOMEBODY, SOMEBODY)
    sent = stage.sender.send(other, by=CARRIER)
    assert sent.created is not None
    named = {
        drift.what for drift in _drifts(stage, replace(stage.deployment, disbursement=sent.created))
    }
    (function,) = {signature for signature, _ in bound_functions(Contract.DISBURSEMENT)}
    assert named == {
        "authority of Disbursement",
        *_OF_PAYMENTS.values(),
        f"Disbursement.{function} at {sent.created}",
    }


def test_payments__deployed_before_there_were_any__are_not_missed(stage: Stage) -> None:
    assert _drifts(stage, replace(stage.deployment, disbursement=None)) == []


def test_acts_that_another_manager_may_use__are_named(stage: Stage) -> None:
    acts = creation(artifacts.load("TokenActs"), SOMEBODY, CARRIER.address)
    sent = stage.sender.send(acts, by=CARRIER)
    assert sent.created is not None
    drifts = _drifts(stage, replace(stage.deployment, acts=sent.created))
    assert [drift.what for drift in drifts] == [
        f"acts of token code {artifacts.load('SecurityToken').code_hash}",
        "authority of TokenActs",
        "services of TokenActs",
        f"acts of the token of {PRODUCT}",
    ]


def test_services_that_are_not_those_the_acts_run__are_named(stage: Stage) -> None:
    sent = stage.sender.send(creation(artifacts.load("TokenServices")), by=CARRIER)
    assert sent.created is not None
    drifts = _drifts(stage, replace(stage.deployment, services=sent.created))
    assert [drift.what for drift in drifts] == [
        "services of TokenActs",
        f"services of the token of {PRODUCT}",
    ]


@pytest.mark.parametrize(
    ("field", "artifact", "signature"),
    [
        ("settlement", "Settlement", "allowCash(address,bool)"),
        ("anchor", "RegisterAnchor", "anchor(uint8,bytes32,uint32,bytes32,uint64)"),
        (
            "disbursement",
            "Disbursement",
            "pay((bytes32,uint32,bytes32,address,address),(uint32,address,uint64)[])",
        ),
    ],
)
def test_settlement_and_anchor__wired_elsewhere__are_named(
    stage: Stage, field: str, artifact: str, signature: str
) -> None:
    address = getattr(stage.deployment, field)
    selector = artifacts.load(artifact).interface.function(signature).selector
    _by_admin(stage, stage.manager.wire(address, [selector], Duty.STOPPER))
    [drift] = _drifts(stage)
    assert drift.what == f"{artifact}.{signature} at {address}"
    assert drift.actual == "STOPPER"


def test_code_that_this_package_does_not_ship__approved_for_products__is_named(
    stage: Stage,
) -> None:
    foreign = Digest("0x" + "cc" * 32)
    approve = stage.factory.approve_code(foreign, stage.deployment.acts)
    stage.together(approve, Duty.PRODUCT_CREATOR)
    [drift] = _drifts(stage)
    assert (drift.what, drift.expected) == (f"acts of token code {foreign}", "not approved")
    stage.together(stage.factory.approve_code(foreign, None), Duty.PRODUCT_CREATOR)
    assert _drifts(stage) == []


def _documented(stage: Stage, documents: Address) -> Deployment:
    record = replace(stage.deployment.tokens[PRODUCT], documents=documents)
    return stage.deployment.with_token(PRODUCT, record)


def test_documents__as_deployed__do_not_differ_and_each_change_is_named(stage: Stage) -> None:
    plan = plan_documents(stage.node, stage.deployment, PRODUCT, carrier=CARRIER.address)
    deployment = deploy_documents(plan, stage.sender, collect=collect_from(EVERYBODY), by=CARRIER)
    assert _drifts(stage, deployment) == []
    selector = artifacts.load("DocumentRegistry").interface.function("setDocument").selector
    _by_admin(stage, stage.manager.wire(plan.registry, [selector], Duty.ANCHORER))
    [drift] = _drifts(stage, deployment)
    assert drift.what == (
        f"DocumentRegistry.setDocument(bytes32,string,bytes32) at {plan.registry}"
    )
    codes = _drifts_of_code(stage, _documented(stage, SOMEBODY))
    assert [drift.what for drift in codes] == [f"DocumentRegistry at {SOMEBODY}"]


def test_documents_of_another_token_or_manager__are_named(stage: Stage) -> None:
    registry = creation(artifacts.load("DocumentRegistry"), SOMEBODY, CARRIER.address)
    sent = stage.sender.send(registry, by=CARRIER)
    assert sent.created is not None
    drifts = _drifts(stage, _documented(stage, sent.created))
    assert [drift.what for drift in drifts] == [
        f"authority of the documents of {PRODUCT}",
        f"token of the documents of {PRODUCT}",
        f"DocumentRegistry.removeDocument(bytes32) at {sent.created}",
        f"DocumentRegistry.setDocument(bytes32,string,bytes32) at {sent.created}",
    ]


def test_account_that_runs_another_safe_code__is_named_and_not_asked(stage: Stage) -> None:
    """Whoever made the account decides what it runs: here a copy of the Safe that is not the recorded one."""
    sent = stage.sender.send(creation(artifacts.load("Safe")), by=CARRIER)
    assert sent.created is not None
    deployment = replace(stage.deployment, safe_singleton=sent.created)
    assert [drift.what for drift in _drifts(stage, deployment)] == [
        f"singleton of Safe {name}" for name in deployment.safes
    ]


def test_parameters_differ_from_the_record__are_named(stage: Stage) -> None:
    issue = stage.parameters.safes["issue"]
    parameters = replace(
        stage.parameters,
        safes={**stage.parameters.safes, "issue": replace(issue, threshold=3)},
        operators={**stage.parameters.operators, Duty.STOPPER: (SOMEBODY,)},
    )
    drifts = verify(stage.node, stage.deployment, parameters).value
    assert [drift.what for drift in drifts] == ["threshold of Safe issue", "STOPPER"]


def test_members_from_events__are_what_the_contract_says(stage: Stage) -> None:
    _by_admin(stage, stage.manager.grant(Duty.STOPPER, SOMEBODY))
    _by_admin(stage, stage.manager.revoke(Duty.STOPPER, SOMEBODY))
    members = stage.manager.members(stage.deployment.first_block).value
    accounts = {account for holders in members.values() for account in holders} | {
        SOMEBODY,
        CARRIER.address,
    }
    for duty in Duty:
        for account in accounts:
            holds = stage.manager.membership(duty, account).value.holds
            assert holds == (account in members.get(int(duty), {}))
