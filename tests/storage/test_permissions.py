"""Permissions through the database: two persons, the matrix A.1.6, what excludes each other (R-JSTOA-6.2.3, FIG3).

given the matrix of A.1.6 and the people of every institution
├── when a cell is empty: the grant should be refused, and nothing be stored
└── when it is not: two persons should grant it, and the auditor see who and on what evidence
given a proposal
├── when it is ordered again under its key: it should be the same one; with another body, refused
├── when its maker, or the user concerned, approves: it should be refused
├── when several approve at once: one should
├── when it was approved or withdrawn: it should be closed
└── when it would join what excludes each other: it should be refused, also if that came about in between
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.storage.test_users import entries, reason, together
from tests.support.access import APPROVER, MAKER, Installation, installed
from tests.support.people import B1, C1, EVIDENCE, F1, INSTITUTIONS, PLATFORM, R1, R2

from genbo.governance.institutions import Institution
from genbo.governance.users import (
    AccountKind,
    GrantAct,
    Level,
    Permission,
    UserId,
    Work,
    permission_named,
    permitted,
)
from genbo.kernel import Digest, Reason, Refusal
from genbo.storage.access_proposals import AccessProposals, ProposalId
from genbo.storage.engine import Database
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.permissions import Permissions
from genbo.storage.server import EmbeddedServer
from genbo.storage.user_list import UserList
from genbo.storage.vault import Vault


@pytest.fixture
def here(database: Database, vault: Vault) -> Installation:
    return installed(database, vault)


@pytest.fixture(scope="module")
def peopled(server: EmbeddedServer) -> Iterator[Installation]:
    """An installation with a user of each kind in an institution of each role."""
    server.create_database("peopled", template="genbo_template")
    database = Database(server.url("peopled"))
    here = installed(database, Vault(KeyEncryptionKey(bytes(32))))
    for of in by_role():
        for kind in AccountKind:
            here.settle_in(f"{of.id}-{kind}", of, kind)
    yield here
    database.close()
    server.drop_database("peopled")


def by_role() -> list[Institution]:
    """One institution of each role."""
    return list({each.role: each for each in reversed(INSTITUTIONS)}.values())


def held(here: Installation, user: str) -> set[str]:
    return {str(each) for each in here.user(user).permissions}


@pytest.mark.parametrize("of", by_role(), ids=lambda of: of.role.value)
def test_matrix__each_cell__is_granted_or_refused_as_it_says(
    peopled: Installation, of: Institution
) -> None:
    """A.1.6 walked: every work at every level, proposed for a user of each kind. R-JSTOA-FIG3.1."""
    refused = 0
    for kind in AccountKind:
        user = f"{of.id}-{kind}"
        for permission in (Permission(work, level) for work in Work for level in Level):
            fits = permission in permitted(of.role) and kind.admits(permission)
            if fits:
                stored = peopled.propose(user, str(permission))
                assert stored.state == "open"
                peopled.second.withdraw(stored.id, by=MAKER, at=peopled.later())
                continue
            with pytest.raises(Refusal) as caught:
                peopled.propose(user, str(permission))
            expected = (
                Reason.PERMISSION_NOT_OF_KIND
                if permission in permitted(of.role)
                else Reason.PERMISSION_NOT_OF_ROLE
            )
            assert reason(caught) is expected, (user, permission)
            refused += 1
        assert held(peopled, user) == set()
    assert refused > 200


def test_grant__by_two__is_held_and_everybody_who_took_part_stands_in_the_record(
    here: Installation,
) -> None:
    user = here.settle_in("U1", R1)
    proposal = here.propose(user, "issue:make")
    here.approve(proposal)
    assert held(here, user) == {"issue:make"}
    proposed, granted = entries(here, "registry:permission:")[-2:]
    assert proposed[:3] == ("proposed", MAKER, user)
    assert proposed[3]["evidence"] == EVIDENCE
    assert granted[:3] == ("granted", APPROVER, user)
    assert granted[3] == {"proposal": proposal.id, "maker": MAKER, "permission": "issue:make"}
    here.revoke(user, "issue:make")
    assert held(here, user) == set()
    here.grant(user, "issue:make")
    with here.database.read() as connection:
        history = Permissions(connection).history(user)
    assert [each.revoked_at is None for each in history] == [False, True]


def test_revocation__clock_went_back__ends_where_it_began(here: Installation) -> None:
    user = here.settle_in("U1", R1)
    here.grant(user, "issue:make")
    here.now -= timedelta(days=1)
    here.revoke(user, "issue:make")
    with here.database.read() as connection:
        (one,) = Permissions(connection).history(user)
    assert one.revoked_at == one.granted_at
    assert held(here, user) == set()


def test_proposal__again_under_its_key__is_the_same_one(here: Installation) -> None:
    user = here.settle_in("U1", R1)
    first = here.propose(user, "issue:make", key="k-1")
    assert here.propose(user, "issue:make", key="k-1") == first
    here.approve(first)
    again = here.propose(user, "issue:make", key="k-1")  # held by now, and still the same order
    assert (again.id, again.state) == (first.id, "approved")
    with pytest.raises(Refusal) as caught:
        here.propose(user, "register:read", key="k-1")
    assert reason(caught) is Reason.COMMAND_KEY_REUSED


def test_proposal__at_once_under_one_key__is_one(here: Installation) -> None:
    user, found = here.settle_in("U1", R1), []
    here.now = here.later()

    def order() -> None:
        found.append(
            here.second.propose_permission(
                GrantAct.GRANT,
                permission_named("issue:make"),
                user=user,
                by=MAKER,
                evidence=EVIDENCE,
                key="k-1",
                at=here.now,
            )
        )

    together(*4 * [order])
    assert len({each.id for each in found}) == 1
    with here.database.read() as connection:
        assert len(AccessProposals(connection).open(R1.id)) == 1
        assert AccessProposals(connection).open(R2.id) == []


def test_approve__several_at_once__grants_once(here: Installation) -> None:
    user = here.settle_in("U1", R1)
    proposal, now, done = here.propose(user, "issue:make"), here.later(), []

    def approve() -> None:
        try:
            here.second.approve(proposal.id, digest=proposal.digest, by=APPROVER, at=now)
            done.append("approved")
        except Refusal as refusal:
            done.append(refusal.reason.value)

    together(*3 * [approve])
    assert sorted(done) == ["approved", "proposal_not_open", "proposal_not_open"]
    assert held(here, user) == {"issue:make"}


def test_approve__by_its_maker__is_refused_and_it_stays_open(here: Installation) -> None:
    """FIG3.2, FIG3.3: maker and approver of one change are different persons."""
    proposal = here.propose(here.settle_in("U1", R1), "issue:make")
    with pytest.raises(Refusal) as caught:
        here.approve(proposal, by=MAKER)
    assert reason(caught) is Reason.PERMISSION_MISSING  # nobody holds both parts
    with pytest.raises(Refusal) as caught:
        here.approve(proposal, by=UserId("U1"))
    assert reason(caught) is Reason.PERMISSION_MISSING
    here.approve(proposal)


def test_approve__by_the_user_concerned__is_refused(here: Installation) -> None:
    here.settle_in("ADMIN", PLATFORM, AccountKind.ADMINISTRATOR)
    here.grant("ADMIN", "users:approve")
    proposal = here.propose("ADMIN", "users:approve", GrantAct.REVOKE)
    with pytest.raises(Refusal) as caught:
        here.approve(proposal, by=UserId("ADMIN"))
    assert reason(caught) is Reason.SAME_PERSON


def test_approve__another_digest__is_refused(here: Installation) -> None:
    proposal = here.propose(here.settle_in("U1", R1), "issue:make")
    with pytest.raises(Refusal) as caught:
        here.approve(replace(proposal, digest=Digest("0x" + 64 * "9")))
    assert reason(caught) is Reason.PROPOSAL_DIFFERS


def test_withdraw__proposal__is_closed_for_good(here: Installation) -> None:
    proposal = here.propose(here.settle_in("U1", R1), "issue:make")
    assert here.second.withdraw(proposal.id, by=MAKER, at=here.later()).state == "withdrawn"
    for act in (
        lambda: here.approve(proposal),
        lambda: here.second.withdraw(proposal.id, by=APPROVER, at=here.later()),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        assert reason(caught) is Reason.PROPOSAL_NOT_OPEN
    with pytest.raises(Refusal) as caught:
        here.approve(replace(proposal, id=ProposalId("AP-nothing")))
    assert reason(caught) is Reason.PROPOSAL_UNKNOWN


@pytest.mark.parametrize(
    ("of", "kind", "first", "second"),
    [
        (C1, AccountKind.OPERATOR, "payment:make", "reconciliation:make"),
        (B1, AccountKind.OPERATOR, "transfer:make", "reconciliation:make"),
        (R1, AccountKind.APPROVER, "issue:make", "issue:approve"),
        (PLATFORM, AccountKind.APPROVER, "stop:make", "resume:approve"),
    ],
)
def test_grant__what_excludes_each_other__is_refused_at_the_assignment(
    here: Installation, of: Institution, kind: AccountKind, first: str, second: str
) -> None:
    """受払と照合, 起案と承認, 停止と再開 (R-JSTOA-6.2.3a, FIG3.2)."""
    user = here.settle_in("U1", of, kind)
    both = here.propose(user, first), here.propose(user, second)
    here.approve(both[0])
    for act in (lambda: here.approve(both[1]), lambda: here.propose(user, second)):
        with pytest.raises(Refusal) as caught:
            act()
        assert reason(caught) is Reason.DUTIES_EXCLUDE
        assert caught.value.facts == {"user": "U1", "held": first, "asked": second}
    assert held(here, user) == {first}


def test_grant__to_somebody_without_a_device__is_refused(here: Installation) -> None:
    here.register("U1", R1)
    with pytest.raises(Refusal) as caught:
        here.propose("U1", "issue:make")
    assert reason(caught) is Reason.SECOND_FACTOR_MISSING


def test_grant__administrators_of_another_institution__are_refused(here: Installation) -> None:
    here.settle_in("R2-ADMIN", R2, AccountKind.ADMINISTRATOR)
    here.grant("R2-ADMIN", "users:make")
    here.settle_in("U1", R1)
    with pytest.raises(Refusal) as caught:
        here.second.propose_permission(
            GrantAct.GRANT,
            permission_named("issue:make"),
            user=UserId("U1"),
            by=UserId("R2-ADMIN"),
            evidence=EVIDENCE,
            key="k-1",
            at=here.later(),
        )
    assert reason(caught) is Reason.NOT_FOUND


def test_grant__approved_after_a_reset__rests_with_the_others(here: Installation) -> None:
    user = here.settle_in("U1", R1)
    here.grant(user, "issue:make")
    proposal = here.propose(user, "repair:make")
    here.access.reset_password(user, initial_password="Reset-To-You-88", by=MAKER, at=here.later())
    here.approve(proposal)
    one = here.user(user)
    assert {str(each) for each in one.permissions} == {"issue:make", "repair:make"}
    assert one.powers == frozenset()
    with here.database.read() as connection:
        (line,) = UserList(connection).all(R1.id)
    assert line.suspended


def test_intermediary__people__are_looked_after_by_the_platform(here: Installation) -> None:
    user = here.settle_in("U1", F1)
    here.grant(user, "transfer:request")
    assert held(here, user) == {"transfer:request"}
