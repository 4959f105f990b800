"""Proposals about access (起案): what one administrator proposed and another has to approve.

Permissions, means of sign-in and credentials wait in one table, so that one question says what waits. A proposal is
stored in full; what the approver approves is its digest, computed again from what is stored. The same maker, key and
body is the same proposal, however often it is ordered.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NewType, TypeAlias

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.institutions import InstitutionId
from genbo.governance.users import (
    CredentialId,
    CredentialProposal,
    GrantAct,
    MeansAct,
    MeansProposal,
    Proposal,
    PublicKey,
    Scope,
    UserId,
    permission_named,
)
from genbo.kernel import UTC, Digest, Reason, Refusal
from genbo.storage.audit import AuditLog
from genbo.storage.parties import Parties
from genbo.storage.tables import access_proposal as table
from genbo.storage.witness import vouch

ProposalId = NewType("ProposalId", str)
"""起案ID."""

AccessProposal: TypeAlias = Proposal | MeansProposal | CredentialProposal
"""Everything that two persons change about access."""

_PROPOSED: Final = {
    "permission": AuditAction.PERMISSION_PROPOSED,
    "means": AuditAction.MEANS_PROPOSED,
    "credential": AuditAction.CREDENTIAL_PROPOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProposal:
    """A proposal with what became of it."""

    id: ProposalId
    proposal: AccessProposal
    digest: Digest
    """What the approver approves."""
    institution: InstitutionId
    user: UserId | None
    """Whom it is about; None for a credential."""
    state: str
    """`open`, `approved` or `withdrawn`."""
    maker: UserId
    made_at: datetime
    ended_by: UserId | None
    ended_at: datetime | None

    @property
    def says(self) -> str:
        """What is proposed, in a few words."""
        one = self.proposal
        if isinstance(one, Proposal):
            return f"{one.act} {one.permission}"
        if isinstance(one, MeansProposal):
            return one.act.value
        says = f"credential {one.id} {one.scope} until {one.valid_until:%Y-%m-%d}"
        if one.public_key is not None:
            says += f", key {one.public_key.thumbprint}"
        if one.certificate is not None:
            says += f", certificate {one.certificate}"
        return says


def proposal_id(maker: UserId, key: str) -> ProposalId:
    """The id of a maker's proposal under an idempotency key: 24 signs, for a person to copy."""
    return ProposalId("AP-" + hashlib.sha256(f"{maker}\n{key}".encode()).hexdigest()[:21])


