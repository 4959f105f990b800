"""Sign-in through an identity provider, from the browser to the rows: who is let in, and what is kept of the others.

given an identity that nobody is bound to: it should be refused and noted, without the subject
given a binding
├── when one person proposes and another approves: the user should come in through the provider only
├── when the identity is somebody else's: it should be refused, at the proposal and at the approval
└── when it is released: password and code should count again
given a provider that proves nothing: it should be refused to the outside like any other, and noted with the problem
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.storage.test_users import entries
from tests.support.access import MAKER, Installation, installed
from tests.support.oidc import CLIENT, REDIRECT, SECRET, Key, Provider, browse
from tests.support.people import EVIDENCE, R1

from genbo.bootstrap.identity import IdentityDoor, oidc_settings
from genbo.bootstrap.second_person import Subject
from genbo.config import Settings, read_settings
from genbo.governance.users import Admission, MeansAct, SignInOutcome, UserId
from genbo.kernel import Fault, Reason, Refusal
from genbo.providers.oidc import IdentityProvider, OidcSettings
from genbo.storage.access_proposals import StoredProposal
from genbo.storage.engine import Database
from genbo.storage.vault import Vault

KEY = Key.ec()
SUBJECT = "hanako.kakuu@staff.invalid"


@pytest.fixture
def here(database: Database, vault: Vault) -> Installation:
    return installed(database, vault)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider([KEY], subject=SUBJECT) as running:
        yield running


def enter(here: Installation, provider: Provider) -> SignInOutcome:
    """From the browser to the rows."""
    settings = OidcSettings(
        issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, redirect_uri=REDIRECT
    )
    theirs = IdentityProvider(settings)
    try:
        door = IdentityDoor(here.access, theirs)
        url, pending = door.begin(at=here.later())
        provider.now = here.now
        return door.finish(pending, browse(url), at=here.later())
    finally:
        theirs.close()


def proposed(
    here: Installation, provider: Provider, user: str, act: MeansAct = MeansAct.BIND_IDENTITY
) -> StoredProposal:
    now = here.later()
    return here.second.propose_means(
        act,
        user=UserId(user),
        subject=Subject(issuer=provider.issuer, name=SUBJECT)
        if act is MeansAct.BIND_IDENTITY
        else None,
        by=MAKER,
        evidence=EVIDENCE,
        key=f"{act}-{user}-{now.timestamp():.0f}",
        at=now,
    )


def test_identity__nobody_is_bound_to_it__is_refused_and_noted_without_the_subject(
    here: Installation, provider: Provider
) -> None:
    with pytest.raises(Refusal) as caught:
        enter(here, provider)
    assert caught.value.args == (Reason.SIGN_IN_REFUSED.value, {})
    action, actor, subject, facts = entries(here)[-1]
    assert (action, actor, subject) == ("sign_in_refused", "sign_in", None)
    assert facts == {"cause": "unknown_identity"}


def test_identity__bound_by_two_persons__is_the_only_way_in(
    here: Installation, provider: Provider
) -> None:
    user = here.settle_in("U1", R1)
    here.approve(proposed(here, provider, user))
    outcome = enter(here, provider)
    assert outcome.admission is Admission.FULL
    assert here.user(user).last_logon_at == here.now
    with pytest.raises(Refusal) as caught:
        here.sign_in(user)
    assert caught.value.args == (Reason.SIGN_IN_REFUSED.value, {})
    assert entries(here)[-1][3] == {"cause": "bound"}
    here.access.disable(user, by=MAKER, at=here.later())
    with pytest.raises(Refusal):
        enter(here, provider)
    assert entries(here)[-1][3] == {"cause": "disabled"}
    here.access.enable(user, by=MAKER, at=here.later())
    here.approve(proposed(here, provider, user, MeansAct.UNBIND_IDENTITY))
    assert here.sign_in(user).admission is Admission.FULL


def test_identity__of_another_provider__is_another_identity(
    here: Installation, provider: Provider
) -> None:
    here.approve(proposed(here, provider, here.settle_in("U1", R1)))
    with Provider([Key.rsa()], subject=SUBJECT) as other, pytest.raises(Refusal):
        enter(here, other)


def test_identity__is_somebody_elses__is_refused_at_proposal_and_approval(
    here: Installation, provider: Provider
) -> None:
    here.settle_in("U1", R1)
    here.settle_in("U2", R1)
    first, second = (proposed(here, provider, user) for user in ("U1", "U2"))
    here.approve(first)
    for act in (lambda: here.approve(second), lambda: proposed(here, provider, "U2")):
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.reason is Reason.IDENTITY_TAKEN


def test_identity__unproved__is_refused_like_any_other_and_noted_with_the_problem(
    here: Installation, provider: Provider
) -> None:
    here.approve(proposed(here, provider, here.settle_in("U1", R1)))
    provider.claims = lambda claims: claims | {"nonce": "another"}
    with pytest.raises(Refusal) as caught:
        enter(here, provider)
    assert caught.value.args == (Reason.SIGN_IN_REFUSED.value, {})
    assert entries(here)[-1][3] == {
        "cause": "identity_unproved",
        "problem": "it answers another question (nonce)",
    }


def test_identity__provider_is_away__is_a_fault_and_no_failure_of_anybody(
    here: Installation, provider: Provider
) -> None:
    provider.broken = {"/token": (500, b"")}
    before = len(entries(here))
    with pytest.raises(Fault) as caught:
        enter(here, provider)
    assert caught.value.reason is Reason.IDENTITY_PROVIDER_UNREACHABLE
    assert len(entries(here)) == before


def test_identity__user_unused_for_too_long__is_disabled(
    here: Installation, provider: Provider
) -> None:
    user = here.settle_in("U1", R1)
    here.approve(proposed(here, provider, user))
    here.now += here.access.rules.longest_disuse + timedelta(days=1)
    with pytest.raises(Refusal):
        enter(here, provider)
    assert here.user(user).status.value == "disabled"


def test_settings__half_of_a_provider__is_refused_and_a_whole_one_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    monkeypatch.setenv("GENBO_OIDC_ISSUER", "https://id.invalid")
    with pytest.raises(Fault) as caught:
        read_settings()
    assert "GENBO_OIDC_CLIENT_ID" in str(caught.value.facts["setting"])
    monkeypatch.setenv("GENBO_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("GENBO_OIDC_CLIENT_SECRET_FILE", str(file))
    monkeypatch.setenv("GENBO_OIDC_REDIRECT_URI", REDIRECT)
    monkeypatch.setenv("GENBO_OIDC_ACR", "mfa phr")
    with pytest.raises(Fault) as caught:
        oidc_settings(read_settings())
    assert caught.value.facts["setting"] == "GENBO_OIDC_CLIENT_SECRET_FILE"
    file.write_text(f"{SECRET}\n", "utf-8")
    read = oidc_settings(read_settings())
    assert read is not None
    assert (read.client_secret, read.acr_values) == (SECRET, ("mfa", "phr"))
    assert oidc_settings(Settings.model_construct(oidc_issuer=None)) is None
