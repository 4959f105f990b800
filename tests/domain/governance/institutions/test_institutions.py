"""Institutions and the table of A.2.1.

given the roles
├── it should have one row for each, as the table of the requirements has it
├── it should call exactly registrar, custodian and direct broker operating partners
└── it should let every post of the matrix stand somewhere
given the columns of an institution
├── when a delegating broker names no custodian, or no real one: it should be refused
├── when another names one: it should be refused
└── when a firm that is no broker has an own account: it should be refused
"""

import pytest
from tests.support.people import B1, B2, C1, INSTITUTIONS, R1

from genbo.governance import Role
from genbo.governance.institutions import ROLES, InstitutionId, InstitutionRole, institution
from genbo.governance.institutions.role import Node
from genbo.kernel import InvestorId, Reason, Refusal

YES, NO = True, False
TABLE = {
    # role: letter, creates, signs, keeps keys, registers investors, instructs transfers, trades
    InstitutionRole.ISSUER: ("A", NO, NO, NO, NO, NO, NO),
    InstitutionRole.REGISTRAR: ("B", YES, YES, NO, NO, NO, NO),
    InstitutionRole.PLATFORM_MANAGER: ("C", NO, YES, NO, NO, NO, NO),
    InstitutionRole.CUSTODIAN: ("D", YES, YES, YES, YES, NO, NO),
    InstitutionRole.DIRECT_BROKER: ("E1", YES, YES, YES, YES, YES, YES),
    InstitutionRole.DELEGATING_BROKER: ("E2", NO, NO, NO, YES, YES, YES),
    InstitutionRole.INTERMEDIARY: ("F", NO, NO, NO, NO, NO, YES),
}


@pytest.mark.parametrize("role", InstitutionRole)
def test_roles__each__is_as_the_requirements_have_it(role: InstitutionRole) -> None:
    facts = ROLES[role]
    assert (
        facts.requirement.removeprefix("R-PROGMAT-ROLE-"),
        facts.creates,
        facts.signs,
        facts.keeps_account_keys,
        facts.registers_investors,
        facts.instructs_transfers,
        facts.makes_trades,
    ) == TABLE[role]


def test_roles__operating_partners__are_those_with_a_node_of_their_own() -> None:
    partners = {role for role, facts in ROLES.items() if facts.node in (Node.ASSET, Node.CUSTODIAN)}
    assert partners == {
        InstitutionRole.REGISTRAR,
        InstitutionRole.CUSTODIAN,
        InstitutionRole.DIRECT_BROKER,
    }
    assert {role for role, facts in ROLES.items() if facts.node is None} == {
        InstitutionRole.ISSUER,
        InstitutionRole.DELEGATING_BROKER,
        InstitutionRole.INTERMEDIARY,
    }


def test_posts__each_of_the_matrix__stands_in_some_role() -> None:
    assert frozenset().union(*(facts.posts for facts in ROLES.values())) == set(Role)


def test_institution__made_by_its_columns__has_the_facts_of_its_role() -> None:
    assert len({each.id for each in INSTITUTIONS}) == len(INSTITUTIONS)
    assert B2.custodian == C1.id
    assert B2.facts is ROLES[InstitutionRole.DELEGATING_BROKER]


def test_institution__delegating_broker_without_custodian__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        institution(id=InstitutionId("B9"), role=InstitutionRole.DELEGATING_BROKER)
    assert refused.value.reason is Reason.FIELD_MISSING
    assert refused.value.facts == {"field": "custodian_id"}


@pytest.mark.parametrize("role", InstitutionRole)
@pytest.mark.parametrize("custodian", [R1, B1, C1])
def test_institution__custodian_where_it_does_not_belong__is_refused(role, custodian) -> None:  # type: ignore[no-untyped-def]
    fits = role is InstitutionRole.DELEGATING_BROKER and custodian is C1
    if fits:
        assert institution(id=InstitutionId("X"), role=role, custodian=custodian).custodian == "C1"
        return
    with pytest.raises(Refusal) as refused:
        institution(id=InstitutionId("X"), role=role, custodian=custodian)
    assert refused.value.reason is Reason.FIELD_INVALID
    assert refused.value.facts["field"] == "custodian_id"


@pytest.mark.parametrize("role", InstitutionRole)
def test_institution__own_account__is_a_brokers(role: InstitutionRole) -> None:
    custodian = C1 if role is InstitutionRole.DELEGATING_BROKER else None
    own = InvestorId("INV-OWN")

    def made():  # type: ignore[no-untyped-def]
        return institution(id=InstitutionId("X"), role=role, custodian=custodian, own_account=own)

    if "broker" in role.value:
        assert made().own_account == own
    else:
        with pytest.raises(Refusal) as refused:
            made()
        assert refused.value.facts["field"] == "own_account_investor_id"


def test_institution__id_that_no_ledger_takes__is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        institution(id=InstitutionId("信託"), role=InstitutionRole.REGISTRAR)
    assert refused.value.reason is Reason.KEY_MALFORMED


def test_institution__with_a_slash_in_its_id__is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        institution(id=InstitutionId("R1/2"), role=InstitutionRole.REGISTRAR)
    assert (caught.value.reason, caught.value.facts["field"]) == (
        Reason.FIELD_INVALID,
        "institution_id",
    )
