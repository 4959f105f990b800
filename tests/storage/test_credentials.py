"""Machine credentials through the database (R-PROGMAT-API-1 to 4, D.5.3).

given a credential that two persons issued
├── when its secret is shown for its scope: it should be its institution
├── when it is one to read with, shown to change something: it should be refused and noted (D.5.3)
├── when it is unknown, wrong, ended or revoked: it should be refused, all alike, and noted
└── nothing of a secret should stand anywhere
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.storage.test_users import entries, reason
from tests.support.access import APPROVER, MAKER, Installation, installed
from tests.support.people import AT, B1, B2, EVIDENCE

from genbo.bootstrap.second_person import Approved
from genbo.governance.institutions import Institution
from genbo.governance.users import CredentialId, Scope
from genbo.kernel import Reason, Refusal
from genbo.storage.credentials import Credentials
from genbo.storage.engine import Database
from genbo.storage.vault import Vault


@pytest.fixture
def here(database: Database, vault: Vault) -> Installation:
    return installed(database, vault)


def issued(
    here: Installation, of: Institution = B2, scope: Scope = Scope.REFERENCE, key: str = "k-1"
) -> tuple[CredentialId, str]:
    approved = _approved(here, of, scope, key)
    assert approved.credential is not None
    assert approved.secret is not None
    return approved.credential, approved.secret


def _approved(here: Installation, of: Institution, scope: Scope, key: str) -> Approved:
    proposal = here.second.propose_credential(
        institution=of.id,
        scope=scope,
        valid_from=AT,
        valid_until=AT + timedelta(days=90),
        by=MAKER,
        evidence=EVIDENCE,
        key=key,
        at=here.later(),
    )
    return here.approve(proposal)


def refusal(here: Installation, credential: str, secret: str, scope: Scope) -> Refusal:
    with pytest.raises(Refusal) as caught:
        here.machines.authenticate(CredentialId(credential), secret, scope=scope, at=here.later())
    return caught.value


def test_credential__shown_for_its_scope__is_its_institution(here: Installation) -> None:
    for of, scope, key in ((B2, Scope.REFERENCE, "k-1"), (B1, Scope.UPDATE, "k-2")):
        credential, secret = issued(here, of, scope, key)
        found = here.machines.authenticate(credential, secret, scope=scope, at=here.later())
        assert found == of
    issued_ = entries(here, "registry:credential:")
    assert [each[0] for each in issued_] == ["proposed", "issued", "proposed", "issued"]
    assert issued_[1][1] == APPROVER
    assert issued_[1][3]["maker"] == MAKER


def test_d_5_3__reference_credential_calls_the_update_api__is_refused_and_logged(
    here: Installation,
) -> None:
    credential, secret = issued(here)
    refused = refusal(here, credential, secret, Scope.UPDATE)
    assert refused.reason is Reason.SCOPE_MISSING
    action, actor, subject, facts = entries(here, "registry:credential:")[-1]
    assert (action, actor, subject) == ("refused", "machine", credential)
    assert facts == {"scope": "update", "reason": "scope_missing", "institution": B2.id}


def test_credential__unknown_wrong_or_over__is_refused_all_alike_and_noted(
    here: Installation,
) -> None:
    credential, secret = issued(here)
    told = [
        refusal(here, "A-Secret-In-The-Wrong-Field", secret, Scope.REFERENCE),
        refusal(here, credential, secret + "x", Scope.REFERENCE),
    ]
    here.now += timedelta(days=90)
    told.append(refusal(here, credential, secret, Scope.REFERENCE))
    assert {str(each) for each in told} == {"credential_refused()"}
    noted = entries(here, "registry:credential:")[-3:]
    assert [each[2] for each in noted] == [None, credential, credential]


def test_credential__revoked_by_one__is_good_for_nothing_from_then_on(here: Installation) -> None:
    credential, secret = issued(here)
    here.machines.revoke(credential, by=APPROVER, at=here.later())
    here.machines.revoke(credential, by=MAKER, at=here.later())  # again: the first stands
    assert refusal(here, credential, secret, Scope.REFERENCE).reason is Reason.CREDENTIAL_REFUSED
    revoked = [each for each in entries(here, "registry:credential:") if each[0] == "revoked"]
    assert [each[1] for each in revoked] == [APPROVER]
    with here.database.read() as connection:
        (stored,) = Credentials(connection).all(B2.id)
        assert Credentials(connection).all(B1.id) == []
    assert stored.revoked_at is not None


def test_revoke__no_such_credential__is_refused(here: Installation) -> None:
    with pytest.raises(Refusal) as caught:
        here.machines.revoke(CredentialId("CP-0"), by=MAKER, at=here.later())
    assert reason(caught) is Reason.NOT_FOUND


def test_secret__once_shown__stands_nowhere(here: Installation) -> None:
    approved = _approved(here, B2, Scope.UPDATE, "k-1")
    assert approved.secret is not None
    refusal(here, approved.credential or "", approved.secret, Scope.REFERENCE)
    assert approved.secret not in repr(approved)
    with here.database.read() as connection:
        for table in ("credential", "access_proposal", "audit"):
            rows = connection.scalars(text(f"SELECT to_jsonb(t)::text FROM {table} AS t")).all()
            assert rows
            assert not any(approved.secret in row for row in rows)
