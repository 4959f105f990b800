"""The flow: a browser goes to the provider with a question of ours, and comes back with a code that we exchange.

    begin: state, nonce, verifier  ──►  provider (browser)  ──►  finish: state, issuer, code
                                                                     └── code + verifier ──► ID token ──► identity

`Pending` stays with the browser's session here and is used once. State keeps others from handing in a code of theirs,
the verifier keeps a stolen code from being of use, the nonce ties the token to this question.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

import httpx

from genbo.kernel import Fault, Reason
from genbo.providers.oidc.id_token import Identity, identity_of, key_id, unproved
from genbo.providers.oidc.metadata import Endpoints, Metadata, is_protected
from genbo.providers.oidc.settings import OidcSettings

LONGEST_WAY: Final = timedelta(minutes=10)
"""How long somebody may take at the provider."""

_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A sign-in that is at the provider. A secret of the browser's session."""

    issuer: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    begun_at: datetime


class IdentityProvider:
    """One identity provider, over HTTP. Close it in the end."""

    def __init__(self, settings: OidcSettings, *, http: httpx.Client | None = None) -> None:
        """Connects to nothing yet.

        Raises:
            Fault: `setting_invalid` when the issuer's address is not encrypted.
        """
        if not is_protected(settings.issuer):
            raise Fault(
                Reason.SETTING_INVALID, setting="GENBO_OIDC_ISSUER", problem="must begin with https"
            )
        self.settings = settings
        self._http = http or httpx.Client(timeout=settings.seconds, follow_redirects=False)
        self._metadata = Metadata(settings.issuer, self._http)

    def __repr__(self) -> str:
        return f"IdentityProvider({self.settings.issuer})"

    def close(self) -> None:
        """Closes its connections."""
        self._http.close()

    def begin(self, *, at: datetime) -> tuple[str, Pending]:
        """Where to send the browser, and what to keep until it comes back.

        Raises:
            Fault: `identity_provider_unreachable`.
        """
        endpoints = self._metadata.endpoints()
        pending = Pending(
            issuer=self.settings.issuer,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            begun_at=at,
        )
        challenge = base64.urlsafe_b64encode(hashlib.sha256(pending.verifier.encode()).digest())
        question = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.settings.redirect_uri,
            "scope": "openid",
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        if self.settings.acr_values:
            question["acr_values"] = " ".join(self.settings.acr_values)
        if self.settings.most_age is not None:
            question["max_age"] = str(int(self.settings.most_age.total_seconds()))
        joint = "&" if "?" in endpoints.authorization else "?"
        return endpoints.authorization + joint + urlencode(question), pending

    def finish(self, pending: Pending, answer: Mapping[str, str], *, at: datetime) -> Identity:
        """Whom the provider has proved. `answer` is the query that the browser came back with.

        Raises:
            Refusal: `identity_unproved`.
            Fault: `identity_provider_unreachable`.
        """
        if pending.issuer != self.settings.issuer:
            raise unproved("begun at another provider")
        state = answer.get("state", "")
        if not hmac.compare_digest(state.encode(), pending.state.encode()):
            raise unproved("it is not the way back of this browser (state)")
        if not timedelta() <= at - pending.begun_at <= LONGEST_WAY:
            raise unproved("begun too long ago")
        endpoints = self._metadata.endpoints()
        issuer = answer.get("iss")
        if issuer != self.settings.issuer and (issuer is not None or endpoints.names_itself):
            raise unproved("another provider sent the browser back (iss)")
        if "error" in answer:
            raise unproved(f"the provider says {_word(answer['error'])}")
        if not answer.get("code"):
            raise unproved("no code")
        token = self._exchange(endpoints, answer["code"], pending.verifier)
        algorithm, kid = key_id(token)
        return identity_of(
            token,
            self._metadata.key(algorithm, kid),
            settings=self.settings,
            nonce=pending.nonce,
            at=at,
        )

    def _exchange(self, endpoints: Endpoints, code: str, verifier: str) -> str:
        """The ID token for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.settings.redirect_uri,
            "code_verifier": verifier,
        }
        # RFC 6749, 2.3.1: both are form-encoded before they become a header.
        name, secret = quote(self.settings.client_id, ""), quote(self.settings.client_secret, "")
        auth: httpx.Auth = httpx.BasicAuth(name, secret)
        if endpoints.secret_in_body:
            auth = httpx.Auth()
            form |= {
                "client_id": self.settings.client_id,
                "client_secret": self.settings.client_secret,
            }
        try:
            answer = self._http.post(
                endpoints.token, data=form, auth=auth, headers={"Accept": "application/json"}
            )
        except httpx.HTTPError as error:
            raise self._metadata.fault(type(error).__name__) from None
        if answer.status_code == 400:
            said = self._metadata.document(answer).get("error")
            raise unproved(f"the provider says {_word(said)}")
        if answer.status_code != 200:
            # 401 is our own secret that is wrong: nobody who signs in can do anything about it.
            raise self._metadata.fault(f"HTTP status {answer.status_code} for a code")
        token = self._metadata.document(answer).get("id_token")
        if not isinstance(token, str):
            raise unproved("no ID token")
        return token


def _word(said: object) -> str:
    """An error code of the protocol; nothing else is repeated."""
    return said if isinstance(said, str) and len(said) <= 40 and set(said) <= _SIGNS else "no"
