"""Tokens (アクセストークン): a system of an institution signs in (OAuth 2.0 client credentials, RFC 6749, 4.4).

given a request for a token
├── when the client, or its address, asks too often: 429
├── when it is no such form, names another grant, or proves itself in two ways: 400
├── when it does not prove itself: 401, always the same; recorded
├── when it asks for a scope that its credential is not for: 403; recorded
└── otherwise: a token

A no is a problem as everywhere, with two more members, `error` and `error_description`, so that a client that knows
OAuth and nothing of us understands it (RFC 6749, 5.2). Its media type and its statuses are those of every problem.
"""

import base64
import binascii
import time
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, unquote_plus

from fastapi import Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from genbo.api.access import Access, AccessTable
from genbo.api.app import answer
from genbo.api.router import at_root
from genbo.api.status import status_of
from genbo.bootstrap.client_assertion import KIND, claimed_by
from genbo.bootstrap.sign_in import TOKEN_PATH, Proof, SecretProof, SignedProof, SignIn
from genbo.compliance.reasons import Language, explain
from genbo.governance.users import ALGORITHMS, CredentialId, Scope
from genbo.kernel import Reason, Refusal

METADATA_PATH = "/v1/oauth/metadata"
WELL_KNOWN_PATH = "/.well-known/oauth-authorization-server"

ACCESS: AccessTable = {
    ("POST", TOKEN_PATH): Access(None),
    ("GET", METADATA_PATH): Access(None),
    ("GET", WELL_KNOWN_PATH): Access(None),
}

_GRANT = "client_credentials"
_KNOWN = (
    "grant_type",
    "scope",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
)
_MOST_FIELDS = 32
_FORM = "application/x-www-form-urlencoded"


class TokenAnswer(BaseModel):
    """A token."""

    access_token: Annotated[
        str, Field(description="Show it as `Authorization: Bearer ...`. アクセストークン")
    ]
    token_type: Annotated[Literal["Bearer"], Field(description="種別")] = "Bearer"
    expires_in: Annotated[
        int, Field(description="For how many seconds it is good. 有効秒数", examples=[600])
    ]
    scope: Annotated[Scope, Field(description="What it is good for. 区分（参照系・更新系）")]


class Metadata(BaseModel):
    """Where and how systems sign in (RFC 8414)."""

    issuer: Annotated[
        str, Field(description="This installation; the `aud` of a client assertion. 発行者")
    ]
    token_endpoint: Annotated[str, Field(description="Where tokens are fetched. トークンの取得先")]
    grant_types_supported: Annotated[list[str], Field(description="グラント種別")]
    scopes_supported: Annotated[list[Scope], Field(description="区分（参照系・更新系）")]
    response_types_supported: Annotated[
        list[str], Field(description="None: nobody is sent back and forth. 応答種別（なし）")
    ]
    token_endpoint_auth_methods_supported: Annotated[
        list[str], Field(description="How a client proves itself. クライアント認証方式")
    ]
    token_endpoint_auth_signing_alg_values_supported: Annotated[
        list[str], Field(description="Signatures of client assertions. 署名アルゴリズム")
    ]
    tls_client_certificate_bound_access_tokens: Annotated[
        bool,
        Field(
            description="Whether a token is bound to the certificate of its request. 証明書への紐付け"
        ),
    ]


router = at_root("oauth")

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Client authentication stands here, or in `Authorization: Basic`. トークンの請求",
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": [_GRANT]},
                        "scope": {
                            "type": "string",
                            "enum": [each.value for each in Scope],
                            "description": "Unset: that of the credential. 区分",
                        },
                        "client_id": {"type": "string", "description": "認証情報ID"},
                        "client_secret": {
                            "type": "string",
                            "format": "password",
                            "description": "シークレット",
                        },
                        "client_assertion_type": {"type": "string", "enum": [KIND]},
                        "client_assertion": {
                            "type": "string",
                            "description": "A signed JWT (RFC 7523). 署名済みのJWT",
                        },
                    },
                },
                "examples": {
                    "secret": {
                        "summary": "With a secret. シークレットによる認証",
                        "value": {
                            "grant_type": _GRANT,
                            "client_id": "CP-0123456789abcdef01234",
                            "client_secret": "the secret that was shown once",
                        },
                    }
                },
            }
        },
    },
}


@router.post(
    TOKEN_PATH,
    summary="Fetch an access token. アクセストークンの取得",
    response_model=TokenAnswer,
    openapi_extra=_BODY,
)
async def token(request: Request) -> TokenAnswer | Response:
    """A short-lived token for the credential of an institution (OAuth 2.0 client credentials).

    機関の認証情報を短期間有効なアクセストークンに引き換える。参照系と更新系は別の認証情報。
    """
    try:
        return await _token(request)
    except Refusal as refusal:
        error = {"error": error_of(refusal), "error_description": _plain(refusal)}
        return answer(request, refusal, more=error, challenge='Basic realm="genbo"')


async def _token(request: Request) -> TokenAnswer:
    state = request.app.state
    form = await _form(request)
    asked = _asked(form, request.headers.get("Authorization"))
    address = state.proxies.address(request)
    state.sign_in_rates.take(asked.client, address, at=time.monotonic())
    if asked.proof is None:
        raise Refusal(Reason.CREDENTIAL_REFUSED)
    door: SignIn = state.authority
    made = await run_in_threadpool(
        door.sign_in,
        asked.proof,
        scope=asked.scope,
        at=state.now(),
        certificate=state.proxies.certificate(request),
    )
    request.state.caller = made.caller
    return TokenAnswer(access_token=made.token, expires_in=made.seconds, scope=made.caller.scope)


