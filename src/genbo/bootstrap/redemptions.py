"""Redemptions (償還): in part, in proportion to a record date, or in full, which ends the product (R-JSTOA-6.1.1.4).

given a redemption that two persons decided
    when its day has not come
        it is refused (`action_not_due`)
    when its day comes before the redemption date of the terms
        it was not even drafted (`redemption_not_due`), unless as an early one, on its evidence, or because the date is
        a bank holiday and the terms pay before it: then the token's date is set to its day first, and back again where
        only a part ends
    when holders no longer hold what they did at the record date
        it is refused (`action_overtaken`), and nothing has happened
    otherwise
        the register before it is kept; the units end as a bulk act, which goes on where it stood however often it is
        interrupted; the payment is drafted as a distribution with its two parts; the register after it is kept
        └── in full, the product ends as redeemed, and nothing is issued any more
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from genbo.bootstrap.corporate_actions import (
    Decision,
    act_once,
    begin,
    decide,
    finish,
    is_known,
    people_of,
    to_carry_out,
)
from genbo.bootstrap.distributions import Wanted, declare
from genbo.bootstrap.office import Office
from genbo.bootstrap.record_dates import bank_calendar
from genbo.bootstrap.redeemed_units import redeemed_units, require_payment_of
from genbo.bootstrap.split_followed import splits_after
from genbo.entitlements import (
    ActionKind,
    ActionState,
    CorporateAction,
    RedemptionTerms,
    Run,
)
from genbo.governance import Job, JobId, JobKind, JobRow
from genbo.governance.job import JobState, Progress, id_under, require_room
from genbo.kernel import Address, ProductId, Reason, Reference, Refusal, Units, start_of_day
from genbo.storage.commands import Commands
from genbo.storage.corporate_actions import CorporateActions
from genbo.storage.distributions import Distributions
from genbo.storage.jobs import Jobs
from genbo.storage.products import Products
from genbo.storage.record_dates import RecordDates
from genbo.storage.register import Register
from genbo.storage.wallets import Wallets
from genbo.token import ProductStatus, adjusted


def decide_redemption(
    office: Office, decision: Decision, terms: RedemptionTerms, *, maker: str | None = None
) -> CorporateAction:
    """Drafts a redemption. Its record date must be fixed: who gives which units is settled with the signature.

    Raises:
        Refusal: `redemption_not_due` before the redemption date of the terms, or the business day before it where it
            is a bank holiday and the terms say so, unless it is an early one; `record_date_unknown`;
            `distribution_exists` for an id under which its payment could not be drafted; `field_invalid` for units
            that are not a part of those that were held, and for a day that the record date does not come before;
            `key_malformed` for an id that leaves no room for row numbers; as `corporate_actions.decide`.
        Fault: as `corporate_actions.decide`.
    """
    require_redeemable(office, decision, terms)
    return decide(office, decision, terms, maker=maker)


def require_redeemable(office: Office, decision: Decision, terms: RedemptionTerms) -> None:
    """Nothing for a redemption that could be drafted now. Raises as `decide_redemption`."""
    with office.house.database.read() as connection:
        due = _due(connection, decision.product)
        fixed = RecordDates(connection).get(decision.product, terms.record_day)
        if decision.day < due and not terms.early:
            raise Refusal(
                Reason.REDEMPTION_NOT_DUE,
                redemption_date=due.isoformat(),
                now=decision.day.isoformat(),
            )
        if decision.day <= terms.record_day:
            raise Refusal(
                Reason.FIELD_INVALID,
                field="day",
                value=decision.day.isoformat(),
                allowed=f"a day after the record date {terms.record_day}",
            )
        require_room(_reference(decision.id, _MOST_ROUNDS), fixed.holders)
        if CorporateActions(connection).find(decision.id) is None:
            _require_unpaid(connection, decision.id)
        if terms.units is not None and not 1 <= terms.units < fixed.units:
            raise Refusal(
                Reason.FIELD_INVALID,
                field="units",
                value=int(terms.units),
                allowed=f"1 to {int(fixed.units) - 1}, or all of them by --all",
            )


def carry_out_redemption(
    office: Office,
    action: str,
    *,
    by: str,
    people: Sequence[str] = (),
    progress: Callable[[Progress], None] = lambda _: None,
    since: datetime | None = None,
) -> CorporateAction:
    """Ends the units, drafts the payment, and with the last unit ends the product. Interrupted, it is done again and
    goes on; done once more, it changes nothing.

    Args:
        by: who asks for it, for the records.
        people: names of those who sign; by default those who decided.
        progress: is told how far the bulk act is.
        since: when it was ordered, where somebody else works on bulk acts: then it is asked again and again, and is
            what it was while its bulk act is under way. Without it, it waits until all is done.

    Raises:
        Refusal: `action_unknown`, `action_not_open`, `action_not_due`, `action_overtaken`; the reason of a row that
            cannot succeed: done again, the rows that are left are tried again; `action_interrupted` when its bulk act
            was cancelled.
        Fault: as `Bulk.run`.
    """
    found = to_carry_out(office, action, ActionKind.REDEMPTION)
    if found.state is ActionState.DONE:
        return found
    office.read()
    signers = tuple(people) or people_of(office, found)
    if found.before is None:
        with office.house.database.read() as connection:
            rows_of(connection, office, found)  # overtaken, it does not begin
            _require_unpaid(connection, found.id)
        found = begin(office, found, by=by)
    if _terms(found).units is None:
        _move_on(office, found, ProductStatus.REDEEMING, by=by)
    _bring_forward(office, found, signers)
    if not _end_units(office, found, signers, progress, since):
        return found
    _put_back(office, found, signers)
    payment_of(office, found)
    if _terms(found).units is None:
        _end_product(office, found, by=by)
    return finish(office, found, by=by)


def rows_of(connection: Connection, office: Office, action: CorporateAction) -> list[JobRow]:
    """The accounts that give, as they are now, with the units of each; without units where all of them end.

    Raises:
        Refusal: `action_overtaken` when somebody has less than is to be given, or units were split since the record
            date; in full, when anybody holds other than at the record date.
    """
    terms = _terms(action)
    fixed = RecordDates(connection).get(action.product, terms.record_day)
    if splits_after(connection, office, action.product, fixed.stamp.number):
        raise Refusal(  # its units and its amounts are those of before
            Reason.ACTION_OVERTAKEN,
            action=action.id,
            record_day=terms.record_day.isoformat(),
            holders=fixed.holders,
        )
    gives = redeemed_units(connection, office, action)
    owners = Wallets(connection).owners(action.product)
    accounts: dict[str, list[tuple[Address, Units]]] = {}
    positions = Register(connection, office.deployment.chain_id).positions(action.product)
    for each in sorted(positions, key=lambda it: it.address):
        if each.units:
            owner = owners.get(each.address)
            holder = str(owner) if owner in gives else str(each.address)
            accounts.setdefault(holder, []).append((each.address, each.units))
    has = {holder: sum(units for _, units in held) for holder, held in accounts.items()}
    everybody = gives if terms.units is not None else {**has, **gives}
    apart = [
        holder
        for holder in everybody
        if has.get(holder, 0) < gives.get(holder, 0)
        or (terms.units is None and has.get(holder, 0) != gives.get(holder, 0))
    ]
    if apart:
        raise Refusal(
            Reason.ACTION_OVERTAKEN,
            action=action.id,
            record_day=terms.record_day.isoformat(),
            holders=len(apart),
        )
    if terms.units is None:
        return [JobRow(address=address) for held in accounts.values() for address, _ in held]
    rows = []
    for holder, left in gives.items():
        for address, units in accounts[holder]:
            part = min(left, units)
            if part:
                rows.append(JobRow(address=address, units=Units(part)))
            left = Units(left - part)
    return rows


def bulk_acts_of(
    connection: Connection, office: Office, action: CorporateAction
) -> tuple[JobId, ...]:
    """The bulk acts by which units of a redemption end, in their order: more than one where rows were tried again."""
    chain_id = office.deployment.chain_id
    jobs = Jobs(connection, chain_id)
    ids = (id_under(chain_id, _job_key(action, each)) for each in range(1, _MOST_ROUNDS + 1))
    return tuple(job for job in ids if jobs.made_at(job) is not None)


def payment_of(office: Office, action: CorporateAction) -> Run:
    """The run that pays for the units, under the id of the redemption; drafted by its maker unless it is there. Its
    two parts are taxed as such: what is returned is no income (requirements B.4). Raises as `declare`."""
    with office.house.database.read() as connection:
        held = {each.id: each for each in Distributions(connection).all(action.product)}
    if (run := held.get(action.id)) is not None:
        require_payment_of(action, run.product, run.record_day, run.amounts)
        return run
    terms = _terms(action)
    wanted = Wanted(
        id=action.id,
        product=action.product,
        record_day=terms.record_day,
        amounts=terms.amounts,
        why=f"redemption {action.id}: {action.resolution}",
        payment_day=terms.payment_day,
    )
    maker, *_ = people_of(office, action)
    return declare(office, wanted, maker=maker, evidence=action.evidence)


# Inside ----------------------------------------------------------------------------------------------

_BRING_FORWARD, _PUT_BACK = "bring-forward", "put-back"
_MOST_ROUNDS = 9
"""So often rows that were refused are tried again under a reference of their own."""


def _terms(action: CorporateAction) -> RedemptionTerms:
    assert isinstance(action.terms, RedemptionTerms)
    return action.terms


def _require_unpaid(connection: Connection, action: str) -> None:
    """Nothing while no run has the id under which a redemption is paid: one from before would be taken for it.

    Raises:
        Refusal: `distribution_exists`.
    """
    if any(each.id == action for each in Distributions(connection).all()):
        raise Refusal(Reason.DISTRIBUTION_EXISTS, distribution=action)


def _job_key(action: CorporateAction, round_: int) -> str:
    return f"action/{action.id}/{round_}"


def _due(connection: Connection, product: ProductId) -> date:
    """償還期日: from which day on the terms allow it. One that goes to the business day before a bank holiday does; one
    that goes after it may be redeemed on the day itself, and is paid when banks work."""
    terms = Products(connection).get(product).terms
    moved = adjusted(
        terms.redemption_date, terms.holiday_adjustment, bank_calendar(connection).is_holiday
    )
    return min(moved, terms.redemption_date)


def _reference(action: str, round_: int) -> Reference:
    return Reference(action if round_ == 1 else f"{action}.{round_}")


def _bring_forward(office: Office, action: CorporateAction, people: Sequence[str]) -> None:
    """Sets the token's redemption date to the day of a redemption before it: an early one, or one that a bank holiday
    moves. The terms in the registry keep what was promised; the decision says what came of it."""
    due = office.token(action.product).supply().value.redemption_date
    promised = _promised(office, action)
    is_before = _terms(action).early or action.day < promised
    if not is_before or start_of_day(action.day).timestamp() >= due:
        return
    with office.house.database.read() as connection:
        commands = Commands(connection, office.deployment.chain_id)
        if is_known(commands, action, _PUT_BACK):
            return  # its units have ended
    # Another redemption, or other terms, may have set the date back before the units ended.
    _set_date(office, action, action.day, _BRING_FORWARD, people, again=True)


def _put_back(office: Office, action: CorporateAction, people: Sequence[str]) -> None:
    """Sets the date back that a part was redeemed before: what is left is not due yet."""
    promised = _promised(office, action)
    if _terms(action).units is not None and action.day < promised:
        _set_date(office, action, promised, _PUT_BACK, people)


def _promised(office: Office, action: CorporateAction) -> date:
    """The redemption date of the terms, as the registry has them."""
    with office.house.database.read() as connection:
        return Products(connection).get(action.product).terms.redemption_date


def _set_date(
    office: Office,
    action: CorporateAction,
    day: date,
    what: str,
    people: Sequence[str],
    *,
    again: bool = False,
) -> None:
    token = office.token(action.product)
    supply = token.supply().value
    call = token.set_terms(
        legal_category=supply.legal_category,
        terms_digest=token.terms_digest().value,
        initial_beneficiary=token.initial_beneficiary().value,
        authorised_cap=supply.cap,
        redemption_date=start_of_day(day),
    )
    act_once(office, action, call, what, people=people, again=again)


def _end_units(
    office: Office,
    action: CorporateAction,
    people: tuple[str, ...],
    progress: Callable[[Progress], None],
    since: datetime | None,
) -> bool:
    """Works on the bulk act, and on the rows that an earlier round could not do; whether all units have ended."""
    rows: list[JobRow] | None = None
    for round_ in range(1, _MOST_ROUNDS + 1):
        job = Job(
            key=_job_key(action, round_),
            chain_id=office.deployment.chain_id,
            kind=JobKind.REDEEM,
            product=action.product,
            ref=_reference(action.id, round_),
            arguments={"evidence": action.evidence, "delivery_date": action.day.isoformat()},
            maker=people[0],
            people=people,
        )
        with office.house.database.read() as connection:
            jobs = Jobs(connection, office.deployment.chain_id)
            made_at = jobs.made_at(job.id)
            ended = made_at is not None and jobs.get(job.id).state is not JobState.RUNNING
            if made_at is None and rows is None:
                rows = rows_of(connection, office, action)
        if made_at is None:
            assert rows is not None
            office.bulk.order(job, rows)
        if not ended and since is not None:
            return False
        if not ended:
            office.resume_job(job.id, progress=progress)
        with office.house.database.read() as connection:
            jobs = Jobs(connection, office.deployment.chain_id)
            _require_whole(action, jobs.progress(job.id, at=office.house.now()))
            refused = jobs.refused(job.id, most=jobs.get(job.id).rows)
            rows = [
                row for each in refused for row in jobs.rows(job.id, each.ordinal, each.ordinal)
            ]
        if not refused:
            return True
        fresh = not ended if since is None else made_at is None or made_at >= since
        if fresh:  # it is told why; done again, these rows are tried once more
            raise refused[0].refusal()
    raise refused[0].refusal()


def _require_whole(action: CorporateAction, now: Progress) -> None:
    """Nothing for a bulk act that came to its end. Of one that was cancelled, rows may be on their way still: nobody
    here knows which units are left to end. Raises Refusal(action_interrupted)."""
    if left := now.of - now.done - now.refused:
        raise Refusal(Reason.ACTION_INTERRUPTED, action=action.id, job=now.job, rows=left)


def _end_product(office: Office, action: CorporateAction, *, by: str) -> None:
    """Redeemed: nothing is left, and nothing is issued any more."""
    left = office.token(action.product).total_supply().value
    if left:
        raise Refusal(
            Reason.ACTION_OVERTAKEN,
            action=action.id,
            record_day=_terms(action).record_day.isoformat(),
            holders=int(left),
        )
    _move_on(office, action, ProductStatus.REDEEMED, by=by)


def _move_on(office: Office, action: CorporateAction, status: ProductStatus, *, by: str) -> None:
    """Moves the product on, unless it came so far before an interruption."""
    at = office.house.now()
    with office.house.database.begin() as connection:
        products = Products(connection)
        if products.get(action.product).status not in (status, ProductStatus.REDEEMED):
            products.move_on(action.product, status, at=at, by=by)
