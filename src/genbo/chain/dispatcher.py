"""Dispatcher: carries queued commands to the chain, exactly once each, whatever happens in between.

One turn for one signer:

    what waits      rehearsed; refused ones are over, the others get a number and are signed
    commit          number, bytes and hash stand in the outbox before anybody hears of them
    hand in         the node gets the bytes; those of earlier turns that no block has, once more
    look            which of them stand in a block, and how deep; `governance.dispatch` judges
    commit          what became of them, and of their commands

A process killed between any two of these lines goes on from the outbox. The same bytes may be handed in any number of
times; a number of a signer belongs to one command for ever, unless somebody else's final transaction took it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, count

from eth_utils.crypto import keccak

from genbo.chain.call import Call
from genbo.chain.competitor import spender_of, used_up
from genbo.chain.contracts.safe import Approval, Safe
from genbo.chain.failure import why_failed
from genbo.chain.fees import Fee, fee_of, raised, transaction_fields
from genbo.chain.hexes import hex_of
from genbo.chain.keyring import Keyring
from genbo.chain.keys import Signer, refuse_development_key
from genbo.chain.node import Header, Node, Reverted
from genbo.chain.raw_transaction import call_of
from genbo.chain.refusals import refusal_of
from genbo.chain.turn import Turn
from genbo.chain.views import Views
from genbo.governance import Attempt, Entry, EntryState, Seen, Signed, Stored
from genbo.governance.dispatch import OPEN, Observation, holes, judge
from genbo.governance.ports import BeforeSending, Lead, OpenOutbox, Settled
from genbo.kernel import Address, Digest, Fault, Reason, Refusal

WINDOW = 64
"""Transactions of one signer that may be under way at once."""

PATIENCE = timedelta(seconds=60)
"""After so long without a receipt the outcome is called unknown, and a higher fee is offered where fees count."""

_MOST_ATTEMPTS = 12
"""After so many raised fees (four times the first one) the network is not short of money but of something else."""

_SLOW = 3
"""So many times patience is waited before an offer that the network should take is raised all the same."""

_FILLER_GAS = 21_000

_PAUSE_SECONDS = 2.0
"""The same bytes are not handed in more often than this, and about as often while no block has them: nodes forget."""

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatching:
    """How a dispatcher goes about it."""

    window: int = WINDOW
    patience: timedelta = PATIENCE
    gas_price: int = 0
    """Wei per gas, where blocks carry no base fee."""


_PASSING = frozenset({Reason.NODE_UNREACHABLE, Reason.DATABASE_UNREACHABLE})
"""Trouble of the surroundings, which says nothing about any command."""


class _NotNow(Exception):
    """The node has a reason of its own: no rule said no, so the command waits."""


@dataclass(frozen=True, slots=True)
class _Ready:
    stored: Stored
    call: Call
    gas: int


class Dispatcher:
    """Sends for any signer that it is given the lead of. Everything that counts is in the outbox."""

    def __init__(
        self,
        node: Node,
        outbox: OpenOutbox,
        keys: Keyring,
        *,
        clock: Callable[[], datetime],
        how: Dispatching | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        gate: BeforeSending = lambda _: {},
    ) -> None:
        """`gate`: asked of the commands just before they are signed; a refusal ends a command."""
        self._node = node
        self._outbox = outbox
        self._keys = keys
        self._clock = clock
        self._how = how or Dispatching()
        self._monotonic = monotonic
        self._gate = gate
        self._handed: dict[Digest, float] = {}
        """When each transaction was last handed in."""

    def turn(self, lead: Lead, *, safes: Collection[Address] = ()) -> Turn:
        """One turn.

        Args:
            lead: the right to send for one signer.
            safes: the Safes whose acts this signer carries.

        Raises:
            LeadLost: another process sends for the signer now; nothing more was kept.
            Fault: `node_unreachable`, `database_unreachable`; what was committed stands, the next turn goes on.
        """
        signer = self._keys.signer_of(lead.signer)
        if signer is None:
            raise Fault(Reason.KEY_MISSING, needed=1, reachable=0)
        turn = Turn()
        with self._outbox() as box:
            entries = box.open(lead.signer)
            room = self._how.window - len(entries)
            waiting = box.waiting({lead.signer, *safes}, most=room) if room > 0 else []
        new = self._fill(lead, signer, entries)
        if waiting:
            new += self._send(lead, signer, waiting, entries, turn)
        self._look_after(lead, signer, entries, new, turn)
        return turn

    def _fill(self, lead: Lead, signer: Signer, entries: Sequence[Entry]) -> list[Entry]:
        """Fillers for numbers that nobody has and everything under way would wait for."""
        under_way = [each.nonce for each in entries if each.state is not EntryState.MINED]
        if not under_way or min(under_way) <= self._node.used(signer.address).value:
            return []
        fillers = self._sign(lead, signer, [], self._node.header())
        with self._outbox() as box:
            box.add(lead, fillers)
        return fillers

    # What waits ----------------------------------------------------------------------------------

    def _send(
        self,
        lead: Lead,
        signer: Signer,
        waiting: Sequence[Stored],
        entries: Sequence[Entry],
        turn: Turn,
    ) -> list[Entry]:
        """Signs, commits and hands in whatever can go."""
        header = self._node.header()
        busy = {entry.account for entry in entries if entry.state is not EntryState.MINED}
        ready: list[_Ready] = []
        stopped = self._gate([stored.command for stored in waiting])
        refused: list[tuple[Stored, Refusal]] = []
        for stored in waiting:
            try:
                if (refusal := stopped.get(stored.id)) is not None:
                    raise refusal
                prepared = self._prepare(lead, stored, signer, header, busy, turn)
            except _NotNow as no:
                turn.problems.append(f"{stored.id}: {no}")
                prepared = None
            except Refusal as refusal:
                if refusal.reason in _PASSING:
                    raise
                refused.append((stored, refusal))
                continue
            if prepared is None:
                turn.waiting += 1
                continue
            ready.append(prepared)
            busy.add(stored.command.account)
        new = self._sign(lead, signer, ready, header)
        with self._outbox() as box:
            for each, why in refused:
                box.refuse(lead, each.id, why, at=self._clock())
            box.add(lead, new)
        turn.settled += len(refused)
        turn.sent += len(new)
        return new

    def _prepare(
        self,
        lead: Lead,
        stored: Stored,
        signer: Signer,
        header: Header,
        busy: Collection[Address],
        turn: Turn,
    ) -> _Ready | None:
        """The transaction that a command becomes; None when it has to wait.

        What an account's act is judged on is the chain as its earlier acts leave it, so while one of them is on its
        way the next one waits. Acts with their gas given beforehand (batches) need no judgement and go at once.

        Raises:
            Refusal: the contract would refuse it.
        """
        command = stored.command
        assert command.to is not None
        act = Call(command.to, command.data, command.what)
        if command.account != signer.address:
            return self._prepare_for_safe(lead, stored, act, signer, header, busy, turn)
        refuse_development_key(signer.address, self._node.chain_id)
        gas = command.gas
        if gas is None:
            if command.account in busy:
                return None
            gas = self._rehearse(act, command.account)
        return _Ready(stored, act, _within(gas, header))

    def _prepare_for_safe(
        self,
        lead: Lead,
        stored: Stored,
        act: Call,
        signer: Signer,
        header: Header,
        busy: Collection[Address],
        turn: Turn,
    ) -> _Ready | None:
        """As `_prepare`, for the act of a Safe: one Safe transaction with its owners' signatures."""
        account = stored.command.account
        if account in busy:
            return None
        self._rehearse(act, account)  # a Safe that meets a refusal does not say which
        safe = Safe(self._node, account)
        nonce, needed = safe.nonce().value, safe.threshold().value
        signatures = self._safe_signatures(lead, stored, safe, act, nonce)
        if len(signatures) < needed:
            turn.problems.append(
                f"{stored.id}: {len(signatures)} of {needed} signatures over number {nonce} of {account}"
            )
            return None
        call = safe.execute(
            act, [Approval(each.account, each.signature) for each in signatures[:needed]]
        )
        return _Ready(stored, call, _within(self._rehearse(call, signer.address), header))

    def _safe_signatures(
        self, lead: Lead, stored: Stored, safe: Safe, act: Call, nonce: int
    ) -> list[Signed]:
        """Signatures of those who approved, over the Safe's next number; keys that are here sign now.

        Whoever approved the command approved its bytes; the number is only known now, when nothing of the Safe is on
        its way.
        """
        owners = set(safe.owners().value)
        with self._outbox() as box:
            given = {
                each.account: each
                for each in box.safe_signatures(stored.id, nonce=nonce)
                if each.account in owners
            }
            digest = safe.digest(act, nonce)
            for each in stored.approvals:
                key = self._keys.signer_of(each.account)
                if each.account in given or each.account not in owners or key is None:
                    continue
                refuse_development_key(key.address, self._node.chain_id)
                signed = replace(each, signature=key.sign_digest(digest), at=self._clock())
                box.sign_for_safe(lead, stored.id, signed, nonce=nonce)
                given[each.account] = signed
        return list(given.values())

    def _rehearse(self, call: Call, sender: Address) -> int:
        """The gas to allow. Raises Refusal when the contract would refuse it, _NotNow when the node does not tell."""
        try:
            return self._node.rehearse(sender=sender, to=call.to, data=call.data)
        except Reverted as refused:
            raise refusal_of(refused.data, call=call, sender=sender) from None
        except Fault as fault:
            if fault.reason is not Reason.TRANSACTION_FAILED:
                raise
            raise _NotNow(fault.facts.get("problem")) from None

    def _sign(
        self, lead: Lead, signer: Signer, ready: Sequence[_Ready], header: Header
    ) -> list[Entry]:
        """Gives each its number. Numbers that nobody of ours has, and the chain still wants, come first; fillers use
        up those that are left."""
        used = self._node.used(lead.signer).value
        with self._outbox() as box:
            next_number, given = box.numbers(lead.signer, first=used)
        missing = holes(used=used, next_number=next_number, given=given)
        numbers: Iterator[int] = chain(missing, count(max(used, next_number)))
        fee = fee_of(header, gas_price=self._how.gas_price)
        entries = [
            self._entry(
                signer,
                next(numbers),
                each.call,
                gas=each.gas,
                fee=fee,
                header=header,
                stored=each.stored,
            )
            for each in ready
        ]
        fillers = missing[len(ready) :]
        nothing = Call(signer.address, b"", "fill a number")
        return entries + [
            self._entry(signer, number, nothing, gas=_FILLER_GAS, fee=fee, header=header)
            for number in fillers
        ]

    def _entry(
        self,
        signer: Signer,
        nonce: int,
        call: Call,
        *,
        gas: int,
        fee: Fee,
        header: Header,
        stored: Stored | None = None,
    ) -> Entry:
        at = self._clock()
        return Entry(
            signer=signer.address,
            nonce=nonce,
            command=None if stored is None else stored.id,
            account=signer.address if stored is None else stored.command.account,
            gas=gas,
            state=EntryState.SIGNED,
            since=at,
            attempts=(self._attempt(signer, nonce, call, gas=gas, fee=fee, header=header, at=at),),
        )

    def _attempt(
        self,
        signer: Signer,
        nonce: int,
        call: Call,
        *,
        gas: int,
        fee: Fee,
        header: Header,
        at: datetime,
    ) -> Attempt:
        raw = signer.sign_transaction(
            transaction_fields(
                call, chain_id=self._node.chain_id, nonce=nonce, gas=gas, fee=fee, header=header
            )
        )
        return Attempt(
            tx=Digest(hex_of(keccak(raw))), raw=raw, price=fee.price, tip=fee.tip, signed_at=at
        )

    # What is under way ---------------------------------------------------------------------------

    def _look_after(
        self,
        lead: Lead,
        signer: Signer,
        old: Sequence[Entry],
        new: Sequence[Entry],
        turn: Turn,
    ) -> None:
        """Hands in, looks, judges, commits."""
        entries = [*old, *new]
        if not entries:
            return
        taken = self._hand_in([each for each in entries if each.state is EntryState.SIGNED], turn)
        seen = self._seen(entries)
        header = self._node.header()
        final = self._final(header)
        at = self._clock()
        settled: list[Settled] = []
        again: list[Entry] = []
        used = 0
        if final >= 0 and len(seen) < len(entries):
            used = used_up(self._node, lead.signer, last=final)  # asked once for all of them
        for entry in entries:
            found = seen.get(entry.nonce)
            competitor = None if found or entry.nonce >= used else self._competitor(entry, final)
            judged = judge(
                entry,
                Observation(seen=found, final=final, competitor=competitor),
                at=at,
                patience=self._how.patience,
            )
            state = judged.state
            if state is EntryState.SIGNED and entry.nonce in taken:
                state = EntryState.SENT
            elif judged.again and entry.nonce not in taken:
                again.append(replace(entry, state=state))
            if state is not entry.state or _moved(entry, judged.seen):
                settled.append(self._settled(entry, state, judged.seen))
        if settled:
            with self._outbox() as box:
                box.settle(lead, settled, at=at)
        turn.settled += len(settled)
        turn.open = len(entries) - sum(each.state not in OPEN for each in settled)
        for entry in again:
            if entry.state is EntryState.UNKNOWN:
                self._try_again(lead, signer, entry, header, turn)
        self._hand_in([each for each in again if each.state is EntryState.SENT], turn)

    def _final(self, header: Header) -> int:
        """The last block that is final, as far as the nodes agree about it; -1 when none is."""
        number = self._node.finality.final_block(header.stamp.number)
        if number < 0 or not isinstance(self._node, Views):
            return number
        latest = number == header.stamp.number
        return min(number, self._node.agreed(header.stamp if latest else self._node.stamp(number)))

    def _settled(self, entry: Entry, state: EntryState, seen: Seen | None) -> Settled:
        refusal = None
        if state is EntryState.FAILED and seen is not None:
            refusal = self._why(entry, seen)
        return Settled(entry=entry, state=state, seen=seen, refusal=refusal)

    def _hand_in(self, entries: Sequence[Entry], turn: Turn) -> set[int]:
        """Gives the node the bytes of each that it was not given just now; the numbers of those it has."""
        now = self._monotonic()
        due = [
            entry
            for entry in entries
            if now - self._handed.get(entry.last.tx, -_PAUSE_SECONDS) >= _PAUSE_SECONDS
            or entry.block is not None  # it stood, and the chain was reorganised
        ]
        if not due:
            return set()
        problems = self._node.hand_in([entry.last.raw for entry in due])
        if len(self._handed) > _REMEMBERED:
            self._handed.clear()
        taken = set()
        for entry, problem in zip(due, problems, strict=True):
            self._handed[entry.last.tx] = now
            if problem is None:
                taken.add(entry.nonce)
            else:
                turn.problems.append(f"{entry.last.tx}: {problem}")
        return taken

    def _seen(self, entries: Sequence[Entry]) -> dict[int, Seen]:
        """Number to the attempt that stands in a block."""
        attempts = [(entry.nonce, attempt.tx) for entry in entries for attempt in entry.attempts]
        found = self._node.inclusions([tx for _, tx in attempts])
        return {
            nonce: Seen(tx=tx, block=each.block, succeeded=each.succeeded, gas_used=each.gas_used)
            for (nonce, tx), each in zip(attempts, found, strict=True)
            if each is not None
        }

    def _competitor(self, entry: Entry, final: int) -> Digest | None:
        """Somebody else's final transaction with the entry's number."""
        spender = spender_of(self._node, entry.signer, entry.nonce, last=final)
        if spender is None or any(spender.tx == attempt.tx for attempt in entry.attempts):
            return None  # ours, whose receipt the node has lost: it stays unknown
        return Digest(spender.tx)

    def _why(self, entry: Entry, seen: Seen) -> Refusal:
        if entry.command is None:
            return Fault(Reason.TRANSACTION_FAILED, tx=seen.tx)
        with self._outbox() as box:
            command = box.command(entry.command).command
        assert command.to is not None
        call = Call(command.to, command.data, command.what)
        return why_failed(self._node, call, sender=command.account, tx=seen.tx, block=seen.block)

    def _try_again(
        self, lead: Lead, signer: Signer, entry: Entry, header: Header, turn: Turn
    ) -> None:
        """The same bytes once more; with a higher offer where that can be what keeps it out."""
        fee = Fee(entry.last.price, entry.last.tip)
        better = raised(fee, header, gas_price=self._how.gas_price)
        waited = self._clock() - entry.last.signed_at
        overdue = waited >= self._how.patience * (_SLOW if fee.covers(header) else 1)
        if better is not None and overdue and len(entry.attempts) < _MOST_ATTEMPTS:
            entry = self._outbid(lead, signer, entry, better, header)
        self._hand_in([entry], turn)

    def _outbid(self, lead: Lead, signer: Signer, entry: Entry, fee: Fee, header: Header) -> Entry:
        """Commits another attempt with the same number, the same call and a higher offer."""
        at = self._clock()
        call = call_of(entry.last.raw, "the same call")
        attempt = self._attempt(
            signer, entry.nonce, call, gas=entry.gas, fee=fee, header=header, at=at
        )
        with self._outbox() as box:
            box.bump(lead, entry, attempt, at=at)
        return replace(entry, attempts=(*entry.attempts, attempt), state=EntryState.SIGNED)


def _within(gas: int, header: Header) -> int:
    """The gas, where a block has room for it. Raises Refusal(act_too_large)."""
    if gas > header.gas_limit:
        raise Refusal(Reason.ACT_TOO_LARGE, gas=gas, most=header.gas_limit)
    return gas


def _moved(entry: Entry, seen: Seen | None) -> bool:
    """Whether it stands elsewhere than when it was last kept."""
    return (entry.tx, entry.block) != ((seen.tx, seen.block) if seen else (None, None))
