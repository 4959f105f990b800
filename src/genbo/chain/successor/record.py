"""Record: who proposed, tested, approved and activated a succession (R-PROGMAT-WG2-3), and what came of it.

One file per product, kept with the deployment records. Each person signs the stage they answer for, with the content
of all stages before it; so a record that was edited afterwards no longer fits its signatures. It holds addresses and
hashes only, never a name.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from genbo.chain.hexes import bytes_of, hex_of
from genbo.chain.keys import Signer
from genbo.chain.signing import Domain, Message, sign, signer_of
from genbo.chain.successor.rehearsal import Rehearsal
from genbo.chain.successor.succession import Succession
from genbo.chain.whole_file import write_whole
from genbo.kernel import UTC, Address, Digest, Fault, ProductId, Reason, Refusal

FORMAT = 1


class Role(StrEnum):
    """The four persons of a succession."""

    PROPOSER = "proposer"
    TESTER = "tester"
    APPROVER = "approver"
    ACTIVATOR = "activator"


class Stage(StrEnum):
    """What they sign, in this order."""

    PROPOSAL = "proposal"
    TEST = "test"
    APPROVAL = "approval"
    ACTIVATION = "activation"
    """Before the first transaction."""
    COMPLETION = "completion"
    """After the last one, over the proof."""


ROLE_OF = {
    Stage.PROPOSAL: Role.PROPOSER,
    Stage.TEST: Role.TESTER,
    Stage.APPROVAL: Role.APPROVER,
    Stage.ACTIVATION: Role.ACTIVATOR,
    Stage.COMPLETION: Role.ACTIVATOR,
}

MUST_DIFFER = (
    frozenset({Role.PROPOSER, Role.TESTER}),
    frozenset({Role.PROPOSER, Role.APPROVER}),
    frozenset({Role.TESTER, Role.APPROVER}),
    frozenset({Role.APPROVER, Role.ACTIVATOR}),
)
"""Nobody tests or approves their own proposal, approves their own test, or activates on their own approval. Whoever
proposed or tested may activate: every act of the activation is two persons' anyway."""

