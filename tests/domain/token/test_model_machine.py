"""Whatever is done in whatever order, the model keeps its own rules.

After every step: the sum of balances is the total issued; the total is within the cap; a refused
act left nothing behind; and the question answers exactly as the act does (invariants 1 and 7).
"""

from collections.abc import Callable
from copy import deepcopy

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from genbo.kernel import ZERO_ADDRESS, Address, Digest, Reference, Refusal
from genbo.token.act import Act
from genbo.token.model import TokenModel

DIGEST = Digest("0x" + "11" * 32)
PEOPLE = [Address(f"0x{number:040x}") for number in range(1, 7)]

address = st.sampled_from([*PEOPLE, ZERO_ADDRESS])
amount = st.integers(0, 60)
seconds = st.integers(0, 40)
references = st.sampled_from([Reference(f"R{number}") for number in range(12)])
acts = st.builds(Act, ref=references, evidence=st.sampled_from([DIGEST, DIGEST, None]))


class Token(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 1
        self.token = TokenModel(
            legal_category=101,
            terms_digest=DIGEST,
            initial_beneficiary=PEOPLE[0],
            authorised_cap=300,
            redemption_date=20,
            permitted_classes=0b10,
        )

    @initialize()
    def verify_and_issue(self) -> None:
        self.token.set_verdict(accounts=PEOPLE[:4], until=30, investor_class=1, blocked=False)
        self.token.mint(recipient=PEOPLE[0], units=100, now=self.now)

    def attempt(self, act: Callable[[], None]) -> bool:
        before = deepcopy(
            {name: value for name, value in vars(self.token).items() if name != "_journal"}
        )
        try:
            act()
        except Refusal:
            after = {name: value for name, value in vars(self.token).items() if name != "_journal"}
            assert after == before
            return False
        return True

    @rule(later=st.integers(0, 5))
    def time_passes(self, later: int) -> None:
        self.now += later

    @rule(sender=address, recipient=address, units=amount)
    def transfer(self, sender: Address, recipient: Address, units: int) -> None:
        reason = self.token.reason_of(sender=sender, recipient=recipient, units=units, now=self.now)
        done = self.attempt(
            lambda: self.token.transfer(
                sender=sender, recipient=recipient, units=units, now=self.now
            )
        )
        assert done == (reason is None)

    @rule(people=st.lists(address, max_size=3), units=st.lists(amount, max_size=3), act=acts)
    def issue(self, people: list[Address], units: list[int], act: Act) -> None:
        self.attempt(
            lambda: self.token.issue(recipients=people, units=units, act=act, now=self.now)
        )

    @rule(people=st.lists(address, max_size=3), units=st.lists(amount, max_size=3), ref=references)
    def distribute(self, people: list[Address], units: list[int], ref: Reference) -> None:
        self.attempt(
            lambda: self.token.distribute(recipients=people, units=units, ref=ref, now=self.now)
        )

    @rule(holder=address, units=amount, act=acts)
    def redeem(self, holder: Address, units: int, act: Act) -> None:
        self.attempt(
            lambda: self.token.redeem(holders=[holder], units=[units], act=act, now=self.now)
        )

    @rule(factor=st.integers(1, 3), act=acts)
    def split(self, factor: int, act: Act) -> None:
        self.attempt(
            lambda: self.token.split(factor=factor, epoch=self.token.control.epoch, act=act)
        )

    @rule(account=address, units=amount)
    def freeze(self, account: Address, units: int) -> None:
        self.attempt(lambda: self.token.set_frozen_tokens(account=account, units=units))

    @rule(account=address, frozen=st.booleans())
    def freeze_address(self, account: Address, frozen: bool) -> None:
        self.attempt(lambda: self.token.set_address_frozen(account=account, frozen=frozen))

    @rule(account=address, until=seconds, blocked=st.booleans())
    def verdict(self, account: Address, until: int, blocked: bool) -> None:
        self.attempt(
            lambda: self.token.set_verdict(
                accounts=[account], until=until, investor_class=1, blocked=blocked
            )
        )

    @rule(sender=address, recipient=address, units=amount, act=acts)
    def force(self, sender: Address, recipient: Address, units: int, act: Act) -> None:
        frozen = self.token.account(sender).frozen
        unfrozen = self.token.account(sender).unfrozen
        if self.attempt(
            lambda: self.token.forced_transfer(
                sender=sender, recipient=recipient, units=units, act=act, now=self.now
            )
        ):
            assert self.token.account(sender).frozen == frozen - max(0, units - unfrozen)

    @rule(burn=references, recipient=address, units=amount, incident=references)
    def redistribute(
        self, burn: Reference, recipient: Address, units: int, incident: Reference
    ) -> None:
        self.attempt(
            lambda: self.token.redistribute_burned(
                burn_ref=burn,
                recipient=recipient,
                units=units,
                incident=incident,
                evidence=DIGEST,
                now=self.now,
            )
        )

    @rule(old=address, new=address, act=acts)
    def rekey(self, old: Address, new: Address, act: Act) -> None:
        before = self.token.account(old)
        if self.attempt(lambda: self.token.recovery_address(old=old, new=new, act=act)):
            after = self.token.account(new)
            assert (after.balance, after.frozen) == (before.balance, before.frozen)
            assert after.lock_up_until >= before.lock_up_until
            assert after.address_frozen or not before.address_frozen
            assert after.blocked_to_send or not before.blocked_to_send

    @rule(bits=st.integers(0, 7))
    def platform(self, bits: int) -> None:
        self.token.set_control_bits(mask=7, bits=bits if self.now % 3 == 0 else 0)

    @invariant()
    def balances_are_the_total(self) -> None:
        words = self.token.accounts.values()
        assert sum(word.balance for word in words) == self.token.supply.total
        assert self.token.supply.total <= self.token.supply.cap

    @invariant()
    def accounts_fit_their_words(self) -> None:
        for word in self.token.accounts.values():
            assert type(word).unpack(word.pack()) == word


TestToken = Token.TestCase
TestToken.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
