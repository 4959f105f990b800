"""Who may do what: the printed tables against a live ledger, and every role played. Outcomes: powers_matrix.tree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from tests.contracts.actors import Actor, Person, TwoPersons
from tests.contracts.functions import FUNCTIONS
from tests.contracts.handle import Handle
from tests.contracts.stage import VERIFIED_UNTIL, Stage, ref

from contract_sources import CONTRACTS, ROOT
from genbo.chain import artifacts
from genbo.chain.call import Call
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.governance import (
    MATRIX,
    POWERS,
    Column,
    Contract,
    Duty,
    Holder,
    Role,
    bound_functions,
)
from genbo.governance.matrix import (
    DUTIES_OF,
    bound_functions_of,
    cell,
    duties_of,
    holder_functions,
)

DUTY_MISSING = {
    "TokenDutyMissing",
    "PlatformDutyMissing",
    "FactoryDutyMissing",
    "SettlementDutyMissing",
    "AnchorDutyMissing",
    "DisbursementDutyMissing",
    "DocumentDutyMissing",
    "AccessManagerUnauthorizedAccount",
}
KEY_MISSING = {
    "TokenUnverified": "the own account was never judged, as nobody's is who is no investor",
    "ERC20InsufficientAllowance": "nobody allowed the caller anything",
    "SignatureInvalid": "the signature is not the holder's",
    "SettlementSignatureInvalid": "the signatures are not the parties'",
    "AuthorizationCallerNotRecipient": "only the recipient may send this form",
}
"""What a token or the settlement says to whoever does not speak for a holder."""


# The printed page ---------------------------------------------------------------------------------


def page() -> str:
    return (ROOT / "docs" / "powers.md").read_text("utf-8")


def printed_bound() -> dict[tuple[Contract, str], Duty]:
    """Function to duty, as the page prints it below each duty's heading."""
    found: dict[tuple[Contract, str], Duty] = {}
    part = page().partition("## What each duty reaches")[2].partition("\n## ")[0]
    for section in part.split("\n### ")[1:]:
        duty = Duty[section.splitlines()[0]]
        for contract, signature in re.findall(r"^\| (\w+) \| `([^`]+)` \|$", section, re.M):
            assert (Contract(contract), signature) not in found
            found[Contract(contract), signature] = duty
    return found