_ORDER = tuple(Stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed."""

    chain_id: int
    product: ProductId
    token: Address
    """The old token."""
    successor: ProductId
    reference: str
    code_hash: str
    """keccak256 of the creation code of the new token."""
    acts: Address
    """The `TokenActs` it will run."""
    reason: Digest
    """Digest of the paper that says why."""

    @property
    def succession(self) -> Succession:
        return Succession(product=self.product, successor=self.successor, reference=self.reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One transaction of the activation."""

    what: str
    tx: str
    block: int
    gas: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Both products at the block that closed the old one."""

    block: int
    block_hash: str
    at: str
    """Block time, UTC."""
    tx: str
    """The closing transaction."""
    token: Address
    """The new token."""
    digest: Digest
    holders: int
    accounts: int
    days: int
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One person's signature under one stage."""

    stage: Stage
    person: Address
    at: int
    """UTC seconds, by the person's own clock."""
    content: Digest
    """Of the stage and of all stages before it."""
    signature: str
    """0x and 65 bytes r, s, v over the EIP-712 message `SuccessionStatement`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _StatementMessage(Message):
    stage: str
    product: str
    successor: str
    content: bytes
    at: int

    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("stage", "string"),
        ("product", "string"),
        ("successor", "string"),
        ("content", "bytes32"),
        ("at", "uint256"),
    )

    @property
    def primary_type(self) -> str:
        return "SuccessionStatement"

    def values(self) -> tuple[Any, ...]:
        return (self.stage, self.product, self.successor, self.content, self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One succession as its persons signed it."""

    proposal: Proposal
    rehearsal: Rehearsal | None = None
    completion: Completion | None = None
    statements: tuple[Statement, ...] = ()
    transactions: tuple[Transaction, ...] = field(default=())

    def statement(self, stage: Stage) -> Statement | None:
        return next((each for each in self.statements if each.stage is stage), None)

    def require(self, stage: Stage) -> Statement:
        """Raises Refusal(statement_missing)."""
        found = self.statement(stage)
        if found is None:
            raise Refusal(Reason.STATEMENT_MISSING, role=stage.value, product=self.proposal.product)
        return found

    def signed(self, stage: Stage, *, by: Signer, at: datetime) -> Record:
        """The record with that stage signed; a stage signed anew takes away those after it.

        Raises:
            Refusal: `statement_missing` when an earlier stage is not signed, `same_person` when the roles must differ.
            Fault: `development_key_refused`.
        """
        for earlier in _ORDER[: _ORDER.index(stage)]:
            self.require(earlier)
        kept = tuple(
            each for each in self.statements if _ORDER.index(each.stage) < _ORDER.index(stage)
        )
        record = replace(self, statements=kept)
        record.require_other_person(stage, by.address)
        seconds, content = int(at.timestamp()), record.content(stage)
        message = record._message(stage, content, seconds)
        signature = hex_of(sign(message, record._domain(), by))
        statement = Statement(
            stage=stage, person=by.address, at=seconds, content=content, signature=signature
        )
        return replace(record, statements=(*kept, statement))

    def require_other_person(self, stage: Stage, person: Address) -> None:
        """Nothing when the person may sign that stage. Raises Refusal(same_person)."""
        role = ROLE_OF[stage]
        for each in self.statements:
            other = ROLE_OF[each.stage]
            if each.person == person and frozenset({role, other}) in MUST_DIFFER:
                raise Refusal(
                    Reason.SAME_PERSON, account=person, role=role.value, other=other.value
                )

    def check(self) -> None:
        """Nothing when every statement is its person's, over what the record says.

        Raises:
            Refusal: `statement_invalid`; `same_person`; `statement_missing` when one lacks before another.
        """
        stages = tuple(each.stage for each in self.statements)
        for stage in _ORDER[: len(stages)]:
            self.require(stage)
        if stages != _ORDER[: len(stages)]:
            problem = "the stages are out of order"
            raise Refusal(Reason.STATEMENT_INVALID, role=stages[-1].value, problem=problem)
        for number, each in enumerate(self.statements):
            problem = ""
            if each.content != self.content(each.stage):
                problem = "the record was changed after it was signed"
            elif each.person != self._signer(each):
                problem = f"the signature is not that of {each.person}"
            if problem:
                raise Refusal(Reason.STATEMENT_INVALID, role=each.stage.value, problem=problem)
            before = replace(self, statements=self.statements[:number])
            before.require_other_person(each.stage, each.person)

    def content(self, stage: Stage) -> Digest:
        """SHA-256 over what that stage says and what the stages before it say, as JSON."""
        said: dict[str, Any] = {"proposal": asdict(self.proposal)}
        if stage is not Stage.PROPOSAL:
            said["rehearsal"] = None if self.rehearsal is None else asdict(self.rehearsal)
        if stage is Stage.COMPLETION:
            said["completion"] = None if self.completion is None else asdict(self.completion)
            said["transactions"] = [asdict(each) for each in self.transactions]
        earlier = _ORDER[: _ORDER.index(stage)]
        said["signed"] = [each.signature for each in self.statements if each.stage in earlier]
        said["stage"] = stage.value
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return Digest("0x" + hashlib.sha256(text.encode()).hexdigest())

    def _domain(self) -> Domain:
        return Domain(
            name="Genbo Succession",
            version="1",
            chain_id=self.proposal.chain_id,
            contract=self.proposal.token,
        )

    def _message(self, stage: Stage, content: Digest, at: int) -> Message:
        return _StatementMessage(
            stage=stage.value,
            product=self.proposal.product,
            successor=self.proposal.successor,
            content=bytes_of(content),
            at=at,
        )

    def _signer(self, statement: Statement) -> Address | None:
        digest = self._message(statement.stage, statement.content, statement.at).digest(
            self._domain()
        )
        try:
            raw = bytes_of(statement.signature)
        except ValueError:
            return None
        return signer_of(digest, raw)


# On disk --------------------------------------------------------------------------------------------


def path_of(folder: Path, chain_id: int, product: ProductId) -> Path:
    """The file of that product's succession."""
    return folder / str(chain_id) / f"{quote(product, safe='')}.json"


def save(record: Record, folder: Path) -> Path:
    """Writes the file, in one step; where it is."""
    path = path_of(folder, record.proposal.chain_id, record.proposal.product)
    raw = {
        "format": FORMAT,
        "proposal": asdict(record.proposal),
        "rehearsal": None if record.rehearsal is None else asdict(record.rehearsal),
        "completion": None if record.completion is None else asdict(record.completion),
        "statements": [
            {"role": ROLE_OF[each.stage].value, **asdict(each), "at": _iso(each.at)}
            for each in record.statements
        ],
        "transactions": [asdict(each) for each in record.transactions],
    }
    write_whole(path, json.dumps(raw, indent=2, ensure_ascii=False) + "\n")
    return path


def load(folder: Path, chain_id: int, product: ProductId) -> Record | None:
    """The record of that product's succession; None when none was proposed.

    Raises:
        Refusal: `statement_invalid`, as `Record.check`.
        Fault: `file_unreadable`.
    """
    path = path_of(folder, chain_id, product)
    try:
        raw = json.loads(path.read_text("utf-8"))
        if raw["format"] != FORMAT:
            raise ValueError("another format")
        record = Record(
            proposal=Proposal(**raw["proposal"]),
            rehearsal=None if raw["rehearsal"] is None else Rehearsal(**raw["rehearsal"]),
            completion=None if raw["completion"] is None else Completion(**raw["completion"]),
            statements=tuple(
                Statement(
                    stage=Stage(each["stage"]),
                    person=each["person"],
                    at=int(datetime.fromisoformat(each["at"]).timestamp()),
                    content=each["content"],
                    signature=each["signature"],
                )
                for each in raw["statements"]
            ),
            transactions=tuple(Transaction(**each) for each in raw["transactions"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"not a succession ({type(error).__name__})"
        raise Fault(Reason.FILE_UNREADABLE, file=str(path), problem=problem) from None
    record.check()
    return record


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
