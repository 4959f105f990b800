"""Payments in a yen token (電子決済手段による支払): a product's terms, and the batches that pay a run's lines.

A batch is one transaction of the payment contract, by two people of the duty ISSUER, on the anchored payee list. Its
command and the record of its lines are kept in one transaction; so whatever ends this process, the next call finds the
batch, sees what became of it, and never orders a line again that may be paid. Besides, the contract pays a line once.

given payable lines of a run that is paid in a yen token
    when a payee was blocked or erased since, or has no address that may receive
        the line is put aside: it is owed, and may be let go to the bank
    when the contract would refuse the batch
        its reason is raised, and no batch was made
    when fewer people sign than must
        the batch waits for the others, who sign it by paying the same run
    otherwise
        the batches go out one after the other; their lines are sent until the ledger has said, for good, what became of
        each (`token_payments_settled`)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from genbo.bootstrap.distributions import anchor_distribution
from genbo.bootstrap.office import Office
from genbo.bootstrap.token_payments_settled import settle_batches
from genbo.chain.call import Call
from genbo.chain.contracts.disbursement import (
    Disbursement,
    PaymentOrder,
    TokenPayment,
    YenToken,
)
from genbo.chain.contracts.settlement import Settlement
from genbo.chain.keys import refuse_development_key
from genbo.entitlements import (
    BatchState,
    Hold,
    Payment,
    PaymentState,
    PaymentWay,
    Run,
    yen_token,
)
from genbo.entitlements import YenToken as Terms
from genbo.governance import CommandId, CommandState, Duty, Stored
from genbo.kernel import Address, Fault, InvestorId, ProductId, Reason, Refusal
from genbo.storage.commands import Commands
from genbo.storage.distributions import Distributions
from genbo.storage.payee_lines import PayeeLines
from genbo.storage.payment_terms import PaymentTerms
from genbo.storage.payments import Payments, require_approved
from genbo.storage.token_payments import StoredBatch, TokenPayments
from genbo.storage.wallets import Wallets

DUTY = Duty.ISSUER
"""Whose people pay: those who make and approve runs."""

MOST_LINES = 200
"""Lines of a batch, where a block has room for them."""
_GAS_PER_LINE = 80_000
"""Above what a first payment to an address costs, a token with checks of its own included."""
_BLOCK_SHARE = 2
"""A batch takes at most one part in so many of a block's gas."""

Said = Callable[[str], None]


def _silent(_: str) -> None:
    """Nobody is told how far it is."""


# Terms -----------------------------------------------------------------------------------------------


def record_terms(
    office: Office,
    product: ProductId,
    *,
    cash: Address | None,
    payer: Address | None,
    evidence_ref: str,
    by: str,
) -> Terms | None:
    """Records how a product's distributions are paid that are declared from now on. Nothing is paid by that: maker and
    approver of each run sign the terms it is declared under.

    Args:
        cash: the yen token; None: by bank transfer.
        payer: who holds the yen and allows it to the payment contract; needed with a token, and only then.

    Raises:
        Refusal: `field_missing` for a token without a payer; `payment_way_other` where the platform has no payment
            contract; `cash_not_allowed` for a token that is not on the list of yen tokens; `cash_unfit`; as
            `PaymentTerms.record`.
        Fault: `development_key_refused` for a payer whose key everybody knows.
    """
    token = None
    if cash is not None:
        if payer is None:
            raise Refusal(Reason.FIELD_MISSING, field="payer")
        token = _fit(office, product, cash, payer)
    elif payer is not None:
        raise Refusal(Reason.FIELD_MISSING, field="cash")
    with office.house.database.begin() as connection:
        PaymentTerms(connection).record(
            product, token, evidence_ref=evidence_ref, at=office.house.now(), by=by
        )
    return token


def _fit(office: Office, product: ProductId, cash: Address, payer: Address) -> Terms:
    _contract(office, product)
    refuse_development_key(payer, office.deployment.chain_id)
    node = office.house.node
    if not Settlement(node, office.deployment.settlement).is_cash_allowed(cash).value:
        raise Refusal(Reason.CASH_NOT_ALLOWED, cash=cash)
    if not node.code(cash).value:
        raise Refusal(Reason.CASH_UNFIT, cash=cash, decimals=None)
    decimals = YenToken(node, cash).decimals().value
    return yen_token(chain_id=office.deployment.chain_id, cash=cash, decimals=decimals, payer=payer)


