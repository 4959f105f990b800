"""Institutions (関係機関), their users, and who is asking."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import Header, Query, Response
from pydantic import BaseModel, Field

from genbo.api.access import ALL_ROLES, Access, AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import ID, Cursor, InstitutionPath, Limit
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.router import router as a_router
from genbo.api.version import UNCHANGED, answer_version
from genbo.governance.institutions import Institution as StoredInstitution
from genbo.governance.institutions import InstitutionId, InstitutionRole
from genbo.governance.users import AccountKind, Scope, UserId, UserStatus
from genbo.storage.user_list import UserLine

router = a_router("institutions")


class Me(BaseModel):
    """Who is asking: the institution, and what its credential is for."""

    institution: Annotated[str, Field(description="関係機関ID", examples=["B2"])]
    role: Annotated[InstitutionRole, Field(description="役割 (A.2.1)")]
    credential: Annotated[str, Field(description="認証情報ID")]
    scope: Annotated[Scope, Field(description="参照系・更新系の別")]
    valid_until: Annotated[
        datetime | None,
        Field(description="First instant the credential is good for nothing. 認証情報の有効期限"),
    ]


class Institution(BaseModel):
    """A firm with access, under one role."""

    institution: Annotated[str, Field(description="関係機関ID", examples=["B2"])]
    role: Annotated[InstitutionRole, Field(description="役割", examples=["delegating_broker"])]
    custodian: Annotated[
        str | None,
        Field(description="Keeps the keys of a delegating broker. カストディアンID (T8.5)"),
    ]
    own_account: Annotated[
        str | None, Field(description="Its own units, told to itself alone. 自己口投資家ID (T8.4)")
    ]

    @classmethod
    def of(cls, one: StoredInstitution, reader: StoredInstitution) -> Self:
        return cls(
            institution=one.id,
            role=one.role,
            custodian=one.custodian,
            own_account=one.own_account if one.id == reader.id else None,
        )


class User(BaseModel):
    """A user of an institution, without a name (T14). Of others' users the platform manager is told id and status."""

    user: Annotated[str, Field(description="ユーザID (T14.1)")]
    institution: Annotated[str, Field(description="関係機関ID")]
    status: Annotated[UserStatus, Field(description="ユーザステータス (T14.13)")]
    kind: Annotated[AccountKind | None, Field(description="アカウント区分 (T14.5)")]
    permissions: Annotated[
        list[str] | None, Field(description="権限", examples=[["orders:make", "register:read"]])
    ]
    suspended: Annotated[
        bool | None, Field(description="Whether the permissions rest, since a reset. 権限停止中")
    ]
    second_factor: Annotated[bool | None, Field(description="二要素認証の有無")]
    last_logon_at: Annotated[datetime | None, Field(description="最終ログオン日時")]

    @classmethod
    def of(cls, line: UserLine, *, whole: bool) -> Self:
        return cls(
            user=line.id,
            institution=line.institution,
            status=line.status,
            kind=line.kind if whole else None,
            permissions=[str(each) for each in line.permissions] if whole else None,
            suspended=line.suspended if whole else None,
            second_factor=line.second_factor if whole else None,
            last_logon_at=line.last_logon_at if whole else None,
        )


@router.get("/me")
def read_me(ask: Asks) -> Me:
    """Who is asking, with which credential, for how long. 自己確認"""
    stored = ask.sight.firms.credential(ask.caller.credential)
    return Me(
        institution=ask.institution.id,
        role=ask.institution.role,
        credential=ask.caller.credential,
        scope=ask.caller.scope,
        valid_until=None if stored is None else stored.valid_until,
    )


@router.get("/institutions")
def list_institutions(ask: Asks, limit: Limit = USUAL, cursor: Cursor = None) -> Page[Institution]:
    """The institution itself, the firms that handle its products, and, for the platform manager, all. 関係機関一覧"""
    question = {"of": ask.institution.id, "list": "institutions"}
    begin = after_as(question, cursor, str)
    found = [each for each in ask.sight.firms.institutions() if begin is None or each.id > begin[0]]
    return Page(
        items=[Institution.of(each, ask.institution) for each in found[:limit]],
        next=next_of(question, [(each.id,) for each in found], limit=limit),
    )


@router.get("/institutions/{institution}", responses=UNCHANGED)
def read_institution(
    institution: InstitutionPath,
    ask: Asks,
    response: Response,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Institution:
    """One institution, with its version as ETag. 関係機関"""
    found = ask.sight.firms.institution(InstitutionId(institution))
    return answer_version(Institution.of(found, ask.institution), response, if_none_match)


@router.get("/users")
def list_users(
    ask: Asks,
    institution: Annotated[
        str | None,
        Query(
            pattern=ID,
            description="Whose, for the platform manager; by default its own. 関係機関ID",
        ),
    ] = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[User]:
    """The institution's users by id, for its administrators' systems: nobody's name. 利用者一覧"""
    whose = InstitutionId(institution or ask.institution.id)
    question = {"of": ask.institution.id, "whose": whose}
    begin = after_as(question, cursor, str)
    found = ask.sight.firms.users(
        whose, after=None if begin is None else UserId(begin[0]), most=limit + 1
    )
    return Page(
        items=[User.of(each, whole=found.whole) for each in found.users[:limit]],
        next=next_of(question, [(each.id,) for each in found.users], limit=limit),
    )


ACCESS: AccessTable = {
    ("GET", "/v1/me"): Access(Scope.REFERENCE, ALL_ROLES, either=True),
    ("GET", "/v1/institutions"): reads(ALL_ROLES),
    ("GET", "/v1/institutions/{institution}"): reads(ALL_ROLES),
    ("GET", "/v1/users"): reads(ALL_ROLES),
}
