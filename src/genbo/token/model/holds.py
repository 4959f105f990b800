"""Holds (留保): units promised to a buyer, kept in the seller's own account."""

from dataclasses import replace

from genbo.kernel import ZERO_ADDRESS, Address, Reason, Reference, Refusal
from genbo.token.account_word import AccountWord
from genbo.token.hold import HeldUnits, Hold, HoldState
from genbo.token.model.state import whole
from genbo.token.model.transfers import Transfers


class Holds(Transfers):
    """The seller stays holder of record; what is held counts as frozen until it is delivered or released."""

    def hold(self, ref: Reference) -> Hold | None:
        """The hold of that trade, whatever became of it; None when there never was one."""
        return self._holds.get(ref)

    @whole
    def create_hold(
        self,
        *,
        holder: Address,
        ref: Reference | None,
        recipient: Address,
        units: int,
        expiry: int,
        notary: Address,
        now: int,
    ) -> None:
        """By the holder: the units must be free to be transferred to `recipient` now."""
        self._create(holder, ref, recipient, units, expiry, notary, now)

    @whole
    def create_hold_from(
        self,
        *,
        spender: Address,
        holder: Address,
        ref: Reference | None,
        recipient: Address,
        units: int,
        expiry: int,
        notary: Address,
        now: int,
    ) -> None:
        """By a spender: the allowance is judged first, and spent at the creation."""
        self._spend_allowance(holder, spender, units)
        self._create(holder, ref, recipient, units, expiry, notary, now)

    @whole
    def execute_hold(self, *, ref: Reference | None, caller: Address, now: int) -> None:
        """Delivery: by the notary, before the expiry, under every question of a transfer.

        The hold is lifted first, so the units are judged like any others: also when a seizure has
        taken them, or more is frozen by order than there was.
        """
        hold = self._standing(ref)
        if caller != hold.notary:
            raise Refusal(Reason.HOLD_NOT_NOTARY, hold=ref, account=caller)
        if now >= hold.expiry:
            raise Refusal(Reason.HOLD_EXPIRED, hold=ref, until=hold.expiry)
        lifted, held = self._lifted(hold)
        self._refuse(self._judge(hold.holder, lifted, hold.recipient, hold.units, now))
        self._end(ref, hold, lifted, held, HoldState.EXECUTED)
        self._move(hold.holder, hold.recipient, hold.units)

    @whole
    def release_hold(self, *, ref: Reference | None, caller: Address, now: int) -> None:
        """Back to the holder's disposal: by the notary at any time, by anybody from the expiry on.

        No verdict is asked; what is frozen by order stays frozen.
        """
        self._require_running()
        hold = self._standing(ref)
        if caller != hold.notary and now < hold.expiry:
            raise Refusal(Reason.HOLD_NOT_EXPIRED, hold=ref, until=hold.expiry)
        lifted, held = self._lifted(hold)
        self._end(ref, hold, lifted, held, HoldState.RELEASED)

    # ---------------------------------------------------------------------------------- inside

    def _create(
        self,
        holder: Address,
        ref: Reference | None,
        recipient: Address,
        units: int,
        expiry: int,
        notary: Address,
        now: int,
    ) -> None:
        if not ref:
            raise Refusal(Reason.REFERENCE_MISSING)
        if ref in self._holds:
            raise Refusal(Reason.HOLD_EXISTS, hold=ref)
        if expiry <= now or notary == ZERO_ADDRESS:
            raise Refusal(Reason.HOLD_EXPIRY_INVALID, until=expiry)
        if holder == recipient:
            raise Refusal(Reason.SAME_ADDRESS, account=holder)
        self._require_units(units)
        self._refuse(self.refusal_of(sender=holder, recipient=recipient, units=units, now=now))
        word, held = self.account(holder), self.held(holder)
        self._put(holder, replace(word, frozen=word.frozen + units))
        more = HeldUnits(claims=held.claims + units, cover=held.cover + units)
        self._write(self._held, holder, more)
        self._write(
            self._holds,
            ref,
            Hold(holder=holder, recipient=recipient, notary=notary, units=units, expiry=expiry),
        )

    def _standing(self, ref: Reference | None) -> Hold:
        hold = self._holds.get(ref) if ref else None
        if hold is None or hold.state is not HoldState.STANDING:
            state = HoldState.NONE if hold is None else hold.state
            raise Refusal(Reason.HOLD_NOT_STANDING, hold=ref or "", state=int(state))
        return hold

    def _lifted(self, hold: Hold) -> tuple[AccountWord, HeldUnits]:
        """The holder's account without this hold.

        What other holds promise stays covered as far as there is cover; the rest of the cover goes,
        and with it as many frozen units. So what is frozen by order stays to the unit.
        """
        word, held = self.account(hold.holder), self.held(hold.holder)
        claims = max(0, held.claims - hold.units)
        cover = min(held.cover, claims)
        lifted = replace(word, frozen=word.frozen - (held.cover - cover))
        return lifted, HeldUnits(claims=claims, cover=cover)

    def _end(
        self,
        ref: Reference | None,
        hold: Hold,
        lifted: AccountWord,
        held: HeldUnits,
        state: HoldState,
    ) -> None:
        self._put(hold.holder, lifted)
        self._write(self._held, hold.holder, held)
        self._write(self._holds, ref, replace(hold, state=state))
