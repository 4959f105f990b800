"""Payments (支払): the payment file, what the bank says of it, and what is still owed.

A file is made on demand: accounts are opened through the vault for the purpose PAYMENT, in a transaction of its own
that keeps the record of it whatever comes after; the bytes are given to the caller and kept nowhere, but for their
digest. Once it is made, its lines count as sent: a file that was lost is made again from its number, and must have the
digest that was kept.

given payable lines
    when a payee was blocked or erased since
        the line is put aside
    when a line cannot be written
        every such line is named and no file is made; or it is put aside, where the caller says so
    otherwise
        there is a file with all of them, and they are sent
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.bootstrap.record_dates import bank_calendar
from genbo.entitlements import (
    Hold,
    Outcome,
    Payment,
    PaymentState,
    PaymentWay,
    Result,
    Run,
)
from genbo.entitlements.zengin import Day, Ending, Records, Remitter, Transfer, Unused
from genbo.kernel import Digest, Fault, InvestorId, Reason, Refusal, business_date
from genbo.reporting.ticking import Tick, silent
from genbo.storage.distributions import Distributions
from genbo.storage.investors import Investors
from genbo.storage.payments import Payments, StoredFile, require_approved
from genbo.storage.sealing import Erased
from genbo.storage.vault import Purpose, Reading

_ACCOUNT = (
    "payee_bank_code",
    "payee_bank_name_kana",
    "payee_branch_code",
    "payee_branch_name_kana",
    "payee_account_kind",
    "payee_account_number",
    "payee_account_holder_kana",
)

_AT_ONCE = 20_000
"""Accounts that are open at a time."""

Account = dict[str, "str | Erased | None"]


def _silent(_: str) -> None:
    """Nobody is told how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a bank wants its files."""

    remitter: Remitter
    ending: Ending = Ending.NONE
    clearing: Unused = Unused.SPACES


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A payment file and its bytes, which are personal data."""

    file: StoredFile
    content: bytes = field(repr=False)
    put_aside: tuple[tuple[int, Hold], ...] = ()
    """Lines that were put aside on the way, and why."""


Also = Callable[[Connection, MadeFile], None]
"""What else happens in the transaction in which the lines of a file count as sent: both are kept, or neither."""


def _nothing(_: Connection, __: MadeFile) -> None:
    """Nothing else."""


class Unwritable(Fault):
    """Lines that cannot be written, all of them; as one fault it is the first. No file was made."""

    def __init__(self, problems: Sequence[Refusal]) -> None:
        super().__init__(problems[0].reason, **problems[0].facts)
        self.problems = tuple(problems)


def make_file(
    office: Office,
    run: str,
    form: Form,
    *,
    by: str,
    transfer_day: date | None = None,
    put_aside: bool = False,
    say: Callable[[str], None] = _silent,
    tick: Tick = silent,
    also: Also = _nothing,
) -> MadeFile:
    """Makes the file of everything payable of a run.

    Args:
        by: who asks; kept with the record of the opened accounts.
        transfer_day: a bank business day from today on; None: the payment day of the run.
        put_aside: lines that cannot be written are put aside instead of stopping the file.
        tick: hears how many payments are written; what it raises ends the file, and nothing is sent.
        also: done in the transaction in which its lines count as sent.

    Raises:
        Unwritable: every line that cannot be written.
        Refusal: `distribution_unknown`, `distribution_not_open`, `payment_day_closed`, `payment_nothing_due`;
            `payment_line_state` when a payee was blocked while it was made; `field_invalid` for what is wrong with
            the remitter.
        Fault: as the vault's.
    """
    at = office.house.now()
    with office.house.database.begin() as connection:
        found = Distributions(connection).get(run, to_change=True)
        require_approved(found)
        day = transfer_day or found.payment_day
        _require_payable_day(
            day, today=business_date(at), closed=bank_calendar(connection).is_holiday(day)
        )
        payments = Payments(connection)
        payable = payments.payments(run, states=[PaymentState.PAYABLE], way=PaymentWay.BANK)
        say("looking for payees who were blocked since")
        aside = _blocked_since(office, found, payable)
        # Of who is blocked now nothing goes out, whatever becomes of this file.
        payments.put_aside(found, aside, at=at, by=by)
        number = payments.next_file(run)
    payable = [each for each in payable if each.line.number not in aside]
    if not payable:
        raise Refusal(Reason.PAYMENT_NOTHING_DUE, distribution=run)
    records = _records(office, payable, number, form, by=by, say=say, tick=tick)
    problems = _problems(payable, records)
    if problems and not put_aside:
        raise Unwritable([refusal for _, refusal in problems])
    wrong = {line: Hold.ACCOUNT for line, _ in problems}
    written = [each.line.number for each in payable if each.line.number not in wrong]
    content = _file(records, day, form) if written else b""
    tick(len(payable))
    say("noting what is sent")
    held = {**aside, **wrong}
    made = None
    with office.house.database.begin() as connection:
        found = Distributions(connection).get(run, to_change=True)
        payments = Payments(connection)
        _require_free(payments, found, payable, set(written))
        payments.put_aside(found, wrong, at=at, by=by)
        if written:
            digest = _digest(content)
            file = payments.send(found, written, transfer_day=day, digest=digest, at=at, by=by)
            made = MadeFile(file=file, content=content, put_aside=tuple(sorted(held.items())))
            also(connection, made)
    if made is None:
        raise Refusal(Reason.PAYMENT_NOTHING_DUE, distribution=run)
    return made