@router.get(METADATA_PATH, summary="How systems sign in. 認証の案内")
@router.get(WELL_KNOWN_PATH, summary="How systems sign in (RFC 8414). 認証の案内")
def metadata(request: Request) -> Metadata:
    """Endpoints, scopes and ways of client authentication (RFC 8414). 取得先・区分・認証方式。"""
    door: SignIn = request.app.state.authority
    here = door.address or str(request.base_url).rstrip("/")
    return Metadata(
        issuer=door.address or door.tokens.rules.issuer,
        token_endpoint=f"{here}{TOKEN_PATH}",
        grant_types_supported=[_GRANT],
        scopes_supported=list(Scope),
        response_types_supported=[],
        token_endpoint_auth_methods_supported=[
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
        ],
        token_endpoint_auth_signing_alg_values_supported=list(ALGORITHMS),
        tls_client_certificate_bound_access_tokens=(
            request.app.state.proxies.certificate_header is not None
        ),
    )


# What is asked ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    client: str
    """As who it asks, unproved."""
    proof: Proof | None = field(repr=False)
    scope: Scope | None


async def _form(request: Request) -> dict[str, str]:
    """The fields that we know; one without a value is not there (RFC 6749, 3.2).

    Raises:
        Refusal: `token_request_invalid`; `request_too_large`.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise _invalid("Content-Type", f"not {_FORM}")
    try:
        text = (await request.body()).decode("ascii")
        pairs = parse_qsl(text, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise _invalid("body", "no form") from None
    form: dict[str, str] = {}
    for name, value in pairs:
        if name in form:
            raise _invalid(name, "twice")
        if name in _KNOWN:
            form[name] = value
    return form


def _asked(form: dict[str, str], authorization: str | None) -> _Asked:
    """What the form asks for, and how it proves itself.

    Raises:
        Refusal: `token_request_invalid`; `credential_refused`.
    """
    basic = _basic(authorization)
    signed, secret, client = (
        form.get(name) for name in ("client_assertion", "client_secret", "client_id")
    )
    if sum(each is not None for each in (basic, signed, secret)) > 1:
        raise _invalid("client authentication", "more than one")
    if "grant_type" not in form:
        raise _invalid("grant_type", "missing")
    if form["grant_type"] != _GRANT:
        raise _invalid("grant_type", "not supported")
    scope = form.get("scope")
    if scope is not None and scope not in set(Scope):
        raise _invalid("scope", "unknown")
    proof: Proof | None = None
    if basic is not None:
        if client not in (None, basic.credential):
            raise _invalid("client_id", "not that of Authorization")
        proof = basic
    elif signed is not None:
        if form.get("client_assertion_type") != KIND:
            raise _invalid("client_assertion_type", "not supported")
        proof = SignedProof(
            assertion=signed, credential=None if client is None else CredentialId(client)
        )
        client = claimed_by(signed)
    elif secret is not None and client is not None:
        proof = SecretProof(credential=CredentialId(client), secret=secret)
    named = basic.credential if basic else client
    return _Asked(named or "", proof, None if scope is None else Scope(scope))


def _basic(authorization: str | None) -> SecretProof | None:
    """What `Authorization: Basic` says; each half is form-encoded (RFC 6749, 2.3.1).

    Raises:
        Refusal: `credential_refused` when it says anything else.
    """
    if authorization is None:
        return None
    kind, _, content = authorization.partition(" ")
    try:
        if kind.lower() != "basic":
            raise ValueError
        decoded = base64.b64decode(content.strip(), validate=True).decode()
        name, colon, secret = decoded.partition(":")
        if not colon:
            raise ValueError
        return SecretProof(
            credential=CredentialId(unquote_plus(name, errors="strict")),
            secret=unquote_plus(secret, errors="strict"),
        )
    except (ValueError, binascii.Error):
        raise Refusal(Reason.CREDENTIAL_REFUSED) from None


# What says no ----------------------------------------------------------------------------------------


def error_of(refusal: Refusal) -> str:
    """How OAuth calls it (RFC 6749, 5.2)."""
    if refusal.reason is Reason.TOKEN_REQUEST_INVALID:
        named = (str(refusal.facts["field"]), str(refusal.facts["problem"]))
        return {
            ("grant_type", "not supported"): "unsupported_grant_type",
            ("scope", "unknown"): "invalid_scope",
        }.get(named, "invalid_request")
    if refusal.reason is Reason.SCOPE_MISSING:
        return "invalid_scope"
    status = status_of(refusal)
    if status == 401:
        return "invalid_client"
    if status in (429, 503):
        return "temporarily_unavailable"
    return "server_error" if status >= 500 else "invalid_request"


def _plain(refusal: Refusal) -> str:
    """In English, of the characters that RFC 6749 allows."""
    told = str(explain(refusal, Language.EN)).replace('"', "'").replace("\\", "/")
    return "".join(each if " " <= each <= "~" else " " for each in told)


def _invalid(field: str, problem: str) -> Refusal:
    return Refusal(Reason.TOKEN_REQUEST_INVALID, field=field, problem=problem)
