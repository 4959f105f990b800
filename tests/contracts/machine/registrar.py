"""What the registrar does: terms, actions 1, 2, 4, 5 and 6, and the end of a product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from tests.contracts.machine.drawn import (
    DIGEST,
    PEOPLE,
    Row,
    account,
    any_rows,
    delay,
    evidence,
    factor,
    good_rows,
    moment,
    reference,
    wrong_factor,
)
from tests.contracts.machine.holds import HoldRules
from tests.contracts.stage import CAP, TERMS_HASH, ref

from genbo.chain.contracts.encoding import act_struct, digest_word, reference_word
from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, Address, Digest, ProductId
from genbo.token.model import UNLIMITED


class RegistrarRules(HoldRules):
    def offer(self, *, counted: bool, late: bool) -> None:
        """Issued and distributed; redeemable at once, or much later."""
        due = self.at(1) + (10**6 if late else 5)
        self.set_terms_to(101, TERMS_HASH, self.accounts[0], CAP, due)
        if counted:
            self.enable_holder_count(1)
        self.issue([(0, 600)], "O1", 1)
        self.distribute([(1, 70), (2, 80), (3, 90), (1, 10)], "O2", 1)
        self.approve(2, 1, UNLIMITED)

    @initialize(
        which=st.sampled_from(range(4)),
        factors=st.lists(st.sampled_from([2, 3, 10]), max_size=2),
    )
    def begin_at(self, which: int, factors: list[int]) -> None:
        self.begin(self.starts[which % len(self.starts)])
        for each in factors:
            self.split(each, "now", "new")

    # Actions 1 and 5, and the terms --------------------------------------------------------------

    @rule(drawn=any_rows, which=reference, wait=delay)
    def issue(self, drawn: Sequence[Row], which: str | None, wait: int) -> None:
        now = self.at(wait)
        to, units = self.table(drawn)
        units, papers = self.up_to_the_cap(units), self.act(which, None)
        self.both(
            "issue",
            self.token("issue", to, units, act_struct(papers)),
            lambda m: m.issue(recipients=to, units=units, act=papers, now=now),
        )

    @rule(drawn=good_rows, bare=st.booleans())
    def mint(self, drawn: list[Row], bare: bool) -> None:
        now = self.at(1)
        to, units = self.table(drawn)
        units = self.up_to_the_cap(units)
        if bare and drawn:
            self.both(
                "mint",
                self.token("mint", to[0], units[0]),
                lambda m: m.mint(recipient=to[0], units=units[0], now=now),
            )
        else:
            self.both(
                "batchMint",
                self.token("batchMint", to, units),
                lambda m: m.batch_mint(recipients=to, units=units, now=now),
            )

    @rule(
        category=st.sampled_from([0, 101, 101, 101]),
        digest=st.sampled_from([DIGEST, DIGEST, DIGEST, None]),
        beneficiary=st.sampled_from(["same", "same", "same", 1, 8]),
        cap=st.sampled_from([0, 100, CAP, CAP, 5_000, MAX_UNITS, MAX_UNITS]),
        due=moment,
    )
    def set_terms(
        self, category: int, digest: Digest | None, beneficiary: Any, cap: int, due: Any
    ) -> None:
        self.at(1)
        same = self.model.initial_beneficiary or ZERO_ADDRESS
        whom = same if beneficiary == "same" else self.accounts[beneficiary]
        self.set_terms_to(category, digest_word(digest), whom, cap, self.second(due))

    def set_terms_to(self, category: int, digest: bytes, whom: Address, cap: int, due: int) -> None:
        self.both(
            "setTerms",
            self.token("setTerms", category, digest, whom, cap, due),
            lambda m: m.set_terms(
                legal_category=category,
                terms_digest=Digest("0x" + digest.hex()) if any(digest) else None,
                initial_beneficiary=None if whom == ZERO_ADDRESS else whom,
                authorised_cap=cap,
                redemption_date=due,
            ),
        )

    @rule(wait=delay)
    def enable_holder_count(self, wait: int) -> None:
        self.at(wait)
        self.both(
            "enableHolderCount",
            self.token("enableHolderCount"),
            lambda m: m.enable_holder_count(),
            by=self.officer,
        )

    # Action 2 ------------------------------------------------------------------------------------

    @rule(drawn=any_rows, which=reference, wait=delay)
    def distribute(self, drawn: Sequence[Row], which: str | None, wait: int) -> None:
        now = self.at(wait)
        to, units = self.table(drawn, self.model.initial_beneficiary or ZERO_ADDRESS)
        its = self.ref(which)
        self.both(
            "distribute",
            self.token("distribute", to, units, reference_word(its)),
            lambda m: m.distribute(recipients=to, units=units, ref=its, now=now),
            either_side=self.model.initial_beneficiary in to,
        )

    # Action 4 ------------------------------------------------------------------------------------

    @rule(drawn=any_rows, which=reference, wait=delay)
    def redeem(self, drawn: list[Row], which: str | None, wait: int) -> None:
        now = self.at(wait)
        holders, units = self.table(drawn)
        papers = self.act(which, None)
        done = self.both(
            "redeem",
            self.token("redeem", holders, units, act_struct(papers)),
            lambda m: m.redeem(holders=holders, units=units, act=papers, now=now),
        )
        if done and papers.ref is not None:
            self.burns.append(papers.ref)

    @rule(drawn=any_rows, bare=st.booleans())
    def burn(self, drawn: list[Row], bare: bool) -> None:
        now = self.at(1)
        holders, units = self.table(drawn)
        if bare and drawn:
            self.both(
                "burn",
                self.token("burn", holders[0], units[0]),
                lambda m: m.burn(holder=holders[0], units=units[0], now=now),
            )
        else:
            self.both(
                "batchBurn",
                self.token("batchBurn", holders, units),
                lambda m: m.batch_burn(holders=holders, units=units, now=now),
            )

    @rule(
        numbers=st.lists(account, max_size=2),
        everybody=st.sampled_from([*[False] * 15, True]),
        which=reference,
    )
    def redeem_all(self, numbers: list[int], everybody: bool, which: str | None) -> None:
        now = self.at(1)
        if everybody and self.random.random() < 0.3:  # it ends the product, and most of the history
            numbers = list(PEOPLE)
        holders = [self.accounts[number] for number in numbers]
        papers = self.act(which, None)
        done = self.both(
            "redeemAll",
            self.token("redeemAll", holders, act_struct(papers)),
            lambda m: m.redeem_all(holders=holders, act=papers, now=now),
        )
        if done and papers.ref is not None:
            self.burns.append(papers.ref)

    # Action 6 ------------------------------------------------------------------------------------

    @rule(
        by=st.one_of(factor, factor, factor, wrong_factor),
        decided=st.sampled_from([*["now"] * 6, "before", "later", "at first"]),
        which=reference,
    )
    def split(self, by: int, decided: str, which: str | None) -> None:
        self.at(1)
        papers, epoch = self.act(which, None), self.model.control.epoch
        decided_in = {"now": epoch, "before": max(0, epoch - 1), "later": epoch + 1}.get(decided, 0)
        self.both(
            "split",
            self.token("split", by, decided_in, act_struct(papers)),
            lambda m: m.split(factor=by, epoch=decided_in, act=papers),
        )

    @rule(factors=st.lists(st.sampled_from([2, 2, 3, 7]), min_size=2, max_size=4))
    def split_in_a_row(self, factors: list[int]) -> None:
        """Nobody is touched in between."""
        for each in factors:
            self.split(each, "now", "new")

    @rule(numbers=st.lists(account, max_size=4))
    def sync(self, numbers: list[int]) -> None:
        """Writes what is pending: nothing that the model could tell apart."""
        self.at(1)
        accounts = [self.accounts[number] for number in numbers]
        self.both("sync", self.token("sync", accounts), lambda m: None, by=self.key(7))

    # The end -------------------------------------------------------------------------------------

    @rule(successor=st.sampled_from(["P1", "P2", "P2", "P9"]), which=reference, papers=evidence)
    def close(self, successor: str, which: str | None, papers: Digest | None) -> None:
        self.at(1)
        order = self.act(which, papers)
        total = self.other_total if successor == "P2" else None
        if total == self.model.supply.total and self.random.random() < 0.8:
            return  # it ends the product, and most of the history
        self.both(
            "close",
            self.token("close", ref(successor), act_struct(order)),
            lambda m: m.close(successor=ProductId(successor), successor_total=total, act=order),
        )
