"""Copy: the steps that are still missing until a product carries what a given state says.

They are found by comparing, never by remembering: whatever an interrupted run has done is seen on the ledger and not
done again, and two runs at once take the same reference for the same step, so the ledger refuses the second.

In order, because each makes the next possible:

    the token         created with the terms, its transfers off from the first block
    keys              re-keyed addresses retired while nothing is held yet
    verdicts          so that each holder can be given units; who must not receive gets a verdict for the time being
    units             issued by day acquired, so that the register of the new token has the same days (取得日)
    restrictions      verdicts as they are, expired and blocked ones too; frozen addresses and units, lock-ups
    rule, documents   created anew for the new token
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from genbo.chain.addresses import contract_address
from genbo.chain.contracts.document_registry import DocumentRegistry
from genbo.chain.contracts.encoding import instant
from genbo.chain.contracts.holder_limit_rule import HolderLimitRule
from genbo.chain.contracts.holding_limit_rule import HoldingLimitRule
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.deploy import add_product
from genbo.chain.deployments import Deployment
from genbo.chain.documents import plan_documents
from genbo.chain.node import Node
from genbo.chain.steps import Step, Steps
from genbo.chain.successor.state import ProductState, differences, read_state
from genbo.governance import Duty
from genbo.kernel import Address, ProductId, Reason, Reference, Refusal
from genbo.token import AccountWord, Act

BATCH = 200
"""Rows of one transaction: five million gas where it is dearest."""

_MARGIN = timedelta(days=7)
"""A verdict that ends sooner does not serve for issuing: the run may be interrupted."""
_FOR_THE_TIME_BEING = 2**32 - 1
"""End of a verdict that only lets units in; it is replaced before anything can move."""

T = TypeVar("T")
_Verdict = tuple[int, int, bool]
"""Until, class, blocked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What is to be copied where."""

    source: ProductState
    product: ProductId
    """Key of the copy."""
    reference: str
    """Begins every reference of the copy's acts."""
    group: str
    """Transfer-enable group of the copy; disabled where it has to be made."""

    def missing(self, node: Node, deployment: Deployment, *, carrier: Address) -> tuple[Step, ...]:
        """The next steps; none when nothing is missing. To be asked again when they are done.

        Raises:
            Refusal: `successor_differs` when the copy has units that the source has not; `rule_unknown`.
        """
        if self.source.rule is not None and self.source.rule.kind not in _RULES:
            raise Refusal(
                Reason.RULE_UNKNOWN, account=self.source.rule.kind, product=self.source.product
            )
        stamp = node.stamp()
        steps = Steps(node, deployment, stamp)
        if self.product not in deployment.tokens:
            add_product(steps, node, deployment, self._terms(), stamp, group_enabled=False)
            return steps.all()
        state = read_state(node, deployment.tokens[self.product], self.product, stamp)
        _Comparison(self, state, node, deployment, steps).write(carrier)
        return steps.all()

    def _terms(self) -> Any:
        """Whoever holds now may be given the units, also where the classes were narrowed since."""
        classes = self.source.control.permitted_classes
        for line in self.source.lines:
            classes |= 1 << self.source.accounts[line.address].investor_class
        return self.source.terms(self.product, group=self.group, permitted_classes=classes)


