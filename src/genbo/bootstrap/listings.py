"""Listings (一覧): holdings per investor as of an instant, and what changed between two (異動一覧). Nobody is named.

As an institution one sees what its desk sees: a registrar and an issuer all of it, others their own customers.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.printing import ask
from genbo.bootstrap.register_output import Asker, desk_of
from genbo.compliance.reasons import Language
from genbo.kernel import Address, InvestorId, ProductId, Reason, Refusal
from genbo.register import Position
from genbo.reporting.listing import Listing, ListingCell, ListingColumn
from genbo.reporting.provenance_document import KIND_NAMES
from genbo.reporting.restriction import Restriction, RestrictionKind
from genbo.reporting.words import Both, instant_words, listed
from genbo.storage.movements import MovedSide, Movement, Movements, Restricted
from genbo.storage.register import AsOf, Register


def holdings_listing(
    office: Office,
    product: ProductId,
    *,
    as_of: AsOf | None,
    asker: Asker,
    investor: InvestorId | None = None,
) -> Listing:
    """Units per investor, and total issued, as of an instant (R-JSTOA-6.2.1.2, .3).

    Raises:
        Refusal: `not_found` to an institution that sees nothing of the product; `holding_unknown` for an investor that
            holds nothing, and as `print_register`.
    """
    with _looking(office, product, asker) as connection:
        asked = ask(connection, office, product, as_of)
        register = Register(connection, office.deployment.chain_id)
        positions = register.positions(product, as_of=asked.as_of)
        total = int(register.total(product, as_of=asked.as_of))
    held: dict[str, list[Position]] = {}
    for each in positions:
        if each.units:
            held.setdefault(asked.owners.get(each.address, ""), []).append(each)
    if investor is not None:
        if investor not in held:
            raise Refusal(Reason.HOLDING_UNKNOWN, investor=investor, product=product)
        held = {investor: held[investor]}
    rows: list[list[ListingCell]] = []
    for number, (who, accounts) in enumerate(sorted(held.items()), 1):
        units = sum(int(each.units) for each in accounts)
        frozen = sum(min(int(each.frozen), int(each.units)) for each in accounts)
        share = Decimal(units * 100) / total if total else Decimal(0)
        rows.append([number, who, len(accounts), units, frozen, f"{share:.6f}"])
    return Listing(
        format="genbo.holdings/1",
        title=Both("投資家別残高一覧", "Holdings by investor"),
        product=product,
        product_name=asked.name,
        as_of=asked.instant,
        stamp=asked.stamp,
        facts={
            "total_issued": total,
            "units": sum(_whole(row[3]) for row in rows),
            "holders": len(rows),
        },
        fact_words=_FACTS,
        columns=[
            ListingColumn(key="no", heading=Both("番号", "No."), width=20),
            ListingColumn(key="investor_id", heading=Both("投資家ID", "Investor"), width=80),
            ListingColumn(key="accounts", heading=Both("口座数", "Accounts"), width=25),
            ListingColumn(key="units", heading=Both("数量", "Units"), width=55, summed=True),
            ListingColumn(key="frozen", heading=Both("うち凍結・留保", "Frozen or held"), width=48),
            ListingColumn(key="share", heading=Both("割合（％）", "Share (%)"), width=45),
        ],
        rows=rows,
    )


def changes_listing(
    office: Office, product: ProductId, *, since: AsOf, until: AsOf | None, asker: Asker
) -> Listing:
    """What changed after the register as of `since` up to that as of `until` (異動一覧).

    Raises:
        Refusal: as `holdings_listing`; `field_invalid` when `since` is not before `until`.
    """
    with _looking(office, product, asker) as connection:
        start = ask(connection, office, product, since)
        end = ask(connection, office, product, until)
        if start.instant > end.instant:
            raise Refusal(
                Reason.FIELD_INVALID,
                field="since",
                value=start.instant.isoformat(),
                allowed=f"an instant before {end.instant.isoformat()}",
            )
        moved = Movements(connection, office.deployment.chain_id).between(
            product, since=start.as_of, until=end.as_of
        )
        register = Register(connection, office.deployment.chain_id)
        totals = [int(register.total(product, as_of=each.as_of)) for each in (start, end)]
    rows = [_row(number, each, end.owners) for number, each in enumerate(moved, 1)]
    return Listing(
        format="genbo.changes/1",
        title=Both("異動一覧", "Changes of the register"),
        product=product,
        product_name=end.name,
        since=start.instant,
        as_of=end.instant,
        stamp=end.stamp,
        facts={
            "total_before": totals[0],
            "total_after": totals[1],
            "entries": len(rows),
        },
        fact_words=_FACTS,
        columns=_CHANGES,
        rows=rows,
    )


@contextmanager
def _looking(office: Office, product: ProductId, asker: Asker) -> Iterator[Connection]:
    if asker.institution is None:
        with office.house.database.read() as connection:
            yield connection
        return
    desk_of(office, asker).product(product)
    with office.house.database.viewing(asker.institution, at=asker.at) as connection:
        yield connection


def _row(
    number: int, movement: Movement, owners: Mapping[Address, InvestorId]
) -> list[ListingCell]:
    def side(of: MovedSide | None) -> list[ListingCell]:
        if of is None:
            return [None, None, None, None]
        return [owners.get(of.account), of.account, of.before, of.after]

    kind = "restriction" if movement.kind is None else movement.kind.name.lower()
    return [
        number,
        instant_words(movement.stamp.at),
        movement.stamp.number,
        movement.log_index,
        kind,
        movement.ref,
        None if movement.kind is None else movement.units,
        *side(movement.source),
        *side(movement.target),
        _restrictions(movement),
        movement.tx,
    ]


def _restrictions(movement: Movement) -> Both | None:
    if movement.restricted is None:
        return None

    def words(language: Language) -> str:
        states = [
            listed((each.words(language) for each in _told(state)), language)
            or Both("なし", "none")(language)
            for state in movement.restricted or ()
        ]
        return " > ".join(states)

    return Both(words(Language.JA), words(Language.EN))


def _told(state: Restricted) -> list[Restriction]:
    found = []
    if state.address_frozen:
        found.append(Restriction(kind=RestrictionKind.ADDRESS_FROZEN))
    if state.frozen:
        found.append(Restriction(kind=RestrictionKind.UNITS_FROZEN, units=state.frozen))
    if state.locked_until is not None:
        found.append(Restriction(kind=RestrictionKind.LOCKED_UNTIL, until=state.locked_until))
    if state.blocked:
        found.append(Restriction(kind=RestrictionKind.BLOCKED))
    return found


def _whole(cell: ListingCell) -> int:
    assert isinstance(cell, int)
    return cell


_FACTS = {
    "total_issued": Both("総発行数量", "Total issued"),
    "units": Both("記載数量の合計", "Sum of the lines"),
    "holders": Both("名義人数", "Holders"),
    "total_before": Both("始期の総発行数量", "Total issued before"),
    "total_after": Both("終期の総発行数量", "Total issued after"),
    "entries": Both("異動件数", "Entries"),
}
_KINDS = {kind.name.lower(): Both(name, kind.name.lower()) for kind, name in KIND_NAMES.items()} | {
    "restriction": Both("処分の制限", "restriction")
}
_CHANGES = (
    ListingColumn(key="no", heading=Both("番号", "No."), width=12),
    ListingColumn(key="at_jst", heading=Both("日時", "At"), width=22),
    ListingColumn(key="block", heading=Both("ブロック", "Block"), width=16),
    ListingColumn(key="log_index", heading=Both("ログ", "Log"), width=10),
    ListingColumn(key="kind", heading=Both("移転区分", "Kind"), width=18, words=_KINDS),
    ListingColumn(key="reference", heading=Both("取引ID", "Reference"), width=30),
    ListingColumn(key="units", heading=Both("数量", "Units"), width=16),
    ListingColumn(
        key="from_investor_id", heading=Both("異動元", "From"), width=30, instead="from_account"
    ),
    ListingColumn(key="from_account", heading=Both("異動元口座", "From account"), width=0),
    ListingColumn(key="from_before", heading=Both("異動前", "Before"), width=16),
    ListingColumn(key="from_after", heading=Both("異動後", "After"), width=16),
    ListingColumn(
        key="to_investor_id", heading=Both("異動先", "To"), width=30, instead="to_account"
    ),
    ListingColumn(key="to_account", heading=Both("異動先口座", "To account"), width=0),
    ListingColumn(key="to_before", heading=Both("異動前", "Before"), width=16),
    ListingColumn(key="to_after", heading=Both("異動後", "After"), width=16),
    ListingColumn(key="restrictions", heading=Both("制限の変更", "Restrictions"), width=25),
    ListingColumn(key="transaction", heading=Both("トランザクション", "Transaction"), width=0),
)
