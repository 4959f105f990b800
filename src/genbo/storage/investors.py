"""Investors (投資家): who they are. Their personal data goes in and comes out through the vault.

What is not sealed (status, classes, ids of firms) says nothing about a person and may be read freely. Names and
statutory addresses are versions with the day they take effect, so a register of January shows the name of January
(R-PROGMAT-T7.3, T7.4).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.masters import (
    AmlClass,
    BankMaster,
    Flag,
    InvestorStatus,
    leaves_block,
    move_investor_on,
    narrow,
    version_on,
)
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.banks import Banks
from genbo.storage.blind_index import BlindIndex
from genbo.storage.customer_numbers import numbers_taken
from genbo.storage.holdings import units_held
from genbo.storage.investor_record import (
    PERSONAL_FIELDS,
    Identity,
    Investor,
    NewInvestor,
    canonical,
    canonical_identity,
    refuse_code,
)
from genbo.storage.tables import custodian, investor_key, safekeeping_firm
from genbo.storage.tables import identity as identity_table
from genbo.storage.tables import investor as investor_table
from genbo.storage.tables.columns import changed_now
from genbo.storage.vault import Erased, Opener, Place, Reading, Sealer, Vault
from genbo.storage.witness import vouch

__all__ = ["PERSONAL_FIELDS", "Identity", "Investor", "Investors", "NewInvestor"]

OPEN_COLUMNS = tuple(
    column
    for column in investor_table.c
    if column.name not in PERSONAL_FIELDS and not column.name.startswith(("created", "updated"))
)


class Investors:
    """The investors, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def register(
        self, new: Sequence[NewInvestor], *, at: datetime, by: str
    ) -> dict[InvestorId, tuple[Flag, ...]]:
        """Registers all of `new`, or none. What is stored is canonical by the rules of table T7.

        Returns:
            What a person should look at, by investor; those of whom there is nothing to say are left out.

        Raises:
            Refusal: `investor_exists` with the first id that is taken; `field_unknown` with a personal field that has
                no place here; `field_invalid` with a code, class or cell that is none, a customer number that is
                taken, or a bank or branch that is not in the bank master; `individual_number_refused`;
                `firm_unknown` with a broker or custodian that is not registered.
        """
        banks = self._banks(new)
        read = [canonical(each, banks) for each in new]
        flags = {each.investor.investor_id: found for each, found in read if found}
        new = [each for each, _ in read]
        ids = [each.investor.investor_id for each in new]
        self._refuse_known(ids)
        self._refuse_firms([each.investor for each in new])
        self._refuse_customers([each.investor for each in new])
        made = {"created_at": at, "created_by": by, "updated_at": at, "updated_by": by}
        added = bulk.insert_new(
            self._connection,
            investor_table,
            [
                {column.name: getattr(each.investor, column.name) for column in OPEN_COLUMNS} | made
                for each in new
            ],
        )
        if added < len(new):
            # Another transaction was first, and what it sealed must not be sealed over with keys that nobody keeps.
            self._refuse_known(ids)
        sealer = self._vault.enrol(self._connection, ids, at=at)
        self._seal_personal({each.investor.investor_id: each.personal for each in new}, sealer)
        bulk.insert_new(
            self._connection,
            identity_table,
            [
                _identity_row(
                    each.investor.investor_id,
                    1,
                    each.effective,
                    (each.name, each.registered_address, each.name_kana, each.name_romaji),
                    sealer,
                )
                | {"recorded_at": at, "recorded_by": by}
                for each in new
            ],
        )
        BlindIndex(self._connection, self._vault).add(
            {each.investor.investor_id: {**each.personal, "name": each.name} for each in new}
        )
        self._audit_registered(ids, at=at, by=by)
        return flags

    def get(self, investor: InvestorId, *, to_change: bool = False) -> Investor:
        """The investor with that id; with `to_change` nobody else changes it until the transaction ends.

        Raises:
            Refusal: `investor_unknown`.
        """
        query = select(*OPEN_COLUMNS).where(investor_table.c.investor_id == investor)
        # As an update locks it: whoever writes a row about the investor meanwhile is kept from nothing.
        found = self._connection.execute(
            query.with_for_update(key_share=True) if to_change else query
        ).one_or_none()
        if found is None:
            raise Refusal(Reason.INVESTOR_UNKNOWN, investor=investor)
        return open_investor(found)

    def all(self) -> list[Investor]:
        """Every investor, by id."""
        rows = self._connection.execute(
            select(*OPEN_COLUMNS).order_by(investor_table.c.investor_id)
        )
        return [open_investor(row) for row in rows]

    def known(self, investors: Collection[InvestorId]) -> set[InvestorId]:
        """Those of `investors` that are registered."""
        found = self._connection.scalars(
            select(investor_table.c.investor_id).where(
                bulk.among(investor_table.c.investor_id, investors)
            )
        )
        return {InvestorId(each) for each in found}

    def kinds(self, investors: Collection[InvestorId]) -> dict[InvestorId, str]:
        """`individual` or `corporation`, of those that are registered."""
        rows = self._connection.execute(
            select(investor_table.c.investor_id, investor_table.c.kind).where(
                bulk.among(investor_table.c.investor_id, investors)
            )
        )
        return {InvestorId(row.investor_id): row.kind for row in rows}

    def judge(
        self,
        investor: InvestorId,
        *,
        at: datetime,
        by: str,
        status: str | None = None,
        aml_class: str | None = None,
        investor_class: int | None = None,
        released: bool = False,
    ) -> None:
        """Sets the status or a class; what is None stays.

        Args:
            released: two persons have lifted a block; without it the class does not leave `blocked`.

        Raises:
            Refusal: `investor_unknown`; `investor_status_unreachable`; `investor_holds_units` when an investor with
                units would be closed; `release_needs_two_persons`; `field_invalid` for a code that is none, and for
                `erased`, which is an act of its own.
        """
        given = {"status": status, "aml_class": aml_class, "investor_class": investor_class}
        changed = {name: value for name, value in given.items() if value is not None}
        for name, value in changed.items():
            refuse_code(name, value)
        if status is not None:
            self._move_on(investor, InvestorStatus(status))
        if aml_class is not None and not released:
            before = AmlClass(self.get(investor, to_change=True).aml_class)
            if leaves_block(before, AmlClass(aml_class)):
                raise Refusal(Reason.RELEASE_NEEDS_TWO_PERSONS, caller=by)
        self._change(investor, changed, at=at, by=by)
        facts = {"set": sorted(changed)}
        self._audit(investor, AuditAction.INVESTOR_JUDGED, facts, at=at, by=by)

    def rename(
        self,
        investor: InvestorId,
        *,
        name: str,
        registered_address: str,
        effective: date,
        at: datetime,
        by: str,
        name_kana: str | None = None,
        name_romaji: str | None = None,
    ) -> int:
        """Records a new name or statutory address as a further version, which it returns. Versions are not edited: a
        version with the same effective day corrects the earlier one.

        Raises:
            Refusal: `investor_unknown`, for an erased one too; `field_invalid`, without the value.
        """
        name, registered_address = canonical_identity(name, registered_address)
        sealer = self._vault.sealer(self._connection, [investor])
        self._change(investor, {}, at=at, by=by)  # also locks the row, so versions are counted once
        last = self._connection.scalar(
            select(func.max(identity_table.c.version)).where(
                identity_table.c.investor_id == investor
            )
        )
        version = (last or 0) + 1
        row = _identity_row(
            investor, version, effective, (name, registered_address, name_kana, name_romaji), sealer
        )
        bulk.insert_new(
            self._connection, identity_table, [row | {"recorded_at": at, "recorded_by": by}]
        )
        BlindIndex(self._connection, self._vault).add({investor: {"name": name}})
        vouched = vouch(
            self._connection,
            identity_table,
            identity_table.c.investor_id == investor,
            identity_table.c.version == version,
        )
        self._audit(
            investor,
            AuditAction.INVESTOR_RENAMED,
            {"version": version},
            at=at,
            by=by,
            rows=vouched[investor, version],
        )
        return version

    def identities(
        self, investors: Collection[InvestorId], *, on: date, reading: Reading
    ) -> dict[InvestorId, Identity]:
        """Name and statutory address of `investors` as they held on the day `on`.

        Before the first version takes effect, the first version holds: nothing older is known.

        Raises:
            Refusal: `investor_unknown`.
        """
        opener = self._vault.opener(
            self._connection,
            investors,
            fields=("identity.name", "identity.registered_address"),
            reading=reading,
        )
        versions: dict[InvestorId, list[Row[Any]]] = {}
        for row in self._versions(investors):
            versions.setdefault(InvestorId(row.investor_id), []).append(row)
        valid = {each: held for each, of in versions.items() if (held := version_on(of, on))}
        return {investor: _identity(opener, row, _STATUTORY) for investor, row in valid.items()}

    def names(
        self, investors: Collection[InvestorId], *, reading: Reading
    ) -> dict[InvestorId, list[Identity]]:
        """Every name that `investors` ever had, with its readings, in the order of the versions.

        Raises:
            Refusal: `investor_unknown`.
        """
        opener = self._vault.opener(
            self._connection,
            investors,
            fields=[f"identity.{column}" for column in _IDENTITY],
            reading=reading,
        )
        found: dict[InvestorId, list[Identity]] = {}
        for row in self._versions(investors):
            identity = _identity(opener, row, _IDENTITY)
            found.setdefault(identity.investor_id, []).append(identity)
        return found

    def _versions(self, investors: Collection[InvestorId]) -> list[Row[Any]]:
        return list(
            self._connection.execute(
                select(identity_table)
                .where(bulk.among(identity_table.c.investor_id, investors))
                .order_by(identity_table.c.investor_id, identity_table.c.version)
            )
        )

    def personal(
        self, investors: Collection[InvestorId], *, fields: Sequence[str], reading: Reading
    ) -> dict[InvestorId, dict[str, str | Erased | None]]:
        """The named `PERSONAL_FIELDS` of `investors`; None where nothing is stored.

        Raises:
            Refusal: `investor_unknown`; `field_unknown`.
        """
        for name in fields:
            if name not in PERSONAL_FIELDS:
                raise Refusal(Reason.FIELD_UNKNOWN, field=name)
        opener = self._vault.opener(
            self._connection,
            investors,
            fields=[f"investor.{name}" for name in fields],
            reading=reading,
        )
        columns = [investor_table.c[name] for name in fields]
        rows = self._connection.execute(
            select(investor_table.c.investor_id, *columns).where(
                bulk.among(investor_table.c.investor_id, investors)
            )
        )
        opened: dict[InvestorId, dict[str, str | Erased | None]] = {}
        for row in rows:
            investor = InvestorId(row.investor_id)
            values = row._mapping
            opened[investor] = {
                name: None
                if values[name] is None
                else opener.open(investor, _personal_place(name), values[name])
                for name in fields
            }
        return opened

    def erase(self, investor: InvestorId, *, at: datetime, by: str, ground: str) -> Erased:
        """Erases the personal data by destroying the data key; the row, its id and its history of holdings stay.

        Whether the time to keep it is over, is the caller's to judge (犯収法 6, 7: seven years). Who holds units is a
        holder whom the register has to name.

        Raises:
            Refusal: `investor_unknown`; `investor_holds_units`.
        """
        self._move_on(investor, InvestorStatus.CLOSED, InvestorStatus.ERASED)
        mark = self._vault.destroy(self._connection, investor, at=at, by=by, ground=ground)
        self._change(investor, {"status": "erased"}, at=at, by=by)
        self._audit(investor, AuditAction.INVESTOR_ERASED, {"ground": ground}, at=at, by=by)
        return mark

    def _banks(self, new: Sequence[NewInvestor]) -> BankMaster:
        """As much of the bank master as the accounts of `new` ask for."""
        codes = (narrow(each.personal.get("payee_bank_code", "")) for each in new)
        return Banks(self._connection).master([code for code in codes if code])

    def _move_on(self, investor: InvestorId, *wanted: InvestorStatus) -> None:
        """Nothing, when the investor may take these statuses one after the other; keeps others from changing it. An
        erased one is erased already."""
        found = self._connection.scalar(
            select(investor_table.c.status)
            .where(investor_table.c.investor_id == investor)
            .with_for_update()
        )
        if found is None:
            raise Refusal(Reason.INVESTOR_UNKNOWN, investor=investor)
        status = InvestorStatus(found)
        if status is wanted[-1]:
            return
        units = units_held(self._connection, investor)
        for each in wanted:
            status = move_investor_on(status, each, units=units, investor=investor)

    def _refuse_known(self, ids: Sequence[InvestorId]) -> None:
        known = self.known(ids)
        seen: set[InvestorId] = set()
        for investor in ids:
            if investor in known or investor in seen:
                raise Refusal(Reason.INVESTOR_EXISTS, investor=investor)
            seen.add(investor)

    def _refuse_firms(self, new: Sequence[Investor]) -> None:
        """Brokers and custodians are registered firms (R-PROGMAT-T7.6, T7.8)."""
        brokers, custodians = safekeeping_firm.c.safekeeping_id, custodian.c.custodian_id
        for kind, key, named in (
            ("safekeeping_firm", brokers, {each.safekeeping_id for each in new}),
            ("custodian", custodians, {each.custodian_id for each in new}),
        ):
            wanted = sorted(each for each in named if each is not None)
            known = set(self._connection.scalars(select(key).where(bulk.among(key, wanted))))
            for firm in wanted:
                if firm not in known:
                    raise Refusal(Reason.FIRM_UNKNOWN, kind=kind, firm=firm)

    def _refuse_customers(self, new: Sequence[Investor]) -> None:
        """A customer number is one customer's within its broker (R-PROGMAT-T7.7)."""
        numbered = [
            (each.safekeeping_id, each.broker_customer_id)
            for each in new
            if each.safekeeping_id and each.broker_customer_id
        ]
        taken = set(numbers_taken(self._connection, numbered))
        for customer in numbered:
            if customer in taken:
                raise Refusal(
                    Reason.FIELD_INVALID,
                    field="broker_customer_id",
                    value=customer[1],
                    allowed=f"a number that {customer[0]} has not used",
                )
            taken.add(customer)

    def _seal_personal(
        self, personal: Mapping[InvestorId, Mapping[str, str]], sealer: Sealer
    ) -> None:
        columns = sorted({name for fields in personal.values() for name in fields})
        rows = [
            {"investor_id": investor}
            | {
                name: sealer.seal(investor, _personal_place(name), fields[name])
                if fields.get(name)
                else None
                for name in columns
            }
            for investor, fields in personal.items()
        ]
        if not columns:
            return
        with bulk.given(self._connection, investor_table, ["investor_id", *columns], rows) as these:
            self._connection.execute(
                update(investor_table)
                .where(investor_table.c.investor_id == these.new.c.investor_id)
                .values({name: these.new.c[name] for name in columns}),
                these.parameters,
            )

    def _change(
        self, investor: InvestorId, values: Mapping[str, object], *, at: datetime, by: str
    ) -> None:
        changed = self._connection.execute(
            update(investor_table)
            .where(investor_table.c.investor_id == investor)
            .values(**values, **changed_now(investor_table, at=at, by=by))
        )
        if changed.rowcount == 0:
            raise Refusal(Reason.INVESTOR_UNKNOWN, investor=investor)

    def _audit(
        self,
        investor: InvestorId,
        action: AuditAction,
        facts: Mapping[str, AuditFact],
        *,
        at: datetime,
        by: str,
        rows: Mapping[str, str] | None = None,
    ) -> None:
        """An entry about one investor's row as it is now, and `rows` beside it."""
        table = investor_table
        own = vouch(self._connection, table, table.c.investor_id == investor)[(investor,)]
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=by,
                    subject=investor,
                    facts=facts,
                    rows={**own, **(rows or {})},
                )
            ]
        )

    def _audit_registered(self, ids: Sequence[InvestorId], *, at: datetime, by: str) -> None:
        """An entry for each new investor: the row, the data key, the first name and address."""
        rows: dict[InvestorId, dict[str, str]] = {each: {} for each in ids}
        for table in (investor_table, investor_key, identity_table):
            ours = bulk.among(table.c.investor_id, ids)
            for (investor, *_), row in vouch(self._connection, table, ours).items():
                rows[investor] |= row
        AuditLog(self._connection).append(
            AuditEntry(
                at=at,
                action=AuditAction.INVESTOR_REGISTERED,
                actor=by,
                subject=investor,
                rows=rows[investor],
            )
            for investor in ids
        )


