"""Builders of users, proposals and credentials in one transaction, for the tests of storage."""

from __future__ import annotations

from datetime import timedelta

import pyotp
from sqlalchemy import Connection
from tests.support.people import (
    AT,
    EVIDENCE,
    PASSWORD,
    PLATFORM,
    R1,
    RULES,
    administrator,
    user,
    with_device,
)

from genbo.governance.users import (
    Attempt,
    CredentialId,
    GrantAct,
    Level,
    MeansAct,
    MeansProposal,
    Proposal,
    Scope,
    User,
    UserId,
    approve,
    approve_means,
    change_password,
    confirm,
    delete,
    disable,
    enable,
    enrol_second_factor,
    erase,
    issue_credential,
    new_credential_secret,
    permission_named,
    propose,
    propose_credential,
    propose_means,
    reset_password,
    revoke_credential,
    sign_in,
    unlock,
)
from genbo.kernel import Digest, Reason, Refusal
from genbo.storage.access_proposals import AccessProposals, StoredProposal
from genbo.storage.credentials import Credentials
from genbo.storage.keyfile import KeyEncryptionKey
from genbo.storage.permissions import Permissions
from genbo.storage.user_list import UserList
from genbo.storage.users import Users
from genbo.storage.vault import Vault

VAULT = Vault(KeyEncryptionKey(bytes(32)))
MAKER = with_device(administrator("PF-1", Level.MAKE, of=PLATFORM))
APPROVER = with_device(administrator("PF-2", Level.APPROVE, of=PLATFORM))
ISSUES = permission_named("issue:make")
BODY = Digest("0x" + 64 * "b")
SOON = AT + timedelta(hours=1)


def a_user(connection: Connection, name: str = "U1") -> Users:
    """Two administrators and a user with a device."""
    users = Users(connection, VAULT)
    if not users.has_users():
        users.found([MAKER, APPROVER], at=AT)
    if not users.id_was_used(UserId(name)):
        users.add(with_device(user(name)), actor=MAKER.id, at=AT)
    return users


def disabled(connection: Connection) -> None:
    users = a_user(connection)
    (one,) = users.hold(UserId("U1"))
    changed = disable(one, by=MAKER, at=SOON)
    users.keep(changed.user, changed.action, actor=MAKER.id, at=SOON)


def signed_in(connection: Connection, name: str = "U2") -> None:
    users = a_user(connection)
    if not users.id_was_used(UserId(name)):
        users.add(user(name), actor=MAKER.id, at=AT)
    (one,) = users.hold(UserId(name))
    users.settle(sign_in(one, Attempt(password=PASSWORD), SOON, rules=RULES), at=SOON)


def erased(connection: Connection) -> None:
    users = a_user(connection)
    (one,) = users.hold(UserId("U1"))
    changed = delete(one, by=MAKER, at=SOON)
    users.keep(changed.user, changed.action, actor=MAKER.id, at=SOON)
    users.erase(erase(changed.user, by=MAKER, at=SOON).user, by=MAKER.id, at=SOON)


def names_read(connection: Connection) -> None:
    a_user(connection)
    UserList(connection).names([UserId("U1")], VAULT, by=MAKER.id, at=SOON)


def grant_proposed(
    connection: Connection, act: GrantAct = GrantAct.GRANT, key: str = "k-1"
) -> StoredProposal:
    (one,) = a_user(connection).hold(UserId("U1"))
    proposal = propose(act, ISSUES, user=one, maker=MAKER, evidence=EVIDENCE, at=SOON)
    return AccessProposals(connection).add(proposal, key=key, body=BODY)


def decided(connection: Connection, stored: StoredProposal) -> User:
    """The proposal approved, about a user."""
    users, one = a_user(connection), stored.proposal
    rows = AccessProposals(connection).approved(stored.id, by=APPROVER.id, at=SOON)
    assert stored.user is not None
    (held,) = users.hold(stored.user)
    if isinstance(one, MeansProposal):
        changed = approve_means(
            one, approved=stored.digest, user=held, approver=APPROVER, directory=users, at=SOON
        )
    else:
        assert isinstance(one, Proposal)
        changed = approve(one, approved=stored.digest, user=held, approver=APPROVER, at=SOON)
        permissions = Permissions(connection)
        do = permissions.grant if one.act is GrantAct.GRANT else permissions.revoke
        rows |= do(one.user, one.permission, proposal=stored.id, at=SOON)
    users.keep(changed.user, changed.action, actor=APPROVER.id, at=SOON, rows=rows)
    return changed.user