# Paying ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPaid:
    """What a call came to."""

    batches: tuple[StoredBatch, ...]
    """Those that were on their way or were ordered by it, as they stand."""
    waiting: tuple[CommandId, ...]
    """Commands of the run that wait for somebody else's signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextBatch:
    """The lines that the next batch pays."""

    call: Call
    payees: Mapping[int, Address]


def pay_in_token(
    office: Office,
    run: str,
    *,
    by: str,
    people: Sequence[str] = (),
    wait_seconds: float = 30.0,
    say: Said = _silent,
) -> TokenPaid:
    """Pays every payable line of a run that is paid in a yen token. Interrupted, it is done again and goes on; done
    once more, it pays nothing twice.

    Args:
        by: who asks for it, for the records.
        people: names of those who sign; by default the first who can. One of them alone orders the batches, and signs
            those that others have ordered.
        wait_seconds: how long it waits for the batches to become final; what is not by then is taken over later.

    Raises:
        Refusal: `distribution_unknown`, `distribution_not_open`; `payment_way_other`; `payment_nothing_due` when
            nothing was to be done; the contract's own reason: what was paid before it stays paid.
        Fault: `key_missing`; `chain_mismatch` when the yen token is on another chain; as `anchor_distribution`;
            `command_waiting` when a batch's outcome is not known in time: done again, it goes on.
    """
    with office.house.database.read() as connection:
        found = Distributions(connection).get(run)
    _require_token(office, found)
    anchor_distribution(office, run)
    _approve_waiting(office, run, people)
    touched = _under_way(office, run)
    for command in touched:
        _deliver(office, command, by=by)
    while (stored := order_batch(office, run, by=by, people=people)) is not None:
        touched.append(stored.id)
        say(f"{stored.command.what}: {stored.state.value}")
        _deliver(office, stored.id, by=by)
    settle_batches(office, run=run, by=by, wait_seconds=wait_seconds)
    with office.house.database.read() as connection:
        batches = TokenPayments(connection).batches(run)
        commands = Commands(connection, office.deployment.chain_id)
        waiting = [
            each.command
            for each in batches
            if commands.get(each.command).state is CommandState.CHECKED
        ]
    ours = tuple(each for each in batches if each.command in touched)
    if not ours and not waiting:
        raise Refusal(Reason.PAYMENT_NOTHING_DUE, distribution=run)
    return TokenPaid(batches=ours, waiting=tuple(waiting))


def order_batch(
    office: Office, run: str, *, by: str, people: Sequence[str] = (), most: int | None = None
) -> Stored | None:
    """Orders the next batch of a run: its command, and the record of its lines, in one transaction. None when nothing
    is payable in the token any more. Lines that cannot be paid so are put aside on the way.

    Raises:
        Refusal: `distribution_unknown`, `distribution_not_open`; `payment_way_other`; the contract's own reason.
        Fault: `key_missing`, `chain_mismatch`.
    """
    while True:
        put_unfit_aside(office, run, by=by, most=most)
        with office.house.database.begin() as connection:
            found = Distributions(connection).get(run, to_change=True)
            batch = next_batch(connection, office, found, most=most)
            if batch is None:
                return None
            if unfit_lines(connection, office, found, _payable(connection, office, run, most)):
                continue  # somebody was blocked in between
            hands = office.orders.hands_of(DUTY, people)
            refusal = office.approvals.asked(batch.call, hands.account)
            if refusal is not None:
                raise refusal
            number = TokenPayments(connection).next_batch(run)
            order = office.orders.under_duty(
                batch.call,
                DUTY,
                key=f"token-payment/{run}/{number}",
                by=people,
                product=found.product,
                alone=len(hands.people) < hands.needed,
            )
            stored, _ = order.store(connection)
            note_batch(connection, office, found, batch, command=stored.id, by=by)
            return stored


def put_unfit_aside(office: Office, run: str, *, by: str, most: int | None = None) -> None:
    """Puts lines aside that the next batch would have and that cannot be paid in the token: payees who were blocked or
    erased since, and those without an address. Raises Refusal as `order_batch`."""
    while True:
        with office.house.database.begin() as connection:
            found = Distributions(connection).get(run, to_change=True)
            _require_token(office, found)
            lines = _payable(connection, office, run, most)
            unfit = unfit_lines(connection, office, found, lines)
            if not unfit:
                return
            Payments(connection).put_aside(found, unfit, at=office.house.now(), by=by)


def next_batch(
    connection: Connection, office: Office, run: Run, *, most: int | None = None
) -> NextBatch | None:
    """The lines that the next batch pays, and its call; None when nothing that can be paid so is payable.

    Raises:
        Refusal: `distribution_not_open`, `payment_way_other`.
        Fault: `chain_mismatch`.
    """
    token, contract = _require_token(office, run)
    lines = _payable(connection, office, run.id, most)
    unfit = unfit_lines(connection, office, run, lines)
    lines = [each for each in lines if each.line.number not in unfit]
    if not lines:
        return None
    addresses = _addresses(connection, run, lines)
    payees = {each.line.number: addresses[InvestorId(each.line.holder)] for each in lines}
    order = PaymentOrder(
        run=run.id,
        record_day=run.record_day,
        root=run.root,
        cash=token.cash,
        payer=token.payer,
    )
    payments = [
        TokenPayment(line=each.line.number, payee=payees[each.line.number], yen=each.line.due)
        for each in lines
    ]
    return NextBatch(call=contract.pay(order, payments), payees=payees)


def note_batch(
    connection: Connection,
    office: Office,
    run: Run,
    batch: NextBatch,
    *,
    command: CommandId,
    by: str,
) -> StoredBatch:
    """Keeps the batch with its command, in the transaction that stores that. Raises Refusal as `TokenPayments.send`."""
    return TokenPayments(connection).send(
        run, batch.payees, command=command, at=office.house.now(), by=by
    )


def unfit_lines(
    connection: Connection, office: Office, run: Run, lines: Sequence[Payment]
) -> dict[int, Hold]:
    """Those of the lines that cannot be paid in the token now, and why."""
    assert run.token is not None
    holders = [InvestorId(each.line.holder) for each in lines]
    barred = Payments(connection).barred(run.product, holders)
    addresses = _addresses(connection, run, lines)
    # The contract refuses these as payees, and a whole batch with them.
    never = {run.token.payer, run.token.cash, office.paying().disbursement}
    found = {}
    for each in lines:
        holder = InvestorId(each.line.holder)
        if (hold := barred.get(holder)) is not None:
            found[each.line.number] = hold
        elif holder not in addresses or addresses[holder] in never:
            found[each.line.number] = Hold.WALLET
    return found


# Inside ----------------------------------------------------------------------------------------------


def _payable(connection: Connection, office: Office, run: str, most: int | None) -> list[Payment]:
    room = office.house.node.header().gas_limit // _BLOCK_SHARE // _GAS_PER_LINE
    return PayeeLines(connection).find(
        run,
        states=[PaymentState.PAYABLE],
        way=PaymentWay.TOKEN,
        most=max(1, min(most or MOST_LINES, MOST_LINES, room)),
    )


def _addresses(
    connection: Connection, run: Run, lines: Sequence[Payment]
) -> dict[InvestorId, Address]:
    holders = [InvestorId(each.line.holder) for each in lines]
    return Wallets(connection).speaking(run.product, holders)


def _require_token(office: Office, run: Run) -> tuple[Terms, Disbursement]:
    require_approved(run)
    if run.token is None:
        raise Refusal(
            Reason.PAYMENT_WAY_OTHER, subject=run.id, problem="it was declared as a bank transfer"
        )
    if run.token.chain_id != office.deployment.chain_id:
        raise Fault(
            Reason.CHAIN_MISMATCH, actual=office.deployment.chain_id, expected=run.token.chain_id
        )
    return run.token, _contract(office, run.id)


def _contract(office: Office, subject: str) -> Disbursement:
    contract = office.paying().disbursement
    if contract is None:
        raise Refusal(
            Reason.PAYMENT_WAY_OTHER,
            subject=subject,
            problem="the platform has no payment contract; `ape run deploy_code` brings it",
        )
    return Disbursement(office.house.node, contract)


def _approve_waiting(office: Office, run: str, people: Sequence[str]) -> None:
    """Has these people sign what waits for signatures and has none of theirs."""
    with office.house.database.read() as connection:
        commands = Commands(connection, office.deployment.chain_id)
        waiting = [
            stored
            for each in TokenPayments(connection).batches(run)
            if (stored := commands.get(each.command)).state is CommandState.CHECKED
        ]
    for stored in waiting:
        for name in people:
            if name not in {each.name for each in stored.approvals}:
                office.approvals.approve(stored.id, name=name)


def _under_way(office: Office, run: str) -> list[CommandId]:
    """Batches whose end is not taken over and that wait for nobody: those of an earlier call among them."""
    with office.house.database.read() as connection:
        commands = Commands(connection, office.deployment.chain_id)
        return [
            each.command
            for each in TokenPayments(connection).batches(run)
            if each.state is BatchState.SENT
            and commands.get(each.command).state is not CommandState.CHECKED
        ]


def _deliver(office: Office, command: CommandId, *, by: str) -> None:
    """Waits until the command stands in a block. Raises what refused it, once its lines can be paid again."""
    with office.house.database.read() as connection:
        commands = Commands(connection, office.deployment.chain_id)
        if commands.get(command).state is CommandState.CHECKED:
            return
    stored = office.courier.deliver(command)
    if (refusal := stored.outcome.refusal()) is not None:
        settle_batches(office, command=command, by=by)
        raise refusal
