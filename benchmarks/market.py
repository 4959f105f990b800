"""The market: 6,000 holders of one product, and a life that never ends. The same seed is the same life, to the byte.

First everybody gets a verdict, the product is issued and distributed in batches. Then people trade, with and without
a reference; the registrar freezes, locks up, renews verdicts, redeems, issues more, replaces keys, reverses; and once
in a long while every unit is split in two. Blocks hold one to thirty-nine transactions.
"""

from __future__ import annotations

import hashlib
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from benchmarks import said
from genbo.chain.hexes import address_of
from genbo.kernel import BlockStamp
from genbo.token import MovementKind

CHAIN_ID = 1337
PRODUCT = "BENCH"
HOLDERS = 6_000
FIRST_BLOCK = 1
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
BETWEEN_BLOCKS = timedelta(minutes=10)
SPLIT_EVERY = 400_000
"""Events. The first split comes after an eighth of that."""
TOKEN = hashlib.sha256(b"token").hexdigest()[:40]
PLATFORM = hashlib.sha256(b"platform").hexdigest()[:40]
_BATCH = 200
_ALLOTMENT = 20
"""Units that everybody gets in a distribution."""
_FOREVER = 2**32 - 1


@dataclass(slots=True)
class Block:
    """One block and its logs."""

    stamp: BlockStamp
    events: int = 0
    """What the register makes of the logs; announcements are none."""
    logs: list[str] = field(default_factory=list)
    """JSON, one text each."""


