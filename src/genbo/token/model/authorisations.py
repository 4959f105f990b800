"""Authorisations: transfers and allowances that the holder signs and somebody else sends.

Whose signature it is over exactly these words is for cryptography to say: each act is told the signer,
None when the signature is nobody's.
"""

from genbo.kernel import Address, Reason, Reference, Refusal
from genbo.token.model.state import whole
from genbo.token.model.transfers import Transfers


class Authorisations(Transfers):
    """ERC-2612 and ERC-3009: an authorisation's nonce is the trade's reference, used once per holder."""

    def is_authorisation_used(self, holder: Address, nonce: Reference) -> bool:
        """Whether the authorisation was used or cancelled."""
        return (holder, nonce) in self._used_authorisations

    def permit_count(self, owner: Address) -> int:
        """How many permits of the owner were used: the number the next one must carry."""
        return self._permit_counts.get(owner, 0)

    @whole
    def transfer_with_authorisation(
        self,
        *,
        sender: Address,
        recipient: Address,
        units: int,
        after: int,
        before: int,
        nonce: Reference | None,
        signer: Address | None,
        now: int,
    ) -> None:
        """Valid while `after < now < before`, once, on the sender's signature."""
        self._authorised(sender, recipient, units, after, before, nonce, signer, now)

    @whole
    def receive_with_authorisation(
        self,
        *,
        caller: Address,
        sender: Address,
        recipient: Address,
        units: int,
        after: int,
        before: int,
        nonce: Reference | None,
        signer: Address | None,
        now: int,
    ) -> None:
        """As `transfer_with_authorisation`, sent by the recipient and nobody else."""
        if caller != recipient:
            raise Refusal(Reason.AUTHORISATION_NOT_RECIPIENT, caller=caller, account=recipient)
        self._authorised(sender, recipient, units, after, before, nonce, signer, now)

    @whole
    def cancel_authorisation(
        self, *, holder: Address, nonce: Reference | None, signer: Address | None
    ) -> None:
        """An authorisation that was not used yet is void."""
        self._use_authorisation(holder, nonce, signer)

    @whole
    def permit(
        self,
        *,
        owner: Address,
        spender: Address,
        units: int,
        deadline: int,
        signer: Address | None,
        now: int,
    ) -> None:
        """`approve` on the owner's signature, up to and including `deadline`."""
        if now > deadline:
            raise Refusal(Reason.AUTHORISATION_EXPIRED, until=deadline)
        if signer != owner:
            raise Refusal(Reason.SIGNATURE_INVALID, account=owner)
        self._write(self._permit_counts, owner, self.permit_count(owner) + 1)
        self._approve(owner, spender, units)

    # ---------------------------------------------------------------------------------- inside

    def _authorised(
        self,
        sender: Address,
        recipient: Address,
        units: int,
        after: int,
        before: int,
        nonce: Reference | None,
        signer: Address | None,
        now: int,
    ) -> None:
        if now <= after:
            raise Refusal(Reason.AUTHORISATION_NOT_YET_VALID, after=after)
        if now >= before:
            raise Refusal(Reason.AUTHORISATION_EXPIRED, until=before)
        self._use_authorisation(sender, nonce, signer)
        self._transfer_with_reference(sender, recipient, units, nonce, now)

    def _use_authorisation(
        self, holder: Address, nonce: Reference | None, signer: Address | None
    ) -> None:
        if (holder, nonce) in self._used_authorisations:
            raise Refusal(Reason.AUTHORISATION_USED, account=holder, nonce=nonce)
        if signer != holder:
            raise Refusal(Reason.SIGNATURE_INVALID, account=holder)
        self._write(self._used_authorisations, (holder, nonce), True)
