"""What holders do, in person, by a spender, by signature: action 3, allowances, authorisations."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.contracts.machine.drawn import (
    KEYS,
    Row,
    account,
    any_rows,
    delay,
    holder,
    part,
    quantity,
    reference,
    taker,
    trade,
)
from tests.contracts.machine.sides import Sides
from tests.contracts.typed import Domain, Words, sign, split, token_domain

from genbo.chain.contracts.encoding import reference_word
from genbo.kernel import Address
from genbo.token.model import UNLIMITED

FORM = "address,address,uint256,uint256,uint256,bytes32,bytes"
PARTS = "address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32"


class HolderRules(Sides):
    _domain: Domain | None = None

    @property
    def domain(self) -> Domain:
        if self._domain is None:
            self._domain = token_domain(self.stage)
        return self._domain

    # In person -----------------------------------------------------------------------------------

    @rule(giver=holder, to=account, units=quantity, wait=delay)
    def transfer(self, giver: int, to: int, units: Any, wait: int) -> None:
        now, giver = self.at(wait), self.giver(giver)
        sender, recipient = self.accounts[giver], self.accounts[self.taker(to)]
        n = self.units(units, sender)
        self.both(
            "transfer",
            self.token("transfer", recipient, n),
            lambda m: m.transfer(sender=sender, recipient=recipient, units=n, now=now),
            by=self.key(giver),
        )

    @rule(giver=holder, to=st.sampled_from([1, 2, 3]), units=part, wait=delay)
    def sensible_transfer(self, giver: int, to: int, units: Any, wait: int) -> None:
        self.transfer(giver, to, units, wait)

    @rule(giver=holder, to=taker, units=quantity, which=reference, wait=delay)
    def transfer_with_reference(
        self, giver: int, to: int, units: Any, which: str | None, wait: int
    ) -> None:
        now, giver = self.at(wait), self.giver(giver)
        sender, recipient = self.accounts[giver], self.accounts[self.taker(to)]
        n, its = self.units(units, sender), self.ref(which)
        self.both(
            "transferWithReference",
            self.token("transferWithReference", recipient, n, reference_word(its)),
            lambda m: m.transfer_with_reference(
                sender=sender, recipient=recipient, units=n, ref=its, now=now
            ),
            by=self.key(giver),
        )

    @rule(giver=holder, drawn=any_rows, short=st.booleans(), wait=delay)
    def batch_transfer(self, giver: int, drawn: list[Row], short: bool, wait: int) -> None:
        now, giver = self.at(wait), self.giver(giver)
        sender = self.accounts[giver]
        to, units = self.table(drawn, sender)
        units = units[:-1] if short and len(drawn) == 4 else units
        self.both(
            "batchTransfer",
            self.token("batchTransfer", to, units),
            lambda m: m.batch_transfer(sender=sender, recipients=to, units=units, now=now),
            by=self.key(giver),
        )

    # By a spender --------------------------------------------------------------------------------

    @rule(
        giver=holder,
        spender=st.sampled_from([*KEYS, *KEYS, 8]),
        units=st.sampled_from([0, 3, 10, 10**6, 10**20, UNLIMITED]),
    )
    def approve(self, giver: int, spender: int, units: int) -> None:
        self.at(1)
        owner, who = self.accounts[giver], self.accounts[spender]
        done = self.both(
            "approve",
            self.token("approve", who, units),
            lambda m: m.approve(owner=owner, spender=who, units=units),
            by=self.key(giver),
        )
        if done:
            self.allowances.add((owner, who))

    @rule(
        giver=holder,
        spender=holder,
        to=taker,
        units=quantity,
        which=st.one_of(st.just("plain"), reference),
        wait=delay,
    )
    def transfer_from(
        self, giver: int, spender: int, to: int, units: Any, which: str | None, wait: int
    ) -> None:
        now = self.at(wait)
        sender, who = self.allowed(giver, spender)
        recipient, n = self.accounts[self.taker(to)], self.units(units, sender)
        if self.random.random() < 0.7:
            n = min(n, self.model.allowance(sender, who))
        if which == "plain":
            self.both(
                "transferFrom",
                self.token("transferFrom", sender, recipient, n),
                lambda m: m.transfer_from(
                    spender=who, sender=sender, recipient=recipient, units=n, now=now
                ),
                by=self.key_of(who),
            )
            return
        its = self.ref(which)
        self.both(
            "transferFromWithReference",
            self.token("transferFromWithReference", sender, recipient, n, reference_word(its)),
            lambda m: m.transfer_from_with_reference(
                spender=who, sender=sender, recipient=recipient, units=n, ref=its, now=now
            ),
            by=self.key_of(who),
        )

    def allowed(self, giver: int, spender: int) -> tuple[Address, Address]:
        """An owner and a spender, mostly of an allowance that there is."""
        given = [pair for pair in sorted(self.allowances) if self.model.allowance(*pair)]
        if given and self.random.random() < 0.8:
            return self.random.choice(given)
        return self.accounts[giver], self.accounts[spender]

    # By signature --------------------------------------------------------------------------------

    def signed(self, signer: int, struct: str, *values: Any) -> bytes:
        return sign(self.key(signer), self.domain, Words(struct, values))

    @rule(
        giver=holder,
        forged=st.sampled_from([*[False] * 6, True]),
        to=st.sampled_from([*KEYS, *[1, 2, 3] * 3]),
        units=part,
        nonce=trade,
        window=st.sampled_from([*[(-1, 1)] * 5, (0, 1), (-1, 0), (-5, 100)]),
        receives=st.booleans(),
        whole=st.booleans(),
        carrier=holder,
    )
    def transfer_authorised(
        self,
        giver: int,
        forged: bool,
        to: int,
        units: Any,
        nonce: str | None,
        window: tuple[int, int],
        receives: bool,
        whole: bool,
        carrier: int,
    ) -> None:
        now, giver, to = self.at(1), self.giver(giver), self.taker(to)
        sender, recipient = self.accounts[giver], self.accounts[to]
        n, its = self.units(units, sender), self.ref(nonce)
        after, before = now + window[0], now + window[1]
        kind = "receive" if receives else "transfer"
        words = (sender, recipient, n, after, before, reference_word(its))
        signer = (giver + 1) % len(KEYS) if forged else giver
        signature = self.signed(signer, f"{kind.capitalize()}WithAuthorization", *words)
        name = f"{kind}WithAuthorization"
        if receives and self.random.random() < 0.8:
            carrier = to
        caller = self.accounts[carrier]
        common: dict[str, Any] = {
            "sender": sender,
            "recipient": recipient,
            "units": n,
            "after": after,
            "before": before,
            "nonce": its,
            "signer": self.accounts[signer],
            "now": now,
        }
        if its is not None:
            self.authorisations.add((sender, its))
        self.both(
            name,
            self.token(f"{name}({FORM})", *words, signature)
            if whole
            else self.token(f"{name}({PARTS})", *words, *split(signature)),
            lambda m: (
                m.receive_with_authorisation(caller=caller, **common)
                if receives
                else m.transfer_with_authorisation(**common)
            ),
            by=self.key(carrier),
        )

    @rule(giver=holder, forged=st.sampled_from([False, False, True]), nonce=trade)
    def cancel_authorisation(self, giver: int, forged: bool, nonce: str | None) -> None:
        self.at(1)
        holder, its = self.accounts[giver], self.ref(nonce)
        signer = (giver + 1) % len(KEYS) if forged else giver
        word = reference_word(its)
        signature = self.signed(signer, "CancelAuthorization", holder, word)
        if its is not None:
            self.authorisations.add((holder, its))
        self.both(
            "cancelAuthorization",
            self.token("cancelAuthorization(address,bytes32,bytes)", holder, word, signature),
            lambda m: m.cancel_authorisation(
                holder=holder, nonce=its, signer=self.accounts[signer]
            ),
        )

    @rule(
        giver=holder,
        spender=st.sampled_from([*KEYS, 8]),
        units=st.sampled_from([0, 7, 10**20, UNLIMITED]),
        deadline=st.sampled_from([0, 0, 1, 100, -1]),
        off=st.sampled_from([0, 0, 0, 1, -1]),
    )
    def permit(self, giver: int, spender: int, units: int, deadline: int, off: int) -> None:
        """`off`: by how much the number that was signed differs from the one that is next."""
        now = self.at(1)
        owner, who = self.accounts[giver], self.accounts[spender]
        number = max(0, self.model.permit_count(owner) + off)
        right = number == self.model.permit_count(owner)
        last = now + deadline
        signature = self.signed(giver, "Permit", owner, who, units, number, last)
        done = self.both(
            "permit",
            self.token("permit", owner, who, units, last, *split(signature)),
            lambda m: m.permit(
                owner=owner,
                spender=who,
                units=units,
                deadline=last,
                signer=owner if right else None,
                now=now,
            ),
        )
        if done:
            self.allowances.add((owner, who))
