"""Erasure (消去): the personal data of an investor is destroyed on the word of two persons, once nothing keeps it.

    propose ──► refused         something still keeps the data, or it is gone already
       └──────► checked ──► approve (somebody else) ──► final, and the data key is destroyed in the same transaction

Maker and approver sign the exact bytes of the command (EIP-712), as for an act on the ledger; they own the Safe of the
registrar that repairs. The ledger hears nothing of it: units, dates and ids stay and stay verifiable
(R-PROGMAT-DATA-3).
"""

import json
from datetime import date

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.chain.command_message import digest_of, sign_command
from genbo.chain.deployments import SafeRecord
from genbo.chain.hexes import bytes_of
from genbo.chain.signing import signer_of
from genbo.compliance.privacy import RetentionRules, require_erasable
from genbo.governance import Command, CommandId, CommandState, Duty, Signed, Stored
from genbo.kernel import Digest, InvestorId, Reason, Refusal, business_date
from genbo.storage.commands import Commands
from genbo.storage.investors import Investors
from genbo.storage.retention import Retention

_DUTY = Duty.REPAIRER


class Erasures:
    """The erasures of one deployment."""

    def __init__(self, office: Office, rules: RetentionRules) -> None:
        self._office = office
        self._rules = rules

    def propose(self, investor: InvestorId, *, ground: str, evidence: Digest, maker: str) -> Stored:
        """Stores the order to erase an investor, with its maker's signature. The same once more gives what is stored.

        Args:
            ground: reference of the decision; it stays with the mark of erasure.
            evidence: SHA-256 of the document that the decision is in.
            maker: name of a key that owns the registrar's Safe.

        Raises:
            Refusal: `investor_unknown`; `retention_not_over`; `command_key_reused` for the same decision on another
                document.
            Fault: `key_missing` when the key is not here.
        """
        name, signer = self._office.orders.hands_of(_DUTY, (maker,)).people[0]
        body = {"act": "erase", "ground": ground, "investor": investor}
        command = Command(
            key=f"erase/{investor}/{ground}",
            chain_id=self._office.deployment.chain_id,
            what=f"erase the personal data of investor {investor}",
            maker=name,
            maker_account=signer.address,
            account=self._safe.address,
            duty=_DUTY,
            to=None,
            data=json.dumps(body, sort_keys=True, separators=(",", ":")).encode(),
            evidence=evidence,
        )
        at = self._office.house.now()
        platform = self._office.deployment.platform
        signed = sign_command(command, platform, name=name, signer=signer, at=at)
        with self._office.house.database.begin() as connection:
            self._require_erasable(connection, investor)
            stored, _ = Commands(connection, command.chain_id).submit(
                command,
                digest=digest_of(command, platform),
                state=CommandState.CHECKED,
                approvals=[signed],
                at=at,
            )
        return stored

    def approve(self, command: CommandId, *, name: str) -> Stored:
        """Adds the signature of somebody else. With enough of them the investor is erased, in the same transaction;
        what may have come up since the proposal, such as a legal hold, is asked again.

        Raises:
            Refusal: `command_unknown`, `command_not_open`, `erasure_unknown`; `same_person` for the maker;
                `retention_not_over`.
            Fault: `key_missing` when the key is not here.
        """
        house, platform = self._office.house, self._office.deployment.platform
        approver, signer = self._office.orders.hands_of(_DUTY, (name,)).people[0]
        with house.database.begin() as connection:
            commands = Commands(connection, self._office.deployment.chain_id)
            stored = commands.get(command, to_change=True)
            investor, ground = _read(stored)
            if stored.state is CommandState.FINAL:
                return stored
            at = house.now()
            self._require_erasable(connection, investor)
            signed = sign_command(stored.command, platform, name=approver, signer=signer, at=at)
            stored = commands.approve(command, signed)
            if self._enough(stored):
                by = " + ".join((stored.command.maker, *stored.approvers))
                Investors(connection, house.vault).erase(investor, at=at, by=by, ground=ground)
                commands.move(command, CommandState.APPROVED, at=at)
                commands.move(command, CommandState.FINAL, at=at)
            return commands.get(command)

    # Inside --------------------------------------------------------------------------------------

    @property
    def _safe(self) -> SafeRecord:
        return self._office.deployment.safe_of(_DUTY)

    def _require_erasable(self, connection: Connection, investor: InvestorId) -> None:
        kept = Retention(connection).kept(investor)
        require_erasable(investor, kept, self._rules, today=self._today())

    def _today(self) -> date:
        return business_date(self._office.house.now())

    def _enough(self, stored: Stored) -> bool:
        signers = {each.account for each in stored.approvals if _valid(each, stored)}
        return len(signers & set(self._safe.owners)) >= max(2, self._safe.threshold)


def _valid(signed: Signed, stored: Stored) -> bool:
    return signer_of(bytes_of(stored.digest), signed.signature) == signed.account


def _read(stored: Stored) -> tuple[InvestorId, str]:
    """Whom the command erases, and on which ground."""
    try:
        body = json.loads(stored.command.data) if not stored.command.on_ledger else {}
        if body["act"] != "erase":
            raise ValueError
        return InvestorId(body["investor"]), str(body["ground"])
    except (ValueError, KeyError, TypeError):
        raise Refusal(Reason.ERASURE_UNKNOWN, command=stored.id) from None