def withdrawn(connection: Connection) -> None:
    stored = grant_proposed(connection, key="k-2")
    AccessProposals(connection).withdraw(stored.id, by=MAKER.id, at=SOON)


def means_changed(connection: Connection, act: MeansAct) -> None:
    users = a_user(connection)
    (one,) = users.hold(UserId("U1"))
    identity = users.identity_of("https://id.invalid", "subject-1")
    proposal = propose_means(
        act,
        user=one,
        maker=MAKER,
        identity=identity if act is MeansAct.BIND_IDENTITY else None,
        directory=users,
        evidence=EVIDENCE,
        at=SOON,
    )
    decided(connection, AccessProposals(connection).add(proposal, key=f"m-{act}", body=BODY))


def issued(connection: Connection) -> Credentials:
    a_user(connection)
    proposal = propose_credential(
        id=CredentialId("CR-1"),
        institution=R1,
        scope=Scope.REFERENCE,
        valid_from=AT,
        valid_until=AT + timedelta(days=365),
        maker=MAKER,
        evidence=EVIDENCE,
        at=SOON,
    )
    proposals, credentials = AccessProposals(connection), Credentials(connection)
    stored = proposals.add(proposal, key="c-1", body=BODY)
    changed = issue_credential(
        proposal,
        approved=stored.digest,
        approver=APPROVER,
        secret=new_credential_secret(),
        at=SOON,
    )
    rows = proposals.approved(stored.id, by=APPROVER.id, at=SOON)
    credentials.issue(changed, proposal=stored.id, approved=rows)
    return credentials


def revoked(connection: Connection) -> None:
    credentials = issued(connection)
    known = credentials.find(CredentialId("CR-1"), hold=True)
    assert known is not None
    credentials.revoke(revoke_credential(known, by=MAKER, at=SOON), by=MAKER.id, at=SOON)


def machine_refused(connection: Connection) -> None:
    Credentials(connection).refused(
        None, Refusal(Reason.CREDENTIAL_REFUSED), scope=Scope.UPDATE, at=SOON
    )


def live(connection: Connection) -> None:
    """Every kind of change of access."""
    signed_in(connection)
    users = a_user(connection)
    # U1 is granted and loses it, is bound and released, loses the device.
    decided(connection, grant_proposed(connection))
    means_changed(connection, MeansAct.BIND_IDENTITY)
    means_changed(connection, MeansAct.UNBIND_IDENTITY)
    means_changed(connection, MeansAct.REMOVE_SECOND_FACTOR)
    # U1 enrols again under a password of its own, and is confirmed.
    (one,) = users.hold(UserId("U1"))
    changed = reset_password(
        one, initial_password="Given-To-You-99", rules=RULES, by=MAKER, at=SOON
    )
    users.keep(changed.user, changed.action, actor=MAKER.id, at=SOON)
    proof = sign_in(changed.user, Attempt(password="Given-To-You-99"), SOON, rules=RULES)
    changed = change_password(proof, password="Chosen-By-Me-12", rules=RULES, at=SOON)
    users.keep(changed.user, changed.action, actor="U1", at=SOON)
    proof = sign_in(changed.user, Attempt(password="Chosen-By-Me-12"), SOON, rules=RULES)
    secret = pyotp.random_base32()
    changed = enrol_second_factor(
        proof, secret=secret, code=pyotp.TOTP(secret).at(SOON), rules=RULES, at=SOON
    )
    users.keep(changed.user, changed.action, actor="U1", at=SOON)
    changed = confirm(changed.user, by=APPROVER, at=SOON)
    users.keep(changed.user, changed.action, actor=APPROVER.id, at=SOON)
    decided(connection, grant_proposed(connection, GrantAct.REVOKE, "k-9"))
    withdrawn(connection)
    names_read(connection)
    # U1 fails until locked, is unlocked, disabled, enabled, deleted and erased.
    for _ in range(RULES.most_failures):
        (one,) = users.hold(UserId("U1"))
        users.settle(sign_in(one, Attempt(password="wrong"), SOON, rules=RULES), at=SOON)
    for act in (unlock, disable, enable):
        (one,) = users.hold(UserId("U1"))
        changed = act(one, by=MAKER, at=SOON)
        users.keep(changed.user, changed.action, actor=MAKER.id, at=SOON)
    erased(connection)
    revoked(connection)
    machine_refused(connection)
