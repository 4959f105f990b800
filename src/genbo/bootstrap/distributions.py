"""Distributions (分配): declared from a record date, approved by somebody else, corrected by further runs.

    declare ──► approve (somebody else) ──► lines can be paid (`bootstrap.payments`)
       └──────► reject

Maker and approver own the Safe of the duty ISSUER, whose people also redeem: who pays out what an issuer owes. What
they sign is the run's id, its sums and the root of its payee lines, so no line can change under a signature.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.payee_list import (
    NO_ROOT,
    payee_root,
    require_lines,
    require_root,
    token_words,
)
from genbo.bootstrap.record_dates import bank_calendar
from genbo.bootstrap.redeemed_units import (
    redeemed_units,
    redemption_paid_by,
    require_payment_of,
)
from genbo.bootstrap.roots import Anchored, anchor_root
from genbo.bootstrap.two_signatures import TwoSignatures
from genbo.chain.contracts.register_anchor import AnchorKind
from genbo.entitlements import (
    Entitlement,
    Hold,
    Payee,
    PayeeLine,
    PerUnit,
    Run,
    RunState,
    TaxCategory,
    Totals,
    corrected,
    distribute,
    lines_digest,
    payable_by_terms,
    totals,
)
from genbo.governance import CommandId, Duty, Stored
from genbo.kernel import (
    Digest,
    Fault,
    InvestorId,
    ProductId,
    Reason,
    Refusal,
    to_bytes32,
)
from genbo.storage.distributions import Distributions
from genbo.storage.investors import Investors
from genbo.storage.payment_terms import PaymentTerms
from genbo.storage.payments import Payments, require_approved
from genbo.storage.products import Products
from genbo.storage.record_dates import FixedRecordDate, RecordDates
from genbo.storage.tax_categories import TaxCategories

DUTY = Duty.ISSUER
"""Whose people make and approve runs."""

Said = Callable[[str], None]


def silent(_: str) -> None:
    """Nobody is told how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a run shall be."""

    id: str
    product: ProductId
    record_day: date
    amounts: PerUnit
    why: str
    payment_day: date | None = None
    """None: the day that the terms set: of a bond its coupon's, else a month after the record date."""
    corrects: str | None = None


def declare(
    office: Office,
    wanted: Wanted,
    *,
    maker: str | None = None,
    evidence: Digest | None = None,
    say: Said = silent,
) -> Run:
    """Drafts a run and signs its order. The same once more changes nothing.

    Args:
        maker: name of a key that owns the registrar's Safe; None: the first that can be reached.
        evidence: SHA-256 of the document that the decision is in.
        say: is told what is done next.

    Raises:
        Refusal: `key_malformed` for the id; `field_missing` without a reason; `record_date_unknown` when the record
            date is not fixed; `field_invalid` for a payment day that comes before its end; `tax_rate_missing`; as
            `Distributions.declare`; `command_key_reused`; `action_exists` for the id of a redemption that pays
            otherwise, or has not begun.
        Fault: `key_missing`; as `Vault.fingerprint`.
    """
    at = office.house.now()
    with office.house.database.begin() as connection:
        run, lines = drafted(connection, office, wanted, at=at, say=say)
        say("storing the lines")
        order = TwoSignatures(office, DUTY).order(
            connection,
            key=order_key(run),
            what=words_of(run),
            body=body_of(run),
            maker=maker,
            product=run.product,
            evidence=evidence,
            at=at,
        )
        run = replace(run, maker=order.command.maker, command=str(order.id))
        return Distributions(connection).declare(run, lines)


