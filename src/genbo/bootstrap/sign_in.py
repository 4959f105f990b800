"""Sign-in of machines (機関システムの認証): a credential is proved, and a token is given for it.

given who asks
├── when there is no such credential, or secret or signature do not fit, or it is not valid then: `credential_refused`
├── when its signature fits and what it says does not: `assertion_refused`
├── when it must come with a certificate, and comes with another one or none: `certificate_differs`
├── when it is not for the scope that is asked for: `scope_missing`
└── otherwise: a token, bound to the certificate where the request came with one

Every refusal is recorded, without secret, signature or token.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from genbo.bootstrap.client_assertion import Proved, claimed_by, prove, taken_before
from genbo.bootstrap.office import Office
from genbo.bootstrap.tokens import AccessToken, Tokens, tokens_of
from genbo.config import Settings
from genbo.governance.users import Caller, CredentialId, MachineCredential, Scope, authenticate
from genbo.kernel import Reason, Refusal
from genbo.storage.client_assertions import ClientAssertions
from genbo.storage.credentials import Credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretProof:
    """A credential and its secret."""

    credential: CredentialId
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedProof:
    """A client assertion."""

    assertion: str = field(repr=False)
    credential: CredentialId | None = None
    """What the request says besides; it must be whom the assertion is about."""


Proof = SecretProof | SignedProof

TOKEN_PATH: Final = "/v1/oauth/token"
_ID = re.compile(r"[!-~]{1,64}")
"""What the id of a credential may be; nothing else is looked up."""


def sign_in_of(office: Office, settings: Settings) -> "SignIn":
    """The door of machines of a deployment, as the settings say."""
    life = timedelta(seconds=settings.token_seconds)
    return SignIn(tokens_of(office, life=life), address=settings.api_url)


class SignIn:
    """The door of machines: proves them, gives them tokens, and knows the tokens again. One for a process.

    It is the `Authority` of the interface.
    """

    def __init__(self, tokens: Tokens, *, address: str | None = None) -> None:
        """`address`: where institutions reach the interface (`https://HOST`), if that is set."""
        self.tokens = tokens
        self.address = address

    def __repr__(self) -> str:
        return f"SignIn({self.tokens.rules.issuer})"

    @property
    def audiences(self) -> Collection[str]:
        """What the `aud` of a client assertion may say: the installation, or where it is reached."""
        named = {self.tokens.rules.issuer}
        if self.address is not None:
            named |= {self.address, f"{self.address}{TOKEN_PATH}"}
        return named

    def caller(self, token: str, *, at: datetime, certificate: str | None = None) -> Caller:
        """As `Tokens.caller`."""
        return self.tokens.caller(token, at=at, certificate=certificate)

    def remembered(
        self, token: str, *, at: datetime, certificate: str | None = None
    ) -> Caller | None:
        """As `Tokens.remembered`."""
        return self.tokens.remembered(token, at=at, certificate=certificate)

    def refused(self, caller: Caller, refusal: Refusal, route: str, *, at: datetime) -> None:
        """As `Tokens.refused`."""
        self.tokens.refused(caller, refusal, route, at=at)

    def sign_in(
        self,
        proof: Proof,
        *,
        scope: Scope | None,
        at: datetime,
        certificate: str | None = None,
    ) -> AccessToken:
        """A token.

        Args:
            scope: for what; None: for what the credential is.
            certificate: thumbprint of the certificate with which the request came.

        Raises:
            Refusal: as the tree above, recorded.
        """
        named = claimed_by(proof.assertion) if isinstance(proof, SignedProof) else proof.credential
        known: MachineCredential | None = None
        if named is not None and _ID.fullmatch(named):
            with self.tokens.database.read() as connection:
                known = Credentials(connection).find(named)
        try:
            credential = self._proved(proof, known, scope, at, certificate)
        except Refusal as refusal:
            facts = {"way": "secret" if isinstance(proof, SecretProof) else "assertion"}
            facts |= {
                name: str(refusal.facts[name]) for name in ("claim",) if name in refusal.facts
            }
            if certificate is not None:
                facts["certificate"] = certificate
            self.tokens.away.note(known, refusal, scope=scope, at=at, more=facts)
            raise
        return self.tokens.make(credential, at=at, certificate=certificate)

    def _proved(
        self,
        proof: Proof,
        known: MachineCredential | None,
        scope: Scope | None,
        at: datetime,
        certificate: str | None,
    ) -> MachineCredential:
        number: Proved | None = None
        if isinstance(proof, SecretProof):
            own = Scope.REFERENCE if known is None else known.scope
            authenticate(known, secret=proof.secret, scope=own, at=at)
        else:
            number = prove(proof.assertion, known, audiences=self.audiences, at=at)
            if known is None or not known.holds(at) or proof.credential not in (None, known.id):
                raise Refusal(Reason.CREDENTIAL_REFUSED)
        assert known is not None
        if known.certificate is not None and certificate != known.certificate:
            raise Refusal(Reason.CERTIFICATE_DIFFERS)
        if scope not in (None, known.scope):
            raise Refusal(Reason.SCOPE_MISSING, credential=known.id, scope=str(scope))
        if number is not None:
            with self.tokens.database.begin() as connection:
                taken = ClientAssertions(connection).take(
                    known.id, number.number, until=number.forget_at, at=at
                )
            if not taken:
                raise taken_before()
        return known