class _Comparison:
    """One comparison of the copy as it stands with what it shall be, and the steps in between."""

    def __init__(
        self, copy: Copy, state: ProductState, node: Node, deployment: Deployment, steps: Steps
    ) -> None:
        self.copy = copy
        self.source = copy.source
        self.state = state
        self.node = node
        self.deployment = deployment
        self.steps = steps
        self.token = SecurityToken(node, state.token)
        self.evidence = copy.source.digest()
        self.words = dict(state.accounts)
        """As they will be after the steps so far, balances aside."""
        self.classes = state.control.permitted_classes
        """As they will be after the steps so far."""
        self._taken = set(state.refs)

    def write(self, carrier: Address) -> None:
        if self.source.counts_holders and not self.state.counts_holders:
            self.steps.by_person(Duty.RESTRICTOR, self.token.enable_holder_count())
        if self.keys():
            return  # a re-keying moves whole words: look again when it is done
        missing = self.missing_lines()
        self.terms(missing)
        self.verdicts_for(missing)
        self.units(missing)
        self.restrictions()
        self.product()
        if not self.steps.all():
            self.rule(carrier)
        if not self.steps.all():
            self.documents(carrier)

    # Keys ---------------------------------------------------------------------------------------------

    def keys(self) -> bool:
        """Whether an address that was retired at the source is not yet retired here."""
        pending = [
            pair for pair in self.source.rekeyed if not self._word(self.state, pair[0]).retired
        ]
        for old, new in pending:
            act = Act(ref=self._reference("K"), evidence=self.evidence)
            self.steps.by_safe(Duty.REPAIRER, self.token.rekey(old, new, act))
        return bool(pending)

    # Units --------------------------------------------------------------------------------------------

    def missing_lines(self) -> list[tuple[date, Address, int]]:
        """Units that the source has and the copy has not, by day and address.

        Raises:
            Refusal: `successor_differs`, when the copy has more: no step of ours takes units away.
        """
        wanted = Counter({(each.acquired, each.address): each.units for each in self.source.lines})
        found = Counter({(each.acquired, each.address): each.units for each in self.state.lines})
        wanted.subtract(found)
        if more := sorted(key for key, units in wanted.items() if units < 0):
            unlike = differences(self.source, self.state)
            raise Refusal(
                Reason.SUCCESSOR_DIFFERS,
                successor=self.copy.product,
                differences=len(unlike),
                first=f"{more[0][1]} has more units acquired {more[0][0]} than before",
            )
        return [(*key, units) for key, units in sorted(wanted.items()) if units]

    def terms(self, missing: Sequence[tuple[date, Address, int]]) -> None:
        """The terms that an act of the issuer may have changed at the source since the copy was created."""
        wanted, found = self.source.supply, self.state.supply
        unlike = (
            (wanted.legal_category, wanted.cap, wanted.redemption_date)
            != (found.legal_category, found.cap, found.redemption_date)
        ) or (self.source.terms_digest, self.source.initial_beneficiary) != (
            self.state.terms_digest,
            self.state.initial_beneficiary,
        )
        if unlike:
            self.steps.by_safe(
                Duty.ISSUER,
                self.token.set_terms(
                    legal_category=wanted.legal_category,
                    terms_digest=self.source.terms_digest,
                    initial_beneficiary=self.source.initial_beneficiary,
                    authorised_cap=int(wanted.cap),
                    redemption_date=instant(wanted.redemption_date),
                ),
            )
        needed = self.classes
        for _, address, _ in missing:
            needed |= 1 << self._word(self.source, address).investor_class
        self._permit(needed)

    def units(self, missing: Sequence[tuple[date, Address, int]]) -> None:
        by_day: dict[date, list[tuple[Address, int]]] = defaultdict(list)
        for day, address, units in missing:
            by_day[day].append((address, units))
        for day, rows in sorted(by_day.items()):
            for part in _batches(rows):
                act = Act(ref=self._reference("I"), evidence=self.evidence, delivery_date=day)
                targets, units_ = [row[0] for row in part], [row[1] for row in part]
                self.steps.by_safe(Duty.ISSUER, self.token.issue(targets, units_, act))

    # Verdicts -----------------------------------------------------------------------------------------

    def verdicts_for(self, missing: Sequence[tuple[date, Address, int]]) -> None:
        """Lets in whoever is to be given units: by the verdict as it is, or by one for the time being."""
        soon = int((self._now() + _MARGIN).timestamp())
        wanted: dict[Address, _Verdict] = {}
        for address in sorted({address for _, address, _ in missing}):
            until, investor_class, blocked = _verdict(self._word(self.source, address))
            if until < soon or blocked:
                until = _FOR_THE_TIME_BEING
            standing = self.words.get(address, AccountWord())
            able = not standing.blocked_to_receive and standing.verified_until >= soon
            if not able or standing.investor_class != investor_class:
                wanted[address] = (until, investor_class, False)
        self._give_verdicts(wanted)

    def _give_verdicts(self, wanted: Mapping[Address, _Verdict]) -> None:
        by_verdict: dict[tuple[_Verdict, bool], list[Address]] = defaultdict(list)
        for address, verdict in sorted(wanted.items()):
            lifts = self.words.get(address, AccountWord()).blocked_to_receive and not verdict[2]
            by_verdict[verdict, lifts].append(address)
        for (verdict, lifts), addresses in sorted(by_verdict.items()):
            until, investor_class, blocked = verdict
            for part in _batches(addresses):
                call = self.token.batch_set_verdict(
                    part, until=instant(until), investor_class=investor_class, blocked=blocked
                )
                self._restrict(call, lifts=lifts)
        for address, (until, investor_class, blocked) in wanted.items():
            self.words[address] = replace(
                self.words.get(address, AccountWord()),
                verified_until=until,
                investor_class=investor_class,
                blocked_to_send=blocked,
                blocked_to_receive=blocked,
            )

    # Restrictions -------------------------------------------------------------------------------------

    def restrictions(self) -> None:
        """Every word as it is at the source."""
        token, now = self.token, int(self._now().timestamp())
        wanted = {
            address: word
            for address, word in sorted(self.source.accounts.items())
            if not word.retired
        }
        unlike = {
            address: (self.words.get(address, AccountWord()), word)
            for address, word in wanted.items()
        }
        self._give_verdicts(
            {
                address: _verdict(word)
                for address, (have, word) in unlike.items()
                if _verdict(have) != _verdict(word)
            }
        )
        for lifts in (False, True):
            rows = [
                (address, word.address_frozen)
                for address, (have, word) in unlike.items()
                if have.address_frozen != word.address_frozen and have.address_frozen is lifts
            ]
            for part in _batches(rows):
                call = token.batch_set_address_frozen([r[0] for r in part], [r[1] for r in part])
                self._restrict(call, lifts=lifts)
        more = [
            (address, word.frozen - have.frozen)
            for address, (have, word) in unlike.items()
            if word.frozen > have.frozen
        ]
        for more_part in _batches(more):
            call = token.batch_freeze([row[0] for row in more_part], [row[1] for row in more_part])
            self._restrict(call, lifts=False)
        for address, (have, word) in unlike.items():
            if word.frozen < have.frozen:
                self._restrict(token.set_frozen_units(address, word.frozen), lifts=True)
            if word.lock_up_until != have.lock_up_until:
                call = token.set_lock_up(address, until=instant(word.lock_up_until))
                shorter = word.lock_up_until < have.lock_up_until and now < have.lock_up_until
                self._restrict(call, lifts=shorter)
            if word.own_account != have.own_account:
                call = token.set_own_account(address, own_account=word.own_account)
                self._restrict(call, lifts=False)

    def product(self) -> None:
        """The product's own lock-up and classes."""
        wanted, have = self.source.control, self.state.control
        if wanted.product_lock_up_until != have.product_lock_up_until:
            call = self.token.set_product_lock_up(until=instant(wanted.product_lock_up_until))
            earlier = wanted.product_lock_up_until < have.product_lock_up_until
            self._restrict(call, lifts=earlier)
        self._permit(wanted.permitted_classes)

    def rule(self, carrier: Address) -> None:
        """The rule is bound to its token, so a new one is made; limits in today's units."""
        wanted = self.source.rule
        if wanted == self.state.rule:
            return
        if wanted is None:
            self._restrict(self.token.set_rule(None), lifts=True)
            return
        address = contract_address(carrier, self.node.nonce(carrier))
        call = _RULES[wanted.kind](self.state.token, most=wanted.most)
        self.steps.by_carrier(call, creates=address)
        self._restrict(self.token.set_rule(address), lifts=self.state.rule is not None)

    def documents(self, carrier: Address) -> None:
        """The registry of documents is bound to its token too."""
        registry = self.deployment.tokens[self.copy.product].documents
        if self.source.keeps_papers and registry is None:
            plan = plan_documents(self.node, self.deployment, self.copy.product, carrier=carrier)
            self.steps.extend(plan.steps)
            return
        if registry is None:
            return
        documents = DocumentRegistry(self.node, registry)
        for paper in self.source.papers:
            if paper not in self.state.papers:
                call = documents.set_document(paper.name, uri=paper.uri, digest=paper.digest)
                self.steps.by_safe(Duty.DOCUMENT_KEEPER, call)
        for name in {each.name for each in self.state.papers} - {
            each.name for each in self.source.papers
        }:
            self.steps.by_safe(Duty.DOCUMENT_KEEPER, documents.remove_document(name))

    # Inside -------------------------------------------------------------------------------------------

    def _restrict(self, call: Any, *, lifts: bool) -> None:
        """Raising takes one person, lifting two."""
        if lifts:
            self.steps.by_safe(Duty.RELEASER, call)
        else:
            self.steps.by_person(Duty.RESTRICTOR, call)

    def _permit(self, classes: int) -> None:
        if classes != self.classes:
            call = self.token.set_permitted_classes(classes)
            self._restrict(call, lifts=bool(classes & ~self.classes))
            self.classes = classes

    def _reference(self, kind: str) -> Reference:
        """The next reference of that kind that the copy has not used."""
        number = 1
        while (ref := Reference(f"{self.copy.reference}/{kind}{number}")) in self._taken:
            number += 1
        self._taken.add(ref)
        return ref

    def _now(self) -> datetime:
        return self.state.stamp.at

    @staticmethod
    def _word(state: ProductState, address: Address) -> AccountWord:
        return state.accounts.get(address, AccountWord())


_RULES: Mapping[str, Callable[..., Any]] = {
    HolderLimitRule.ARTIFACT: HolderLimitRule.create,
    HoldingLimitRule.ARTIFACT: HoldingLimitRule.create,
}


def _verdict(word: AccountWord) -> _Verdict:
    return word.verified_until, word.investor_class, word.blocked_to_receive


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    listed = list(rows)
    for first in range(0, len(listed), BATCH):
        yield listed[first : first + BATCH]


__all__ = ["BATCH", "Copy"]