def drafted(
    connection: Connection, office: Office, wanted: Wanted, *, at: datetime, say: Said = silent
) -> tuple[Run, list[PayeeLine]]:
    """The run as it would be declared now, without its maker and its order, and its lines. Nothing is stored. Raises
    as `declare`."""
    to_bytes32(wanted.id)  # it is a subject on the ledger
    if not wanted.why.strip():
        raise Refusal(Reason.FIELD_MISSING, field="why")
    fixed = RecordDates(connection).get(wanted.product, wanted.record_day)
    payable = wanted.payment_day or _payable(connection, fixed)
    if payable <= wanted.record_day:
        raise Refusal(
            Reason.FIELD_INVALID,
            field="payment_day",
            value=payable.isoformat(),
            allowed=f"a day after {wanted.record_day}",
        )
    say("reading who held")
    entitled = _entitled(connection, office, wanted)
    payees = _payees(connection, office, wanted.product, entitled, on=payable)
    say("computing amounts and taxes")
    lines = distribute(wanted.amounts, payees, on=payable)
    sums = totals(lines, wanted.amounts)
    if wanted.corrects is not None:
        lines, sums = _correction(connection, wanted, lines, sums)
    say("making the root of the payee list")
    run = Run(
        id=wanted.id,
        product=wanted.product,
        record_day=wanted.record_day,
        payment_day=payable,
        amounts=wanted.amounts,
        totals=sums,
        digest=lines_digest(wanted.id, lines),
        root=NO_ROOT,
        why=wanted.why.strip(),
        maker="",
        made_at=at,
        command="",
        token=PaymentTerms(connection).of(wanted.product),
        corrects=wanted.corrects,
    )
    return replace(run, root=payee_root(office, connection, run, fixed, lines)), lines


def approve(office: Office, run: str, *, name: str) -> Run:
    """Signs a run as somebody else than its maker, with a key that is here. With enough signatures its lines can be
    paid, in the same transaction; the lines are compared with the root that is signed first.

    Raises:
        Refusal: `distribution_unknown`, `distribution_not_open`; `same_person`; as `TwoSignatures.sign`.
        Fault: `key_missing`; `invariant_broken` when the lines are not those that were declared.
    """
    at = office.house.now()
    signatures = TwoSignatures(office, DUTY)
    with office.house.database.begin() as connection:
        return decided(
            connection,
            run,
            lambda order: signatures.sign(connection, order, name=name, at=at),
            at=at,
            by=name,
        )


def decided(
    connection: Connection,
    run: str,
    sign: Callable[[CommandId], tuple[Stored, bool]],
    *,
    at: datetime,
    by: str,
) -> Run:
    """The run after `sign` added a signature to its order; approved, when that was enough. Raises as `approve`."""
    held = Distributions(connection)
    draft = held.get(run, to_change=True)
    require_draft(draft)
    require_lines(draft, held.lines(run))
    stored, enough = sign(CommandId(draft.command))
    if json.loads(stored.command.data) != body_of(draft):
        raise Fault(Reason.INVARIANT_BROKEN, number=5, problem=f"{run} is not what its order says")
    return held.approve(run, at=at, by=by) if enough else held.get(run)


def require_draft(run: Run) -> None:
    """Nothing for a run that nobody decided about. Raises Refusal(distribution_not_open)."""
    if run.state is not RunState.DRAFT:
        raise Refusal(Reason.DISTRIBUTION_NOT_OPEN, distribution=run.id, state=run.state.value)


def reject(office: Office, run: str, *, name: str) -> Run:
    """Takes a draft back, as its maker, or turns it down, as somebody who could approve it.

    Raises:
        Refusal: `distribution_unknown`, `distribution_not_open`.
        Fault: `key_missing`.
    """
    office.orders.hands_of(DUTY, (name,))
    with office.house.database.begin() as connection:
        return turned_down(connection, office, run, by=name)


def turned_down(connection: Connection, office: Office, run: str, *, by: str) -> Run:
    """The run after it was rejected; whether `by` may is asked before. Raises Refusal as `reject`."""
    at = office.house.now()
    rejected = Distributions(connection).reject(run, at=at, by=by)
    TwoSignatures(office, DUTY).withdraw(connection, CommandId(rejected.command), at=at)
    return rejected


def anchor_distribution(office: Office, run: str) -> Anchored:
    """Anchors the payee list of an approved run (R-STSUM-4). Again, it changes nothing.

    Raises:
        Refusal: `distribution_unknown`, `distribution_not_open`; as `anchor_root`.
    """
    with office.house.database.read() as connection:
        found = Distributions(connection).get(run)
    require_approved(found)
    return anchor_root(
        office,
        AnchorKind.PAYEE_LIST,
        found.id,
        found.record_day,
        root=found.root,
        leaves=found.totals.payees + 1,
        product=found.product,
    )