def body_digest(**body: str) -> Digest:
    """What tells one body under a key from another. The time of an order is no part of it."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return Digest("0x" + hashlib.sha256(text.encode()).hexdigest())


class AccessProposals:
    """The proposals, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def repeated(self, maker: UserId, key: str, body: Digest) -> StoredProposal | None:
        """What was stored under that key of that maker; None when nothing was.

        Raises:
            Refusal: `command_key_reused` when it has another body.
        """
        row = self._row(proposal_id(maker, key))
        if row is None:
            return None
        if row.body_digest != body:
            raise Refusal(Reason.COMMAND_KEY_REUSED, key=key[:64])
        return self._stored(row)

    def add(self, proposal: AccessProposal, *, key: str, body: Digest) -> StoredProposal:
        """Stores a new proposal. Its maker is held, so that nobody stores the same one at once."""
        kind, user, content = _written(proposal)
        institution = (
            proposal.institution.id
            if isinstance(proposal, CredentialProposal)
            else proposal.institution
        )
        number = proposal_id(proposal.maker, key)
        self._connection.execute(
            insert(table).values(
                proposal_id=number,
                key=key,
                body_digest=body,
                kind=kind,
                institution_id=institution,
                user_id=user,
                content=content,
                digest=proposal.digest(),
                state="open",
                maker=proposal.maker,
                made_at=proposal.made_at,
            )
        )
        facts = {name: value for name, value in content.items() if name not in ("maker", "made_at")}
        self._audit(number, _PROPOSED[kind], user, proposal.maker, proposal.made_at, facts)
        return self.get(number)

    def get(self, number: ProposalId, *, hold: bool = False) -> StoredProposal:
        """The proposal with that id; held until the transaction ends when asked so.

        Raises:
            Refusal: `proposal_unknown`.
        """
        row = self._row(number, hold=hold)
        if row is None:
            raise Refusal(Reason.PROPOSAL_UNKNOWN, proposal=number[:64])
        return self._stored(row)

    def open(self, institution: InstitutionId | None = None) -> list[StoredProposal]:
        """What waits, of everybody or of an institution, the oldest first."""
        query = select(table).where(table.c.state == "open").order_by(table.c.made_at)
        if institution is not None:
            query = query.where(table.c.institution_id == institution)
        return [self._stored(row) for row in self._connection.execute(query)]

    def approved(self, number: ProposalId, *, by: UserId, at: datetime) -> dict[str, str]:
        """Notes that it was approved; the row, for the entry of what it changes to vouch for.

        Raises:
            Refusal: `proposal_not_open`.
        """
        return self._end(number, "approved", by=by, at=at)

    def withdraw(self, number: ProposalId, *, by: UserId, at: datetime) -> None:
        """Notes that its maker took it back.

        Raises:
            Refusal: `proposal_not_open`.
        """
        self._end(number, "withdrawn", by=by, at=at)
        user = self.get(number).user
        self._audit(number, AuditAction.PROPOSAL_WITHDRAWN, user, by, at, {})

    # Inside ------------------------------------------------------------------------------------------

    def _end(self, number: ProposalId, state: str, *, by: UserId, at: datetime) -> dict[str, str]:
        done = self._connection.execute(
            update(table)
            .where(table.c.proposal_id == number, table.c.state == "open")
            .values(state=state, ended_by=by, ended_at=at)
        )
        if not done.rowcount:
            now = self.get(number).state
            raise Refusal(Reason.PROPOSAL_NOT_OPEN, proposal=number, state=now)
        return vouch(self._connection, table, table.c.proposal_id == number)[(number,)]

    def _row(self, number: ProposalId, *, hold: bool = False) -> Row[Any] | None:
        query = select(table).where(table.c.proposal_id == number)
        return self._connection.execute(query.with_for_update() if hold else query).one_or_none()

    def _stored(self, row: Row[Any]) -> StoredProposal:
        return StoredProposal(
            id=ProposalId(row.proposal_id),
            proposal=self._read(row.kind, row.content),
            digest=row.digest,
            institution=InstitutionId(row.institution_id),
            user=None if row.user_id is None else UserId(row.user_id),
            state=row.state,
            maker=UserId(row.maker),
            made_at=row.made_at,
            ended_by=None if row.ended_by is None else UserId(row.ended_by),
            ended_at=row.ended_at,
        )

    def _read(self, kind: str, content: Mapping[str, Any]) -> AccessProposal:
        """The inverse of `_written`."""
        common: dict[str, Any] = {
            "maker": UserId(content["maker"]),
            "evidence": Digest(content["evidence"]),
            "made_at": datetime.fromisoformat(content["made_at"]),
        }
        if kind == "permission":
            return Proposal(
                act=GrantAct(content["act"]),
                user=UserId(content["user"]),
                institution=InstitutionId(content["institution"]),
                permission=permission_named(content["permission"]),
                **common,
            )
        if kind == "means":
            return MeansProposal(
                act=MeansAct(content["act"]),
                user=UserId(content["user"]),
                institution=InstitutionId(content["institution"]),
                identity=content["identity"],
                **common,
            )
        return CredentialProposal(
            id=CredentialId(content["credential"]),
            institution=Parties(self._connection).institution(content["institution"]),
            scope=Scope(content["scope"]),
            valid_from=datetime.fromisoformat(content["valid_from"]),
            valid_until=datetime.fromisoformat(content["valid_until"]),
            public_key=PublicKey(content["public_key"]) if "public_key" in content else None,
            certificate=content.get("certificate"),
            **common,
        )

    def _audit(
        self,
        number: ProposalId,
        action: AuditAction,
        subject: str | None,
        actor: str,
        at: datetime,
        facts: Mapping[str, Any],
    ) -> None:
        rows = vouch(self._connection, table, table.c.proposal_id == number)[(number,)]
        entry = AuditEntry(
            at=at,
            action=action,
            actor=actor,
            subject=subject or number,
            facts={"proposal": number, **facts},
            rows=rows,
        )
        AuditLog(self._connection).append([entry])


def _written(proposal: AccessProposal) -> tuple[str, UserId | None, dict[str, str | None]]:
    """Kind, user and content: ids, codes, digests and instants, and never personal data."""
    common: dict[str, str | None] = {
        "maker": proposal.maker,
        "evidence": proposal.evidence,
        "made_at": _instant(proposal.made_at),
    }
    if isinstance(proposal, CredentialProposal):
        machine = {
            "credential": proposal.id,
            "institution": proposal.institution.id,
            "scope": proposal.scope.value,
            "valid_from": _instant(proposal.valid_from),
            "valid_until": _instant(proposal.valid_until),
        }
        if proposal.public_key is not None:
            machine["public_key"] = proposal.public_key.jwk
        if proposal.certificate is not None:
            machine["certificate"] = proposal.certificate
        return "credential", None, common | machine
    whose: dict[str, str | None] = {
        "act": proposal.act.value,
        "user": proposal.user,
        "institution": proposal.institution,
    }
    if isinstance(proposal, MeansProposal):
        return "means", proposal.user, common | whose | {"identity": proposal.identity}
    return "permission", proposal.user, common | whose | {"permission": str(proposal.permission)}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