class Market:
    """One product's life, block by block."""

    def __init__(self, *, holders: int = HOLDERS, seed: int = 1) -> None:
        self._dice = random.Random(seed)
        self._people = [_address(number) for number in range(1, holders + 1)]
        self._held: dict[str, deque[int]] = {each: deque() for each in self._people}
        """Units by address, in the pieces in which they came."""
        self._frozen: set[str] = set()
        self._issuer = _address(0)
        self._held[self._issuer] = deque()
        self._total = 0
        self._epoch = 0
        self._names = 0
        self._txs = 0
        self._events = 0
        self._next_split = SPLIT_EVERY // 8
        self._block = Block(stamp(FIRST_BLOCK))
        self._tx = ""

    def blocks(self) -> Iterator[Block]:
        """Every block from the first on, without end."""
        yield from self._beginning()
        acts = (self._trade, self._trade_by_reference, self._freeze, self._freeze_address)
        acts += (
            self._lock_up,
            self._renew,
            self._redeem,
            self._rekey,
            self._reverse,
        )
        weights = (5400, 3300, 500, 200, 100, 50, 400, 5, 200)
        while True:
            for act in self._dice.choices(acts, weights, k=self._dice.randint(1, 39)):
                self._begin()
                act()
            if self._total < len(self._people) * (_ALLOTMENT - 1):
                self._begin()
                self._issue_more()
            if self._events >= self._next_split:
                self._next_split += SPLIT_EVERY
                self._begin()
                self._split()
            yield self._mined()

    def holdings(self) -> dict[str, int]:
        """What every address holds now that holds anything."""
        return {f"0x{person}": sum(units) for person, units in self._held.items() if units}

    # The acts ------------------------------------------------------------------------------------

    def _beginning(self) -> Iterator[Block]:
        self._begin()
        self._say(said.product_registered(PRODUCT, TOKEN, "GROUP"), by=PLATFORM)
        yield self._mined()
        for at in range(0, len(self._people), _BATCH):
            self._begin()
            self._verdict([self._issuer, *self._people[at : at + _BATCH]])
            yield self._mined()
        self._begin()
        self._issue(len(self._people) * _ALLOTMENT)
        yield self._mined()
        for at in range(0, len(self._people), _BATCH):
            self._begin()
            self._distribute(self._people[at : at + _BATCH])
            yield self._mined()

    def _trade(self) -> None:
        self._transfer(*self._two())

    def _trade_by_reference(self) -> None:
        self._say(said.transfer_reference(self._name("T")))
        self._transfer(*self._two())

    def _transfer(self, seller: str, buyer: str) -> None:
        units = self._wanted(seller)
        self._pass_on(seller, buyer, units)
        self._event(said.transfer(seller, buyer, units))

    def _freeze(self) -> None:
        person = self._dice.choice(self._people)
        if person in self._frozen:
            self._frozen.discard(person)
            self._event(said.frozen(person, 0))
        else:
            self._frozen.add(person)
            self._event(said.frozen(person, 1))

    def _freeze_address(self) -> None:
        person = self._dice.choice(self._people)
        self._event(said.address_frozen(person, True, self._issuer))
        self._begin()
        self._event(said.address_frozen(person, False, self._issuer))

    def _lock_up(self) -> None:
        until = int((self._block.stamp.at + timedelta(days=30)).timestamp())
        self._event(said.lock_up_set(self._dice.choice(self._people), 0, until))

    def _renew(self) -> None:
        self._verdict(self._dice.sample(self._people, min(50, len(self._people))))

    def _redeem(self) -> None:
        """Half of what somebody has, the oldest first: so that pieces come to an end as well."""
        seller = self._someone_with_units()
        held = self._held[seller]
        units = sum(list(held)[: (len(held) + 1) // 2])
        self._announce(MovementKind.REDEEM, 1)
        self._take(seller, units)
        self._total -= units
        self._event(said.transfer(seller, said.NOBODY, units))

    def _issue_more(self) -> None:
        people = self._dice.sample(self._people, min(_BATCH, len(self._people)))
        self._issue(len(people) * _ALLOTMENT, MovementKind.ADDITIONAL_ISSUE)
        self._begin()
        self._distribute(people)

    def _rekey(self) -> None:
        at = self._dice.randrange(len(self._people))
        old, new = self._people[at], _address(len(self._held))
        units = sum(self._held[old])
        self._announce(MovementKind.REKEY, 1)
        if old in self._frozen:
            self._frozen.discard(old)
            self._frozen.add(new)
            self._event(said.frozen(old, 0))
            self._event(said.frozen(new, 1))
        self._held[new], self._held[old] = self._held[old], deque()
        self._people[at] = new
        self._event(said.transfer(old, new, units))

    def _reverse(self) -> None:
        """A trade, and its reversal in the next transaction."""
        seller, buyer = self._two()
        original = self._name("T")
        self._say(said.transfer_reference(original))
        units = self._wanted(seller)
        self._pass_on(seller, buyer, units)
        self._event(said.transfer(seller, buyer, units))
        self._begin()
        ref = self._announce(MovementKind.REVERSE, 1)
        self._say(said.reversed_(original, ref))
        self._pass_on(buyer, seller, units, newest=True)
        self._event(said.transfer(buyer, seller, units))

    def _split(self) -> None:
        self._epoch += 1
        self._event(said.split(self._name("S"), self._epoch, 2, self._total, self._total * 2))
        self._total *= 2
        for held in self._held.values():
            for at in range(len(held)):
                held[at] *= 2

    # Inside --------------------------------------------------------------------------------------

    def _verdict(self, people: list[str]) -> None:
        self._event(said.verdicts_set(people, _FOREVER, 1, False))

    def _issue(self, units: int, kind: MovementKind = MovementKind.ISSUE) -> None:
        self._announce(kind, 1)
        self._held[self._issuer].append(units)
        self._total += units
        self._event(said.transfer(said.NOBODY, self._issuer, units))

    def _distribute(self, people: list[str]) -> None:
        self._announce(MovementKind.DISTRIBUTE, len(people))
        for person in people:
            self._pass_on(self._issuer, person, _ALLOTMENT)
            self._event(said.transfer(self._issuer, person, _ALLOTMENT))

    def _announce(self, kind: MovementKind, count: int) -> str:
        ref = self._name("A")
        day = int(self._block.stamp.business_date.strftime("%Y%m%d"))
        self._say(said.movement(ref, kind, count, day))
        return ref

    def _two(self) -> tuple[str, str]:
        seller = self._someone_with_units()
        while (buyer := self._dice.choice(self._people)) == seller:
            continue
        return seller, buyer

    def _someone_with_units(self) -> str:
        while not self._held[person := self._dice.choice(self._people)]:
            continue
        return person

    def _wanted(self, seller: str) -> int:
        """Most sell one purchase whole, some two, and some a few units out of what they have."""
        held = self._held[seller]
        throw = self._dice.random()
        if throw < 0.70:
            return held[0]
        if throw < 0.85:
            return sum(held[at] for at in range(min(2, len(held))))
        return min(self._dice.randint(1, 5), sum(held))

    def _pass_on(self, source: str, target: str, units: int, *, newest: bool = False) -> None:
        self._held[target].extend(self._take(source, units, newest=newest))

    def _take(self, source: str, units: int, *, newest: bool = False) -> list[int]:
        """First in, first out, as the register does."""
        held = self._held[source]
        pop, put_back = (held.pop, held.append) if newest else (held.popleft, held.appendleft)
        taken = []
        while units:
            piece = pop()
            part = min(piece, units)
            if piece > part:
                put_back(piece - part)
            taken.append(part)
            units -= part
        return taken

    def _name(self, kind: str) -> str:
        self._names += 1
        return f"{kind}-2024-{self._names:08}"

    def _begin(self) -> None:
        self._txs += 1
        self._tx = hashlib.sha256(f"tx {self._txs}".encode()).hexdigest()

    def _event(self, middle: str) -> None:
        self._block.events += 1
        self._events += 1
        self._say(middle)

    def _say(self, middle: str, by: str = TOKEN) -> None:
        block = self._block
        block.logs.append(
            said.log(
                middle,
                address=by,
                block=block.stamp.number,
                block_hash=block.stamp.hash[2:],
                index=len(block.logs),
                tx=self._tx,
            )
        )

    def _mined(self) -> Block:
        done = self._block
        self._block = Block(stamp(done.stamp.number + 1))
        return done


def stamp(number: int) -> BlockStamp:
    """Block `number` of the market's chain."""
    said_hash = hashlib.sha256(f"block {number}".encode()).hexdigest()
    at = BEGINNING + (number - FIRST_BLOCK) * BETWEEN_BLOCKS
    return BlockStamp(CHAIN_ID, number, "0x" + said_hash, at)


def _address(number: int) -> str:
    """20 bytes as an address has them, with no order in them."""
    return hashlib.sha256(f"person {number}".encode()).hexdigest()[:40]


TOKEN_ADDRESS = address_of(bytes.fromhex(TOKEN))
PLATFORM_ADDRESS = address_of(bytes.fromhex(PLATFORM))
