"""Invariants 3 and 5: every act exactly once, and no act of two persons on the word of one.

Two accounts are compared: what the service has of its commands and transactions, and what the ledger shows of both.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from genbo.kernel import Address, Digest
from genbo.reconciliation.invariants import Finding, judged


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAct:
    """A command that is final, as the service has it and as the ledger shows it."""

    command: str
    carried_by: Sequence[Digest]
    """Its transactions that are done, as the outbox has them."""
    tx: Digest | None
    """The one that the command names."""
    block: int | None
    on_ledger: int | None
    """The block in which the ledger has that transaction, with success; None when it has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerNumbers:
    """The numbers of one signer."""

    signer: Address
    used: int
    """How many the ledger has used up."""
    unknown_to_us: Sequence[int]
    """Those of them that the service never gave out: somebody else used the key, before or beside the service."""
    standing: Sequence[int]
    """Those that the outbox says are done, and the ledger has not used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPersonAct:
    """A final act under a duty that is held by two."""

    command: str
    digest_is_its_own: bool
    """Whether the hash that was signed is that of the stored bytes."""
    maker: Address
    signers: Collection[Address]
    """Whose signatures over that hash are valid."""
    owners: Collection[Address]
    """Who owns the account that acted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidLines:
    """The lines of a distribution that are paid in a yen token, as the register and the ledger have them."""

    run: str
    paid: int
    """How many the ledger has paid."""
    apart: Sequence[int]
    """Lines of which the two do not say the same, those on their way aside."""


def exactly_once(
    acts: Sequence[SentAct], signers: Sequence[SignerNumbers], payments: Sequence[PaidLines] = ()
) -> Finding:
    """3. Every final command has exactly one transaction, and it stands where the command says; and every line that is
    paid in a yen token was paid once."""
    wrong = [
        f"{act.command}: {len(act.carried_by)} transactions are done, the command names {act.tx}"
        for act in acts
        if list(act.carried_by) != [act.tx]
    ]
    wrong += [
        f"{act.command}: {act.tx} is in block {act.block} here, on the ledger "
        f"{'nowhere' if act.on_ledger is None else f'in block {act.on_ledger}'}"
        for act in acts
        if act.on_ledger != act.block
    ]
    wrong += [
        f"{each.signer}: number {number} is done here, the ledger has used {each.used}"
        for each in signers
        for number in each.standing
    ]
    wrong += [
        f"{each.run}: the ledger does not say of line {line} what the register says"
        for each in payments
        for line in each.apart
    ]
    foreign = sum(len(each.unknown_to_us) for each in signers)
    beside = f"; {foreign:,} numbers of theirs were used outside the service" if foreign else ""
    paid = sum(each.paid for each in payments)
    lines = f"; {paid:,} lines paid in a yen token" if payments else ""
    return judged(
        None,
        3,
        f"Exactly once: {len(acts):,} acts, each by one transaction of {len(signers):,} signers{beside}{lines}",
        wrong,
    )


def two_persons(acts: Sequence[TwoPersonAct]) -> Finding:
    """5. Each act of two persons carries valid signatures of its maker and of another owner, over its exact bytes."""
    wrong = [f"{act.command}: {problem}" for act in acts if (problem := _problem(act))]
    return judged(
        None,
        5,
        f"Two persons: {len(acts):,} acts, each signed by its maker and somebody else",
        wrong,
    )


def _problem(act: TwoPersonAct) -> str | None:
    if not act.digest_is_its_own:
        return "the hash that was signed is not that of its bytes"
    entitled = set(act.signers) & set(act.owners)
    if act.maker not in entitled:
        return f"its maker {act.maker} has not signed, or does not own the account"
    if len(entitled) < 2:
        return "nobody other than its maker has approved it"
    return None
