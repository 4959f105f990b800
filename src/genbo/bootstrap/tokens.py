"""Access tokens (アクセストークン): what a system that signed in shows with each request, for ten minutes.

given a token
├── when it is none of ours, its key is renewed away, or it is for another instance: `credential_refused`
├── when it is bound to a certificate and comes with another one, or none: `certificate_differs`
├── when it has expired: `token_expired`
├── when its credential is over, revoked or not yet valid: `credential_refused`
└── otherwise: the caller

A refusal is recorded, with the credential once the signature holds, and never with the token. Verifying costs one
digest and two look-ups in memory: what was signed is remembered, and the standing of a credential for a second, which
is how long a revoked one is still taken by a process that saw it just before.
"""

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import jwt

from genbo.bootstrap.office import Office
from genbo.bootstrap.turned_away import TurnedAway
from genbo.governance.users import Caller, CredentialId, MachineCredential, Scope
from genbo.kernel import UTC, Reason, Refusal
from genbo.storage.credentials import Credentials
from genbo.storage.engine import Database
from genbo.storage.token_keys import TokenKeys
from genbo.storage.vault import Vault

ALGORITHM: Final = "HS256"
KIND: Final = "at+jwt"
"""`typ` of an access token (RFC 9068): no other signed thing passes for one."""
LEEWAY: Final = timedelta(seconds=60)
"""How far the clocks of two processes may be apart."""
REMEMBERED_SECONDS: Final = 1.0
"""How long the standing of a credential, and the keys, are taken as they were read."""
_MOST = 20_000
"""Tokens that are remembered."""
_LONGEST = 4_096
"""Characters of a token, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """How tokens are made."""

    issuer: str
    """Names this installation: `urn:genbo:CHAIN:PLATFORM`."""
    life: timedelta = timedelta(minutes=10)

    @property
    def audience(self) -> str:
        return f"{self.issuer}:v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A fresh token."""

    token: str = field(repr=False)
    seconds: int
    """For how long it is good."""
    caller: Caller
    """Whose it is, and for which scope."""


@dataclass(frozen=True, slots=True)
class _Signed:
    """What a token of ours says."""

    credential: CredentialId
    institution: str
    scope: Scope
    key: str
    begins: datetime
    expires: datetime
    certificate: str | None


@dataclass(frozen=True, slots=True)
class _Standing:
    """A credential as it was when it was read."""

    credential: MachineCredential | None
    until: float


def tokens_of(office: Office, *, life: timedelta = timedelta(minutes=10)) -> "Tokens":
    """The tokens of a deployment."""
    deployment = office.deployment
    issuer = f"urn:genbo:{deployment.chain_id}:{deployment.platform}"
    house = office.house
    return Tokens(house.database, house.vault, TokenRules(issuer=issuer, life=life))


