"""Additional issues (追加発行): further units of a product that exists, with an acquisition date of their own.

The new units are fungible with the old ones; what tells them apart is the day on which their lot was acquired, which is
the delivery date of the decision (R-JSTOA-6.1.1.5). Later transfers take the older lots first.
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
from genbo.entitlements import ActionKind, ActionState, CorporateAction, IssueTerms
from genbo.kernel import ZERO_ADDRESS, Address, ProductId, Reason, Refusal
from genbo.storage.wallets import Wallets


def decide_additional_issue(
    office: Office, decision: Decision, terms: IssueTerms, *, maker: str | None = None
) -> CorporateAction:
    """Drafts an additional issue, to the initial beneficiary or to an investor directly.

    Raises:
        Refusal: `field_invalid` for no units; `cap_exceeded`; `key_unknown` for an investor without an account in the
            product; as `corporate_actions.decide`.
        Fault: as `corporate_actions.decide`.
    """
    require_issuable(office, decision.product, terms)
    return decide(office, decision, terms, maker=maker)


def require_issuable(office: Office, product: ProductId, terms: IssueTerms) -> None:
    """Nothing for units that could be issued now. Raises as `decide_additional_issue`."""
    if terms.units < 1:
        raise Refusal(
            Reason.FIELD_INVALID, field="units", value=int(terms.units), allowed="1 or more"
        )
    supply = office.token(product).supply().value
    would_be = int(supply.total) + int(terms.units)
    if would_be > supply.cap:
        raise Refusal(Reason.CAP_EXCEEDED, cap=int(supply.cap), would_be=would_be)
    _target(office, product, terms)


def carry_out_additional_issue(
    office: Office, action: str, *, by: str, people: Sequence[str] = ()
) -> CorporateAction:
    """Issues the units, on or after the delivery date. Done once more, it changes nothing.

    Raises:
        Refusal: `action_unknown`, `action_not_open`, `action_not_due`; `key_unknown`; every reason of the contract.
        Fault: as `Office.act`.
    """
    found = to_carry_out(office, action, ActionKind.ADDITIONAL_ISSUE)
    if found.state is ActionState.DONE:
        return found
    terms = found.terms
    assert isinstance(terms, IssueTerms)
    target = _target(office, found.product, terms)
    found = begin(office, found, by=by)
    call = office.token(found.product).issue([target], [int(terms.units)], act_of(found))
    act_once(office, found, call, "issue", people=people)
    return finish(office, found, by=by)


def _target(office: Office, product: ProductId, terms: IssueTerms) -> Address:
    if terms.to is None:
        return office.token(product).initial_beneficiary().value or ZERO_ADDRESS
    with office.house.database.read() as connection:
        found = Wallets(connection).speaking(product, [terms.to])
    if terms.to not in found:
        raise Refusal(Reason.KEY_UNKNOWN, investor=terms.to, product=product)
    return found[terms.to]
