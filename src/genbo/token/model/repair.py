"""Repair: actions 8, 9 and 10 (強制移転, 再配布, 逆移転) and re-keying."""

from collections.abc import Sequence
from dataclasses import replace

from genbo.kernel import ZERO_ADDRESS, Address, Digest, Reason, Reference, Refusal
from genbo.token.act import Act
from genbo.token.hold import HeldUnits
from genbo.token.model.state import State, whole


class Repair(State):
    """Without the holder's consent: his restrictions do not stand in the way, the recipient's verdict does."""

    @whole
    def forced_transfer(
        self,
        *,
        sender: Address,
        recipient: Address,
        units: int,
        now: int,
        act: Act | None = None,
    ) -> None:
        """Action 8 (強制移転); without `act` the ERC-7943 form, which carries no papers."""
        self._require_live()
        if act is not None:
            self._use_with_evidence(act.ref, act.evidence)
        self._seize(sender, recipient, units, now)

    @whole
    def batch_forced_transfer(
        self,
        *,
        senders: Sequence[Address],
        recipients: Sequence[Address],
        units: Sequence[int],
        now: int,
    ) -> None:
        """Several forced transfers without papers."""
        self._require_live()
        self._require_same_length(senders, recipients)
        self._require_same_length(senders, units)
        for sender, recipient, amount in zip(senders, recipients, units, strict=True):
            self._seize(sender, recipient, amount, now)

    @whole
    def redistribute(
        self,
        *,
        lost: Address,
        recipient: Address,
        units: int,
        incident: Reference | None,
        evidence: Digest | None,
        now: int,
    ) -> None:
        """Action 9 (再配布): total issued does not change; once per incident."""
        self._require_live()
        self._use_with_evidence(incident, evidence)
        self._seize(lost, recipient, units, now)

    @whole
    def redistribute_burned(
        self,
        *,
        burn_ref: Reference,
        recipient: Address,
        units: int,
        incident: Reference | None,
        evidence: Digest | None,
        now: int,
    ) -> None:
        """Action 9 where the units are gone: re-creates what `burn_ref` destroyed by mistake."""
        self._require_live()
        self._use_with_evidence(incident, evidence)
        self._require_units(units)
        burned = self.burned_under(burn_ref)
        if units > burned:
            raise Refusal(Reason.NOT_BURNED, burn_ref=burn_ref, burned=burned, asked=units)
        total = self._within_cap(self.supply.total + units)
        self._receive(ZERO_ADDRESS, recipient, units, now)
        self._write(self._burned, burn_ref, burned - units)
        self.supply = replace(self.supply, total=total)

    @whole
    def reverse_transfer(
        self,
        *,
        original_ref: Reference | None,
        sender: Address,
        recipient: Address,
        units: int,
        act: Act,
        now: int,
    ) -> None:
        """Action 10 (逆移転): from the wrong recipient back; once per trade."""
        self._require_live()
        if not original_ref:
            raise Refusal(Reason.REFERENCE_MISSING)
        if original_ref in self._reversed:
            raise Refusal(Reason.ALREADY_REVERSED, original_ref=original_ref)
        self._write(self._reversed, original_ref, True)
        self._use_with_evidence(act.ref, act.evidence)
        self._seize(sender, recipient, units, now)

    @whole
    def recovery_address(self, *, old: Address, new: Address, act: Act | None = None) -> None:
        """Re-keying (鍵の更新): the whole account moves, its holds too; what `new` was forbidden stays so.

        Without `act` the ERC-3643 form, which carries no papers.
        """
        self._require_live()
        if act is not None:
            self._use_with_evidence(act.ref, act.evidence)
        word, target = self.account(old), self.account(new)
        if old == ZERO_ADDRESS or word.retired:
            raise Refusal(Reason.SENDER_RETIRED, account=old)
        empty = target.balance == 0 and target.frozen == 0 and not target.retired
        # A hold without cover must not lean on what comes in.
        if new in (ZERO_ADDRESS, old) or not empty or self.held(new).claims:
            raise Refusal(Reason.TARGET_NOT_EMPTY, account=new)
        self._put(new, word.carried_to(target))
        self._put(old, replace(word, balance=0, frozen=0, retired=True))
        self._write(self._held, new, self.held(old))
        self._write(self._held, old, HeldUnits())
        for ref, hold in list(self._holds.items()):
            if hold.holder == old:
                self._write(self._holds, ref, replace(hold, holder=new))
        if old == self.initial_beneficiary:
            self.initial_beneficiary = new