def printed_open() -> dict[tuple[Contract, str], str]:
    """Function without a duty to whom it listens to, as the page prints it."""
    part = page().partition("## Functions without a duty")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\w+) \| `([^`]+)` \| (.+) \|$", part, re.M)
    found = {(Contract(contract), signature): caller for contract, signature, caller in rows}
    assert len(found) == len(rows)
    return found


def handles(stage: Stage) -> dict[Contract, Handle]:
    return {
        Contract.TOKEN: stage.token,
        Contract.PLATFORM: stage.platform,
        Contract.FACTORY: stage.factory,
        Contract.SETTLEMENT: stage.settlement,
        Contract.ANCHOR: stage.anchor,
        Contract.DISBURSEMENT: stage.disbursement,
        Contract.DOCUMENTS: stage.documents,
    }


def test_page__every_function_that_changes_something__stands_there_once() -> None:
    bound, open_ = printed_bound(), printed_open()
    assert not bound.keys() & open_.keys()
    for contract in Contract:
        writes = {
            each.signature for each in artifacts.load(contract).interface.functions if each.writes
        }
        assert {name for on, name in bound.keys() | open_.keys() if on is contract} == writes


def test_page__each_function_with_a_duty__needs_that_duty_on_the_ledger(ready: Stage) -> None:
    bound = printed_bound()
    assert len(bound) >= 45
    for (contract, signature), duty in bound.items():
        handle = handles(ready)[contract]
        wired = ready.manager.ask(
            "getTargetFunctionRole", handle.address, handle.selector(signature)
        )
        assert (contract, signature, wired) == (contract, signature, int(duty))


def test_ledger__everything_ever_wired__stands_on_the_page(ready: Stage) -> None:
    """From the events of the access manager: nothing is wired that the page does not print."""
    manager = DutyManager(ready.node, ready.manager.address)
    contracts = {handle.address: contract for contract, handle in handles(ready).items()}
    for other in (ready.draft, ready.successor):
        contracts[other.address] = Contract.TOKEN
    bound, seen = printed_bound(), set()
    for (target, selector), role in manager.wired(ready.deployment.first_block).value.items():
        contract = contracts[target]
        entry = artifacts.load(contract).interface.by_selector[selector]
        assert bound[contract, entry.signature] == role
        seen.add((contract, entry.signature))
    assert seen == bound.keys()


def test_page__each_function_without_a_duty__never_asks_for_one(ready: Stage) -> None:
    """Called by everybody there is: it runs, or refuses for another reason."""
    asked = 0
    for contract, signature in printed_open():
        call = FUNCTIONS[contract, signature].call(ready)
        for actor in ready.everybody():
            assert complaint(actor, call) not in DUTY_MISSING
            asked += 1
    assert asked >= 500


def test_page__each_duty__is_held_as_it_says(ready: Stage) -> None:
    rows = re.findall(r"^\| (\d+) \| \[(\w+)\]\(#\w+\) \| [^|]+ \| ([^|]+) \|", page(), re.M)
    assert [Duty(int(number)) for number, _, _ in rows] == list(Duty)
    kinds = {"two persons (Safe)": TwoPersons, "one person": Person}
    for number, name, held_by in rows:
        duty = Duty(int(number))
        assert duty.name == name
        holders = [actor for actor in ready.everybody() if holds(ready, duty, actor)]
        assert holders
        wanted = kinds.get(held_by.strip())
        # A Safe that may lift a restriction holds the one-person duty that raises it as well.
        assert wanted is None or any(type(actor) is wanted for actor in holders)
        if wanted is TwoPersons:
            assert all(type(actor) is TwoPersons for actor in holders)


def holds(stage: Stage, duty: Duty, actor: Actor) -> bool:
    return bool(stage.manager.ask("hasRole", int(duty), actor.address)[0])


# Headers and the README ---------------------------------------------------------------------------

HEADERS = {
    Contract.TOKEN: "token/TokenActs.sol",
    Contract.PLATFORM: "governance/Platform.sol",
    Contract.FACTORY: "token/TokenFactory.sol",
    Contract.SETTLEMENT: "settlement/Settlement.sol",
    Contract.ANCHOR: "register/RegisterAnchor.sol",
    Contract.DISBURSEMENT: "settlement/Disbursement.sol",
    Contract.DOCUMENTS: "register/DocumentRegistry.sol",
}
"""Contract to the file whose header lists its powers."""


def header(path: str) -> str:
    """The comment that stands right before the contract."""
    source = (CONTRACTS / path).read_text("utf-8")
    [comment] = re.findall(r"((?:^///.*\n)+)(?=contract )", source, re.M)
    return str(comment)


def powers_in(path: str) -> dict[str, str]:
    """First words of each entry of the header's table to the whole entry."""
    entries = re.split(r"^///     (?=\S)", header(path), flags=re.M)[1:]
    return {re.split(r" {2,}| \(", entry)[0].strip(): entry for entry in entries}


@pytest.mark.parametrize("contract", Contract)
def test_header__each_duty_of_the_contract__says_what_it_may_and_whom_it_blocks(
    contract: Contract,
) -> None:
    entries = powers_in(HEADERS[contract])
    duties = {duty for _, duty in bound_functions(contract)}
    if contract is Contract.TOKEN:
        duties.add(Duty.RELEASER)
    assert {name for name in entries if name.isupper()} == {duty.name for duty in duties}
    for duty in duties:
        entry = entries[duty.name]
        assert "Blocks:" in entry
        assert "annot " in entry
        two = next(power for power in POWERS if power.duty is duty).held_by is Holder.TWO_PERSONS
        assert ("(Safe)" in entry) is two


@pytest.mark.parametrize(
    ("path", "callers"),
    [
        ("token/SecurityToken.sol", {"holder", "spender", "platform"}),
        ("token/TokenActs.sol", {"anybody"}),
        ("token/TokenServices.sol", {"holder", "notary of a hold", "anybody"}),
        ("settlement/Settlement.sol", {"seller, buyer", "agent of a trade", "anybody"}),
        ("settlement/Disbursement.sol", {"payer"}),
        ("governance/DutyManager.sol", {"ADMIN", "duty holder"}),
    ],
)
def test_header__each_caller_without_a_duty__is_named(path: str, callers: set[str]) -> None:
    entries = powers_in(path)
    assert callers <= entries.keys()
    assert all("Blocks:" in entries[caller] for caller in callers)


@pytest.mark.parametrize(
    "path", ["compliance/HolderLimitRule.sol", "compliance/HoldingLimitRule.sol"]
)
def test_header__rules__say_that_nobody_has_power_and_whom_they_block(path: str) -> None:
    assert "Powers: nobody has any" in header(path)
    assert "Blocks:" in header(path)


def test_readme__each_duty__has_the_row_of_the_table() -> None:
    text = (CONTRACTS / "README.md").read_text("utf-8")
    for power in POWERS:
        rows = re.findall(rf"^\| {power.duty.value} \| {power.duty.name} \|.*$", text, re.M)
        assert len(rows) == 1
        for words in (power.may, power.may_not, power.blocks):
            assert words in rows[0]


# The access manager itself ------------------------------------------------------------------------


def permission_calls(stage: Stage) -> dict[str, Call]:
    """Every function of the access manager by which somebody could gain or lose a duty, or a contract its wiring."""
    manager, token, who = stage.manager, stage.token, stage.stranger.address
    selector = token.selector("mint(address,uint256)")
    return {
        "grantRole": manager("grantRole", int(Duty.ISSUER), who, 0),
        "revokeRole": manager("revokeRole", int(Duty.ISSUER), stage.issuer.address),
        "labelRole": manager("labelRole", int(Duty.ISSUER), "OTHER"),
        "setRoleAdmin": manager("setRoleAdmin", int(Duty.ISSUER), int(Duty.STOPPER)),
        "setRoleGuardian": manager("setRoleGuardian", int(Duty.ISSUER), int(Duty.STOPPER)),
        "setGrantDelay": manager("setGrantDelay", int(Duty.ISSUER), 60),
        "setTargetFunctionRole": manager(
            "setTargetFunctionRole", token.address, [selector], int(Duty.STOPPER)
        ),
        "setTargetAdminDelay": manager("setTargetAdminDelay", token.address, 60),
        "setTargetClosed": manager("setTargetClosed", token.address, True),
        "updateAuthority": manager("updateAuthority", token.address, who),
    }


def test_manager__each_function_that_changes_duties__refuses_everybody_but_admin(
    ready: Stage,
) -> None:
    calls = permission_calls(ready)
    writes = {each.name for each in ready.manager.interface.functions if each.writes}
    rest = {"multicall", "execute", "schedule", "cancel", "consumeScheduledOp", "renounceRole"}
    assert writes == calls.keys() | rest
    # Nobody acts as the manager: its relay is `execute`, for what its caller may do anyway.
    exempt = {ready.admin.address, ready.manager.address}
    others = [actor for actor in ready.everybody() if actor.address not in exempt]
    for name, call in calls.items():
        for actor in others:
            assert complaint(actor, call) == "AccessManagerUnauthorizedAccount", (name, actor)
        if (
            name != "updateAuthority"
        ):  # our contracts have no such function: their manager is for life
            assert ready.admin.may(call), name


def test_acts__called_at_their_own_address__change_no_token(ready: Stage) -> None:
    """The code that tokens run is a contract too. Who calls it there acts on nothing."""
    acts = Handle(ready.node, "TokenActs", ready.deployment.acts)
    mint, freeze = (
        acts("mint", ready.bob.address, 5),
        acts("setAddressFrozen", ready.bob.address, True),
    )
    for actor in ready.everybody():
        if actor.address != ready.admin.address:
            assert complaint(actor, mint) == "TokenDutyMissing"
    before = ready.everything()
    ready.admin.does(freeze)
    assert complaint(ready.admin, mint) == "TokenProductIncomplete"
    assert ready.everything() == before


# Roles and levels (A.1.6) -------------------------------------------------------------------------


def complaint(actor: Actor, call: Call) -> str | None:
    """The name of the error with which the ledger refuses the call; None when it would let it through."""
    return None if actor.may(call) else actor.refused(call).name


def players(stage: Stage, role: Role) -> list[Actor]:
    """Accounts that play the role: those that hold duties of the role and no others, holders' keys, or a bare key."""
    if cell(role, Column.TRANSFER).holders_key:
        return [stage.bob]
    duties = duties_of(role)
    if not duties:
        return [stage.person(50 + list(Role).index(role))]
    held = {actor: stage.duties_of(actor) for actor in stage.everybody()}
    return [actor for actor, has in held.items() if has and has <= duties]


def calls_of(stage: Stage, role: Role, column: Column) -> Iterator[tuple[str, Call, bool]]:
    """Every function of the column as a call that would succeed, and whether it is the role's."""
    for contract, signature, duty in bound_functions_of(column):
        call = FUNCTIONS[contract, signature].call(stage)
        yield f"{contract}.{signature}", call, duty in cell(role, column).duties
    if column is Column.PERMISSIONS:
        for name, call in permission_calls(stage).items():
            yield name, call, Duty.ADMIN in cell(role, column).duties


def forgeries(stage: Stage, actor: Actor) -> dict[str, Call]:
    """The column "transfer, hold" by somebody who holds no holder's key: in the own name, and in another's."""
    bob, corp = stage.bob.address, stage.corp.address
    forged = stage.person(60).signer.sign_digest(b"\1" * 32)
    v, r, s = forged[64], forged[:32], forged[32:64]
    words = (bob, corp, 1, 0, VERIFIED_UNTIL, ref("FORGED-1"))
    trade = stage.trade("FORGED-1", stage.bob, stage.corp, 1, nonce=77)
    bank = stage.trade("FORGED-2", stage.bob, stage.corp, 1, agent=actor.address, nonce=78)
    parties = sorted((bob, corp), key=lambda each: int(each, 16))
    batch = (
        *(ref("FORGED-3"), stage.token.address, stage.yen.address, parties),
        *([-1, 1], [100, -100], 79, VERIFIED_UNTIL),
    )
    hold = (ref("FORGED-4"), corp, 1, VERIFIED_UNTIL, actor.address)
    arguments = {
        "transfer(address,uint256)": (corp, 1),
        "transferWithReference(address,uint256,bytes32)": (corp, 1, ref("FORGED-1")),
        "batchTransfer(address[],uint256[])": ([corp], [1]),
        "createHold(bytes32,address,uint256,uint32,address)": hold,
        "transferFrom(address,address,uint256)": (bob, corp, 1),
        "transferFromWithReference(address,address,uint256,bytes32)": (
            bob,
            corp,
            1,
            ref("FORGED-1"),
        ),
        "createHoldFrom(address,bytes32,address,uint256,uint32,address)": (bob, *hold),
    }
    keyed = "address,address,uint256,uint256,uint256,bytes32"
    for form in ("transferWithAuthorization", "receiveWithAuthorization"):
        arguments[f"{form}({keyed},bytes)"] = (*words, forged)
        arguments[f"{form}({keyed},uint8,bytes32,bytes32)"] = (*words, v, r, s)
    calls = {signature: stage.token(signature, *given) for signature, given in arguments.items()}
    for each in holder_functions(Column.TRANSFER):
        if each.contract is Contract.SETTLEMENT:
            name = each.signature.partition("(")[0]
            given = {
                "settle": (trade, forged, forged),
                "instruct": (bank, forged, forged),
                "settleNet": (batch, [forged, forged]),
            }[name]
            calls[each.signature] = stage.settlement(each.signature, *given)
    return calls


def prepare(stage: Stage, column: Column, name: str) -> None:
    """`resume` has something to end only after a stop."""
    if name.endswith(".resume()"):
        stage.stopper.does(stage.platform("stop"))


@pytest.mark.parametrize("column", Column)
@pytest.mark.parametrize("role", Role)
def test_matrix__functions_of_the_column__are_refused_unless_the_cell_grants_them(
    ready: Stage, role: Role, column: Column
) -> None:
    accounts = players(ready, role)
    assert accounts
    for name, call, granted in calls_of(ready, role, column):
        prepare(ready, column, name)
        complaints = [complaint(actor, call) for actor in accounts]
        if granted:
            # Reached by those of the role who hold the duty; by the others of the role not.
            assert any(each not in DUTY_MISSING for each in complaints), name
        else:
            assert set(complaints) <= DUTY_MISSING, (name, complaints)


@pytest.mark.parametrize("role", Role)
def test_matrix__whatever_needs_a_holders_key__is_refused_without_one(
    ready: Stage, role: Role
) -> None:
    functions = holder_functions(Column.TRANSFER)
    assert len(functions) >= 14
    if cell(role, Column.TRANSFER).holders_key:
        for each in functions:
            row = FUNCTIONS[each.contract, each.signature]
            assert row.actor(ready).may(row.call(ready)), each.signature
        return
    before = ready.everything()
    for actor in players(ready, role):
        attempts = forgeries(ready, actor)
        assert attempts.keys() == {each.signature for each in functions}
        for signature, call in attempts.items():
            assert complaint(actor, call) in KEY_MISSING, (role, signature)
    assert ready.everything() == before


def test_matrix__reconciliation_officer__never_moves_anything(ready: Stage) -> None:
    """照合担当者: payment and reconciliation are different people, on the ledger too."""
    assert MATRIX[Role.RECONCILIATION_OFFICER] == {}
    [officer] = players(ready, Role.RECONCILIATION_OFFICER)
    for row in FUNCTIONS.values():
        if row.signature.startswith(("sync", "approve(", "cancel")):
            continue  # of the own account, or no figure at all
        if any(
            word in row.signature for word in ("WithAuthorization", "settle", "instruct", "permit")
        ):
            continue  # with what a holder signed; without it: the test before this one
        assert complaint(officer, row.call(ready)) is not None, row.id


def test_matrix__each_duty__stands_in_one_column_and_with_somebody() -> None:
    counted = Counter(duty for duties in DUTIES_OF.values() for duty in duties)
    assert counted == Counter(set(Duty) - {Duty.FACTORY})
    for column in Column:
        granted = frozenset().union(*(cell(role, column).duties for role in Role))
        assert granted == DUTIES_OF[column]


def test_matrix__each_partys_duties__are_those_of_its_institution() -> None:
    institutions = {
        Role.PLATFORM_OPERATOR: "platform operator",
        Role.REGISTRAR: "registrar",
        Role.COMPLIANCE: "compliance",
    }
    for power in POWERS:
        having = {institutions[role] for role in Role if power.duty in duties_of(role)}
        assert having == set(power.institution.split(", ")) & set(institutions.values())


def test_matrix__empty_cells__are_most_of_it() -> None:
    """So that a matrix that grants everything would be noticed."""
    empty = sum(cell(role, column).is_empty for role in Role for column in Column)
    assert empty == len(Role) * len(Column) - 11