def open_investor(row: Row[Any]) -> Investor:
    return Investor(**row._mapping)


def _personal_place(column: str) -> Place:
    return Place(table="investor", column=column)


def _identity_place(column: str, version: int) -> Place:
    return Place(table="identity", column=column, row=str(version))


def _identity_row(
    investor: InvestorId,
    version: int,
    effective: date,
    values: tuple[str | None, ...],
    sealer: Sealer,
) -> dict[str, object]:
    return {
        "investor_id": investor,
        "version": version,
        "effective": effective,
    } | {
        column: sealer.seal(investor, _identity_place(column, version), value) if value else None
        for column, value in zip(_IDENTITY, values, strict=True)
    }


_STATUTORY = ("name", "registered_address")
_IDENTITY = (*_STATUTORY, "name_kana", "name_romaji")


def _identity(opener: Opener, row: Row[Any], columns: Sequence[str]) -> Identity:
    """The version in `row`; columns that are not asked for stay sealed, and count as not given."""
    investor = InvestorId(row.investor_id)
    opened = {
        column: opener.open(investor, _identity_place(column, row.version), row._mapping[column])
        for column in columns
        if row._mapping[column] is not None
    }
    return Identity(
        investor_id=investor,
        version=row.version,
        effective=row.effective,
        name=opened["name"],
        registered_address=opened["registered_address"],
        name_kana=opened.get("name_kana"),
        name_romaji=opened.get("name_romaji"),
    )
