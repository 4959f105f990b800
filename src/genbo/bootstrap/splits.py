"""Splits (分割): decided with the number of splits so far, carried out on their day (R-JSTOA-6.1.1.6, decision 0015).

The token multiplies an account when it is next touched; the register multiplies every position and lot at the split
itself, with its acquisition dates. Units on hold and frozen ones are multiplied with the balance.
"""

from collections.abc import Sequence

from genbo.bootstrap.corporate_actions import (
    Decision,
    act_of,
    act_once,
    begin,
    decide,
    finish,
    to_carry_out,
)
from genbo.bootstrap.office import Office
from genbo.bootstrap.split_followed import follow_splits
from genbo.entitlements import ActionKind, ActionState, CorporateAction, SplitTerms
from genbo.kernel import Address, Fault, ProductId, Reason, Refusal
from genbo.storage.movements import Movements
from genbo.storage.products import Products
from genbo.storage.register import Register
from genbo.token import MovementKind

MOST = 1_000_000
"""The largest factor that the token takes."""


def decide_split(
    office: Office, decision: Decision, factor: int, *, maker: str | None = None
) -> CorporateAction:
    """Drafts a split of each unit into `factor`.

    Raises:
        Refusal: `split_factor_invalid` for 1:1, and for a factor above what the token takes; `field_invalid` for one
            that makes no whole price; as `corporate_actions.decide`.
        Fault: as `corporate_actions.decide`.
    """
    return decide(office, decision, split_terms(office, decision.product, factor), maker=maker)


def split_terms(office: Office, product: ProductId, factor: int) -> SplitTerms:
    """What is decided, with the number of splits so far. Raises as `decide_split`."""
    if not 2 <= factor <= MOST:
        raise Refusal(Reason.SPLIT_FACTOR_INVALID, factor=factor)
    with office.house.database.read() as connection:
        Products(connection).get(product).terms.after_split(factor)
    return SplitTerms(factor=factor, epoch=office.token(product).control().value.epoch)


def carry_out_split(
    office: Office, action: str, *, by: str, people: Sequence[str] = ()
) -> CorporateAction:
    """Splits, on or after its day; the terms follow. Done once more, it changes nothing.

    Raises:
        Refusal: `action_unknown`, `action_not_open`, `action_not_due`; `split_epoch_invalid` when another split came
            first, and every other reason of the contract.
        Fault: as `Office.act`; `invariant_broken` if the shares of the holders had changed.
    """
    found = to_carry_out(office, action, ActionKind.SPLIT)
    if found.state is ActionState.DONE:
        return found
    terms = found.terms
    assert isinstance(terms, SplitTerms)
    found = begin(office, found, by=by)
    assert found.before is not None
    call = office.token(found.product).split(terms.factor, act_of(found), epoch=terms.epoch)
    done = act_once(office, found, call, "split", people=people)
    block = done.sent.stamp.number
    before, after = _held(office, found, block=block)
    if {address: units * terms.factor for address, units in before.items()} != after:
        raise Fault(
            Reason.INVARIANT_BROKEN, number=10, problem=f"shares are not equal after {found.id}"
        )
    follow_splits(office, block)
    return finish(office, found, by=by)


def _held(
    office: Office, action: CorporateAction, *, block: int
) -> tuple[dict[Address, int], dict[Address, int]]:
    """What everybody held just before the split in that block, and just after it. Others may have moved units in the
    same block."""
    with office.house.database.read() as connection:
        chain_id = office.deployment.chain_id
        positions = Register(connection, chain_id).positions(action.product, as_of=block - 1)
        moved = Movements(connection, chain_id).between(
            action.product, since=block - 1, until=block
        )
    held = {each.address: int(each.units) for each in positions}
    split = {}
    for each in moved:
        for side in (each.source, each.target):
            if side is None:
                continue
            if each.kind is MovementKind.SPLIT:
                split[side.account] = side.after
            elif not split:
                held[side.account] = side.after
    return {account: units for account, units in held.items() if units}, split