def make_again(office: Office, run: str, number: int, form: Form, *, by: str) -> MadeFile:
    """The bytes of a file that was made before, for one that was lost.

    Raises:
        Refusal: `distribution_unknown`; `payment_line_unknown` without such a file.
        Fault: `invariant_broken` when the bytes are others, because accounts or the remitter changed since.
    """
    with office.house.database.read() as connection:
        Distributions(connection).get(run)
        payments = Payments(connection)
        file = next((each for each in payments.files(run) if each.number == number), None)
        if file is None:
            raise _no_file(run, number)
        sent = payments.payments(run, numbers=payments.in_file(run, number))
    records = _records(office, sent, number, form, by=by)
    content = b"" if records.problems else _file(records, file.transfer_day, form)
    if _digest(content) != file.digest:
        raise Fault(
            Reason.INVARIANT_BROKEN,
            number=6,
            problem=f"file {number} of {run} would not be the same: accounts or the remitter changed since",
        )
    return MadeFile(file=file, content=content)


def import_results(
    office: Office,
    run: str,
    file: int,
    results: Sequence[Result],
    *,
    by: str,
    others_paid_on: date | None = None,
) -> int:
    """Takes over what the bank said of a file, whole or not at all; how many payments that settled.

    Args:
        others_paid_on: every payment of the file that is not named was paid on that day.

    Raises:
        Unwritable: every answer that names no payment of the file, or another amount.
        Refusal: `distribution_unknown`; `payment_line_unknown` without such a file; as `Payments.settle`.
    """
    at = office.house.now()
    with office.house.database.begin() as connection:
        found = Distributions(connection).get(run, to_change=True)
        payments = Payments(connection)
        if file not in {each.number for each in payments.files(run)}:
            raise _no_file(run, file)
        sent = {
            each.line.number: each
            for each in payments.payments(run, states=[PaymentState.SENT])
            if each.file == file
        }
        problems = [*_unmatched(run, results, sent)]
        if problems:
            raise Unwritable(problems)
        named = {each.number for each in results}
        all_results = list(results)
        if others_paid_on is not None:
            all_results += [
                Result(
                    line=0,
                    number=number,
                    amount=each.line.due,
                    outcome=Outcome.PAID,
                    on=others_paid_on,
                )
                for number, each in sent.items()
                if number not in named
            ]
        if all_results:
            payments.settle(found, file, all_results, at=at, by=by)
    return len(all_results)


def put_aside(
    office: Office, run: str, numbers: Sequence[int], *, by: str, hold: Hold = Hold.ORDER
) -> None:
    """Puts payable lines aside. Raises Refusal as `Payments.put_aside`."""
    with office.house.database.begin() as connection:
        found = Distributions(connection).get(run, to_change=True)
        require_approved(found)
        Payments(connection).put_aside(
            found, dict.fromkeys(numbers, hold), at=office.house.now(), by=by
        )


def release(
    office: Office,
    run: str,
    numbers: Sequence[int],
    *,
    by: str,
    way: PaymentWay | None = None,
) -> None:
    """Lets lines that were put aside be paid with the next file, or the next batch of a yen token.

    Args:
        way: how they are paid from now on: what a yen token cannot pay may go to the bank. None: as they were to be.

    Raises:
        Refusal: as `Payments.release`; `payment_line_state` for a payee who is still blocked, erased or unknown;
            `payment_way_other` for the yen token of a run that was declared without one.
    """
    with office.house.database.begin() as connection:
        found = Distributions(connection).get(run, to_change=True)
        if way is PaymentWay.TOKEN and found.token is None:
            raise Refusal(
                Reason.PAYMENT_WAY_OTHER, subject=run, problem="it was declared as a bank transfer"
            )
        payments = Payments(connection)
        wanted = payments.payments(run, numbers=list(numbers))
        still = _blocked_since(office, found, wanted)
        for each in wanted:
            hold = still.get(each.line.number) or each.line.hold
            if each.line.number in still or hold is Hold.HOLDER_UNKNOWN:
                raise Refusal(
                    Reason.PAYMENT_LINE_STATE,
                    number=each.line.number,
                    distribution=run,
                    state=f"{each.state.value}: {hold}",
                )
        payments.release(found, list(numbers), at=office.house.now(), by=by, way=way)


