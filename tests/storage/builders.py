"""Builders: a deployment, a product, investors and a ledger that speaks, for the tests of storage."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from genbo.governance import Attempt, Command, Duty, Entry, EntryState, Job, JobKind, Signed
from genbo.governance.inspection import Inspection, InspectionRequest
from genbo.kernel import (
    Address,
    BlockStamp,
    Digest,
    InvestorId,
    ProductId,
    Reason,
    Reference,
    Units,
)
from genbo.masters.import_file import (
    Announcement,
    ImportResult,
    ImportStatus,
    ImportTarget,
    ProcessingKind,
    Rejection,
)
from genbo.register import (
    Changes,
    LedgerEvent,
    LogPosition,
    RegisterFold,
    UnitsFrozen,
    UnitsMoved,
    UnitsSplit,
)
from genbo.storage.deployments import Deployment, Deployments
from genbo.storage.events import RawEvent
from genbo.storage.import_files import ImportFiles
from genbo.storage.investors import Investor, NewInvestor
from genbo.storage.products import Products
from genbo.token import MovementKind, parse_terms

CHAIN = 1337
P1 = ProductId("P1")
START = datetime(2021, 8, 11, 1, 0, tzinfo=UTC)
TERMS: dict[str, object] = {
    "product_id": "P1",
    "name": "試験信託受益権",
    "symbol": "P-ONE",
    "legal_form": "beneficiary_certificate_trust",
    "legal_category": "tokenised_security",
    "perfection_method": "register_entry",
    "right_kind": "preferred",
    "isin": "JP4000010001",
    "trust_contract_id": "TC-1",
    "initial_beneficiary_id": "IV-SETTLOR",
    "set_quantity": 1453,
    "unit_price_yen": 1000000,
    "application_minimum": 2,
    "application_step": 1,
    "authorised_cap": 2000,
    "set_date": "2021-08-11",
    "redemption_date": "2024-08-01",
    "record_date_1": "01-31",
    "record_date_2": "07-31",
    "holiday_adjustment": "following",
    "transfer_control_id": "TC-KDX",
    "permitted_classes": ["individual", "corporation"],
}


def account(number: int) -> Address:
    return Address(f"0x{number:040x}")


def word(number: int, salt: str = "0") -> str:
    """A 32-byte hash that shows the number it stands for."""
    return f"0x{salt}{number:063x}"


def stamp(number: int, at: datetime | None = None, salt: str = "b") -> BlockStamp:
    """Block `number`; one a minute from the start, unless the time is given."""
    return BlockStamp(CHAIN, number, word(number, salt), at or START + timedelta(minutes=number))


def deploy(connection: Connection) -> None:
    """A deployment on the chain and the product P1 with a token there."""
    bind(connection)
    add_product(connection)


def bind(connection: Connection) -> None:
    """A deployment on the chain."""
    Deployments(connection).record(
        Deployment(
            chain_id=CHAIN,
            first_block=1,
            first_block_hash=word(1, "b"),
            duty_manager=account(901),
            platform=account(902),
            factory=account(903),
            safes={"issuer": account(904)},
            record={"format": 1},
        ),
        at=START,
        by="genbo",
    )


def add_product(connection: Connection) -> None:
    """The product P1 with a token on the chain."""
    products = Products(connection)
    products.add(parse_terms(TERMS), at=START, by="registrar-1")
    products.deployed(P1, chain_id=CHAIN, address=account(999), at=START, by="registrar-1")


@dataclass
class Ledger:
    """Says what happened, one log after the other, and folds it."""

    fold: RegisterFold = field(default_factory=RegisterFold)
    events: list[LedgerEvent] = field(default_factory=list)
    changes: list[Changes] = field(default_factory=list)
    block: BlockStamp = field(default_factory=lambda: stamp(1))
    _log_index: int = 0

    def at(self, number: int, at: datetime | None = None, salt: str = "b") -> "Ledger":
        """Goes on in block `number`."""
        self.block = stamp(number, at, salt)
        self._log_index = 0
        return self

    def move(
        self,
        kind: MovementKind,
        source: int | None,
        target: int | None,
        units: int,
        *,
        day: date | None = None,
        ref: str | None = None,
        reverses: str | None = None,
    ) -> Changes:
        return self.say(
            UnitsMoved(
                product=P1,
                position=self._next(),
                kind=kind,
                source=None if source is None else account(source),
                target=None if target is None else account(target),
                units=Units(units),
                delivery_date=day or self.block.business_date,
                ref=None if ref is None else Reference(ref),
                evidence=None,
                reverses=None if reverses is None else Reference(reverses),
            )
        )

    def issue(self, units: int, to: int = 1, **more: str) -> Changes:
        return self.move(MovementKind.ISSUE, None, to, units, **more)

    def transfer(self, source: int, target: int, units: int, **more: str) -> Changes:
        return self.move(MovementKind.TRANSFER, source, target, units, **more)

    def split(self, factor: int) -> Changes:
        total = self.fold.total(P1)
        return self.say(
            UnitsSplit(
                product=P1,
                position=self._next(),
                factor=factor,
                epoch=1,
                total_before=total,
                total_after=Units(total * factor),
                delivery_date=self.block.business_date,
                ref=None,
            )
        )

    def freeze(self, address: int, units: int) -> Changes:
        return self.say(
            UnitsFrozen(
                product=P1, position=self._next(), address=account(address), units=Units(units)
            )
        )

    def say(self, event: LedgerEvent) -> Changes:
        changes = self.fold.apply(event)
        self.events.append(event)
        self.changes.append(changes)
        return changes

    def hush(self) -> tuple[list[LedgerEvent], list[Changes]]:
        """What was said since the last time."""
        said = self.events, self.changes
        self.events, self.changes = [], []
        return said

    def _next(self) -> LogPosition:
        self._log_index += 1
        return LogPosition(
            stamp=self.block,
            log_index=self._log_index,
            tx=word(self.block.number * 1000 + self._log_index, "7"),
        )


def raw(events: Sequence[LedgerEvent]) -> list[RawEvent]:
    """Raw events at the places of `events`; their content is of no matter here."""
    return [
        RawEvent(
            stamp=event.position.stamp,
            log_index=event.position.log_index,
            tx=event.position.tx,
            address=account(999),
            topics=(b"\x01" * 32, b"\x02" * 32),
            data=b"\x03\x04",
        )
        for event in events
    ]


def investor(name: str = "IV-1", **more: str) -> Investor:
    return Investor(
        investor_id=InvestorId(name),
        kind="individual",
        safekeeping_kind="direct",
        safekeeping_id="B1",
        investor_class=1,
        **more,  # type: ignore[arg-type]
    )


def new_investor(name: str = "IV-1", **personal: str) -> NewInvestor:
    """An individual, or a corporation where a corporate number is given."""
    one = investor(name)
    if "corporate_number" in personal:
        one = replace(one, kind="corporation")
    return NewInvestor(
        investor=one,
        name=f"氏名 {name}",
        registered_address=f"東京都架空区 {name}",
        effective=date(2021, 7, 1),
        personal=personal,
    )


def an_inspection(name: str = "INS-1", *, of: str | None = None) -> Inspection:
    """Of the register of P1; of an investor, a certificate."""
    return Inspection(
        id=name,
        kind="register" if of is None else "certificate",
        product=P1,
        investor=None if of is None else InvestorId(of),
        extent="full",
        as_of=START,
        block=1,
        facts_digest=Digest(word(88)),
        lots=3,
        form="pdf",
        language="ja",
        request=InspectionRequest(requester="T-1", reason="record date"),
        purpose="register",
        at=START,
        by="registrar-1",
    )


def a_command(key: str = "k-1", **more: object) -> Command:
    values: dict[str, object] = {
        "key": key,
        "chain_id": CHAIN,
        "what": "issue 10",
        "maker": "issue-1",
        "maker_account": account(11),
        "account": account(13),
        "duty": Duty.ISSUER,
        "to": account(14),
        "data": b"\x01\x02",
        "product": P1,
        "ref": Reference("I-1"),
    }
    return Command(**(values | more))  # type: ignore[arg-type]


def signed(name: str = "issue-1", number: int = 11) -> Signed:
    return Signed(name=name, account=account(number), signature=bytes(65), at=START)


def an_attempt(number: int = 0) -> Attempt:
    return Attempt(tx=Digest(word(number + 500)), raw=b"\x02" * 9, price=3, tip=1, signed_at=START)


def an_entry(command: Command, nonce: int = 0) -> Entry:
    return Entry(
        signer=account(11),
        nonce=nonce,
        command=command.id,
        account=account(13),
        gas=50_000,
        state=EntryState.SIGNED,
        since=START,
        attempts=(an_attempt(nonce),),
    )


def a_job(key: str = "j-1") -> Job:
    return Job(
        key=key,
        chain_id=CHAIN,
        kind=JobKind.DISTRIBUTE,
        product=P1,
        ref=Reference("D-1"),
        arguments={},
        maker="distribute-1",
    )


def a_file(size: int = 10_240, **more: object) -> Announcement:
    values: dict[str, object] = {
        "target": ImportTarget.INVESTOR,
        "kind": ProcessingKind.NEW,
        "size": size,
        "timestamp": START,
        "sha256": Digest(word(size, "f")),
    }
    return Announcement(**(values | more))  # type: ignore[arg-type]


def received(connection: Connection, said: Announcement | None = None) -> ImportFiles:
    """A file that was announced by registration-1, and came."""
    files, said = ImportFiles(connection), said or a_file()
    files.announce(said, at=START, by="registration-1")
    files.receive(said.file_id, size=said.size, sha256=said.sha256, at=START, by="registration-1")
    return files


def checked(
    connection: Connection,
    said: Announcement | None = None,
    end: ImportStatus = ImportStatus.CHECKED,
) -> ImportFiles:
    """As `received`, and its rows were checked: two are right, or one is wrong."""
    files, said = received(connection, said), said or a_file()
    wrong = Rejection(
        line=3, column="corporate_number", reason=Reason.ROW_INVALID, facts={"allowed": "13 digits"}
    )
    result = ImportResult(read=2)
    if end is ImportStatus.FAILED:
        result = ImportResult(read=2, rejected=1, problems=1, rejections=(wrong,))
    files.move(said.file_id, ImportStatus.CHECKING, at=START, by="registration-1")
    files.move(said.file_id, end, at=START, by="registration-1", result=result)
    return files