class Tokens:
    """Makes and takes access tokens. One for all threads of a process."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        rules: TokenRules,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock`: seconds that never go back."""
        self.rules = rules
        self.database = database
        self._vault = vault
        self._clock = clock
        self.away = TurnedAway(database, clock=clock)
        self._signed: dict[bytes, _Signed] = {}
        self._standings: dict[CredentialId, _Standing] = {}
        self._keys: Mapping[str, bytes] = {}
        self._keys_until = 0.0
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Tokens({self.rules.issuer})"

    # Making ------------------------------------------------------------------------------------------

    def make(
        self, credential: MachineCredential, *, at: datetime, certificate: str | None = None
    ) -> AccessToken:
        """A token of a credential whose system has proved itself.

        Args:
            certificate: thumbprint to which the token is bound (RFC 8705).
        """
        with self.database.begin() as connection:
            key = TokenKeys(connection, self._vault).signing(at=at)
        now = int(at.timestamp())
        seconds = int(self.rules.life.total_seconds())
        claims: dict[str, Any] = {
            "iss": self.rules.issuer,
            "aud": self.rules.audience,
            "sub": credential.id,
            "institution": credential.institution.id,
            "scope": credential.scope.value,
            "iat": now,
            "nbf": now,
            "exp": now + seconds,
            "jti": uuid.uuid4().hex,
        }
        if certificate is not None:
            claims["cnf"] = {"x5t#S256": certificate}
        token = jwt.encode(claims, key.secret, ALGORITHM, headers={"kid": key.id, "typ": KIND})
        caller = Caller(credential.id, credential.institution, credential.scope)
        return AccessToken(token=token, seconds=seconds, caller=caller)

    # Taking ------------------------------------------------------------------------------------------

    def caller(self, token: str, *, at: datetime, certificate: str | None = None) -> Caller:
        """Whose token it is.

        Raises:
            Refusal: as the tree above, recorded.
        """
        signed = self._read(token)
        known = None if signed is None else self._standing(signed.credential)
        try:
            return _judged(signed, known, at, certificate)
        except Refusal as refusal:
            scope = None if known is None else known.scope
            more = {} if certificate is None else {"certificate": certificate}
            self.away.note(known, refusal, scope=scope, at=at, more=more)
            raise

    def remembered(
        self, token: str, *, at: datetime, certificate: str | None = None
    ) -> Caller | None:
        """As `caller`, where nobody need be asked; None where the database must be, or the token is refused."""
        signed = self._signed.get(_digest(token))
        now = self._clock()
        if signed is None or now >= self._keys_until or signed.key not in self._keys:
            return None
        standing = self._standings.get(signed.credential)
        if standing is None or now >= standing.until:
            return None
        try:
            return _judged(signed, standing.credential, at, certificate)
        except Refusal:
            return None

    def refused(self, caller: Caller, refusal: Refusal, route: str, *, at: datetime) -> None:
        """Records that a caller asked for what its scope or role does not have."""
        self.away.note(caller, refusal, scope=caller.scope, at=at, more={"route": route})

    # Inside ------------------------------------------------------------------------------------------

    def _read(self, token: str) -> _Signed | None:
        """What the token says, when its signature is one of ours, for us."""
        if len(token) > _LONGEST:
            return None
        digest = _digest(token)
        known = self._signed.get(digest)
        keys = self._current_keys()
        if known is not None:
            return known if known.key in keys else None
        signed = self._verified(token, keys)
        if signed is not None:
            with self._lock:
                if len(self._signed) >= _MOST:
                    self._forget()
                self._signed[digest] = signed
        return signed

    def _forget(self) -> None:
        """Makes room: the older half, for they came in the order in which they were first seen."""
        for digest in list(self._signed)[: _MOST // 2]:
            del self._signed[digest]

    def _verified(self, token: str, keys: Mapping[str, bytes]) -> _Signed | None:
        try:
            header = jwt.get_unverified_header(token)
            name = header.get("kid")
            if not isinstance(name, str) or name not in keys or header.get("typ") != KIND:
                return None
            # Times are judged by whoever asks, at its own instant.
            claims = jwt.decode(
                token,
                keys[name],
                algorithms=[ALGORITHM],
                audience=self.rules.audience,
                issuer=self.rules.issuer,
                options={
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "require": ["exp", "nbf", "sub", "jti", "scope", "institution"],
                },
            )
            bound = claims.get("cnf")
            return _Signed(
                credential=CredentialId(claims["sub"]),
                institution=claims["institution"],
                scope=Scope(claims["scope"]),
                key=name,
                begins=datetime.fromtimestamp(claims["nbf"], UTC),
                expires=datetime.fromtimestamp(claims["exp"], UTC),
                certificate=None if bound is None else str(bound["x5t#S256"]),
            )
        except (jwt.InvalidTokenError, ValueError, TypeError, KeyError, OverflowError, OSError):
            return None

    def _current_keys(self) -> Mapping[str, bytes]:
        now = self._clock()
        if now >= self._keys_until:
            with self.database.read() as connection:
                found = TokenKeys(connection, self._vault).all()
            self._keys, self._keys_until = (
                {each.id: each.secret for each in found},
                now + REMEMBERED_SECONDS,
            )
        return self._keys

    def _standing(self, credential: CredentialId) -> MachineCredential | None:
        now = self._clock()
        known = self._standings.get(credential)
        if known is not None and now < known.until:
            return known.credential
        with self.database.read() as connection:
            found = Credentials(connection).find(credential)
        # As many as there are credentials: only what we signed comes here.
        self._standings[credential] = _Standing(found, now + REMEMBERED_SECONDS)
        return found


def _judged(
    signed: _Signed | None, known: MachineCredential | None, at: datetime, certificate: str | None
) -> Caller:
    """Whose token it is.

    Raises:
        Refusal: as the tree above.
    """
    if signed is None or known is None:
        raise Refusal(Reason.CREDENTIAL_REFUSED)
    bound = signed.certificate or known.certificate
    if bound is not None and certificate != bound:
        raise Refusal(Reason.CERTIFICATE_DIFFERS)
    if at >= signed.expires:
        raise Refusal(Reason.TOKEN_EXPIRED)
    if (
        not known.holds(at)
        or at < signed.begins - LEEWAY
        or signed.institution != known.institution.id
        or signed.scope is not known.scope
    ):
        raise Refusal(Reason.CREDENTIAL_REFUSED)
    return Caller(known.id, known.institution, known.scope)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