# Inside ----------------------------------------------------------------------------------------------


def _require_payable_day(day: date, *, today: date, closed: bool) -> None:
    problem = "banks are closed" if closed else "it is over" if day < today else None
    if problem:
        raise Refusal(Reason.PAYMENT_DAY_CLOSED, day=day.isoformat(), problem=problem)


def _blocked_since(office: Office, run: Run, payments: Sequence[Payment]) -> dict[int, Hold]:
    holders = {InvestorId(each.line.holder): each.line.number for each in payments}
    with office.house.database.read() as connection:
        found = Payments(connection).barred(run.product, list(holders))
    return {holders[holder]: hold for holder, hold in found.items()}


def _require_free(
    payments: Payments, run: Run, payable: Sequence[Payment], written: set[int]
) -> None:
    """Nothing when nobody whom the file pays was blocked while it was made."""
    holders = {
        InvestorId(each.line.holder): each.line.number
        for each in payable
        if each.line.number in written
    }
    for holder, hold in payments.barred(run.product, list(holders)).items():
        raise Refusal(
            Reason.PAYMENT_LINE_STATE,
            number=holders[holder],
            distribution=run.id,
            state=f"payable: {hold}",
        )


def _records(
    office: Office,
    payments: Sequence[Payment],
    file: int,
    form: Form,
    *,
    by: str,
    say: Callable[[str], None] = _silent,
    tick: Tick = silent,
) -> Records:
    """The records of the payments. Accounts are opened some at a time; that is on record, whatever comes after."""
    records = Records(form.clearing)
    for start in range(0, len(payments), _AT_ONCE):
        some = payments[start : start + _AT_ONCE]
        tick(start)
        say(f"opening accounts {start + 1:,} to {start + len(some):,} of {len(payments):,}")
        reading = Reading(purpose=Purpose.PAYMENT, actor=by, at=office.house.now())
        with office.house.database.begin() as connection:
            accounts = Investors(connection, office.house.vault).personal(
                [InvestorId(each.line.holder) for each in some], fields=_ACCOUNT, reading=reading
            )
        records.add(_transfer(each, accounts, file) for each in some)
    return records


def _transfer(each: Payment, accounts: dict[InvestorId, Account], file: int) -> Transfer:
    cells = accounts[InvestorId(each.line.holder)]

    def cell(name: str) -> str:
        value = cells[f"payee_{name}"]
        return value if isinstance(value, str) else ""

    return Transfer(
        bank_code=cell("bank_code"),
        bank_name=cell("bank_name_kana"),
        branch_code=cell("branch_code"),
        branch_name=cell("branch_name_kana"),
        account_kind=cell("account_kind"),
        account_number=cell("account_number"),
        name=cell("account_holder_kana"),
        amount=each.line.due,
        customer_code_1=f"{each.line.number:010d}",
        customer_code_2=f"{file:010d}",
    )


def _problems(payments: Sequence[Payment], records: Records) -> list[tuple[int, Refusal]]:
    """Line and reason of everything that cannot be written, without what was found."""
    return [
        (
            line.number,
            Refusal(
                Reason.PAYMENT_LINE_UNWRITABLE,
                line=line.number,
                holder=line.holder,
                field=each.field,
                problem=each.problem,
            ),
        )
        for each in records.problems
        for line in (payments[each.number - 1].line,)
    ]


def _no_file(run: str, number: int) -> Refusal:
    return Refusal(
        Reason.PAYMENT_LINE_UNKNOWN,
        line=None,
        distribution=run,
        problem=f"no payment file {number}",
    )


def _file(records: Records, day: date, form: Form) -> bytes:
    return records.file(form.remitter, Day(day.month, day.day), ending=form.ending)


def _digest(content: bytes) -> Digest:
    return Digest("0x" + hashlib.sha256(content).hexdigest())


def _unmatched(run: str, results: Sequence[Result], sent: dict[int, Payment]) -> Sequence[Refusal]:
    found = []
    seen: set[int] = set()
    for each in results:
        payment = sent.get(each.number)
        problem = None
        if payment is None:
            problem = f"no payment {each.number} of that file waits for an answer"
        elif payment.line.due != each.amount:
            problem = f"the amount of {each.number} is another"
        elif each.number in seen:
            problem = f"{each.number} is answered twice"
        seen.add(each.number)
        if problem:
            found.append(
                Refusal(
                    Reason.PAYMENT_LINE_UNKNOWN, line=each.line, distribution=run, problem=problem
                )
            )
    return found