def verify_distribution(office: Office, run: str) -> Run:
    """The run, when its lines still have the root that was declared.

    Raises:
        Refusal: `distribution_unknown`.
        Fault: `invariant_broken`.
    """
    with office.house.database.read() as connection:
        held = Distributions(connection)
        found = held.get(run)
        lines = held.lines(run)
        require_lines(found, lines)
        require_root(office, connection, found, lines)
    return found


# Inside ----------------------------------------------------------------------------------------------


def _payable(connection: Connection, fixed: FixedRecordDate) -> date:
    terms = Products(connection).get(fixed.record.product).terms
    is_holiday = bank_calendar(connection).is_holiday
    return payable_by_terms(terms, fixed.record, is_holiday=is_holiday)


def _entitled(connection: Connection, office: Office, wanted: Wanted) -> list[Entitlement]:
    """Who is owed for how many units: all that were held, or those that end by the redemption that the run pays."""
    entitled = RecordDates(connection).entitlements(wanted.product, wanted.record_day)
    redemption = redemption_paid_by(connection, wanted.id, corrects=wanted.corrects)
    if redemption is None:
        return entitled
    if wanted.corrects is None:
        pays = (wanted.product, wanted.record_day, wanted.amounts)
        require_payment_of(redemption, *pays)
    ended = redeemed_units(connection, office, redemption)
    return [replace(each, units=ended[each.holder]) for each in entitled if each.holder in ended]


def _payees(
    connection: Connection,
    office: Office,
    product: ProductId,
    entitled: Sequence[Entitlement],
    *,
    on: date,
) -> Iterable[Payee]:
    """Who is paid, by which tax category, and whose money is put aside."""
    known = [InvestorId(each.holder) for each in entitled if each.known]
    kinds = Investors(connection, office.house.vault).kinds(known)
    other = TaxCategories(connection).on(known, on)
    holds = Payments(connection).barred(product, known)
    for each in entitled:
        holder = InvestorId(each.holder)
        if each.known and holder in kinds:
            yield Payee(
                holder=holder,
                units=each.units,
                category=other.get(holder) or TaxCategory(kinds[holder]),
                hold=holds.get(holder),
            )
        else:
            # Nobody can say that less is to be withheld.
            yield Payee(
                holder=each.holder,
                units=each.units,
                category=TaxCategory.INDIVIDUAL,
                hold=Hold.HOLDER_UNKNOWN,
            )


def _correction(
    connection: Connection, wanted: Wanted, lines: list[PayeeLine], sums: Totals
) -> tuple[list[PayeeLine], Totals]:
    """Lines that pay the difference to the run that is corrected; sums of what is right, and of the differences."""
    assert wanted.corrects is not None
    held = Distributions(connection)
    former = held.get(wanted.corrects)
    if (former.product, former.record_day) != (wanted.product, wanted.record_day):
        raise Refusal(
            Reason.FIELD_INVALID,
            field="corrects",
            value=wanted.corrects,
            allowed=f"a run of {wanted.product} for {wanted.record_day}",
        )
    lines = corrected(lines, held.lines(former.id))
    differences = totals(lines, wanted.amounts)
    return lines, replace(
        sums,
        payees=differences.payees,
        to_pay=differences.to_pay,
        to_reclaim=differences.to_reclaim,
    )


def order_key(run: Run) -> str:
    """Idempotency key of its order."""
    return f"distribution/{run.id}"


def words_of(run: Run) -> str:
    """The order in a few words."""
    sums = run.totals
    return f"distribution {run.id} of {run.product}: {sums.payees:,} payees, {sums.to_pay:,} yen"


def body_of(run: Run) -> dict[str, object]:
    """What maker and approver sign."""
    sums = run.totals
    return {
        "act": "distribution",
        "run": run.id,
        "product": run.product,
        "record_day": run.record_day.isoformat(),
        "payment_day": run.payment_day.isoformat(),
        "corrects": run.corrects,
        "income": f"{run.amounts.income:.10f}",
        "capital": f"{run.amounts.capital:.10f}",
        "points": f"{run.amounts.points:.10f}",
        "payees": sums.payees,
        "gross": sums.gross,
        "income_tax": sums.income_tax,
        "local_tax": sums.local_tax,
        "to_pay": sums.to_pay,
        "to_reclaim": sums.to_reclaim,
        "digest": run.digest,
        "root": run.root,
        **token_words(run),
    }
