"""Arguments: random words for any function, by the names and types of its parameters.

Mostly such as somebody sensible would use, so that enough goes through; often enough such as nobody should.
"""

from __future__ import annotations

import random
from typing import Any

from tests.contracts.anybody.facts import Facts
from tests.contracts.stage import CORPORATE, EVIDENCE, NONE32, PERMITTED, RETAIL, TERMS_HASH, ref

from genbo.chain.interface import Entry
from genbo.kernel import MAX_UNITS, ZERO_ADDRESS, Address

_GIVERS = ("from", "lost", "holder", "oldAddress", "lostWallet", "account")
_FOREVER = 2**32 - 1


class Arguments:
    """For one call."""

    def __init__(
        self,
        choice: random.Random,
        facts: Facts,
        *,
        caller: Address,
        pool: list[Address],
        keys: list[Address],
        rules: list[Address],
        refs: list[bytes],
        holds: list[bytes],
        preset: dict[str, Any],
    ) -> None:
        self.random, self.facts = choice, facts
        self.caller, self.pool, self.keys = caller, pool, keys
        self.rules, self.refs, self.holds = rules, refs, holds
        self.preset = preset
        """What is settled already, by name."""
        self.given: dict[str, Any] = {}

    def of(self, entry: Entry) -> dict[str, Any]:
        """By name, in the order of the declaration."""
        rows = self.random.choice([0, 1, 1, 2, 2, 3])
        for kind, name in zip(entry.inputs, entry.names, strict=True):
            if name in self.preset:
                self.given[name] = self.preset[name]
            elif kind.endswith("[]"):
                count = rows if self.random.random() < 0.95 else rows + 1
                self.given[name] = [self.one(kind[:-2], name, n) for n in range(count)]
            else:
                self.given[name] = self.one(kind, name, None)
        return self.given

    def one(self, kind: str, name: str, row: int | None) -> Any:
        make = getattr(self, f"_{name.strip('_').lower()}", None)
        if make is not None:
            return make(row)
        if kind == "address":
            return self.random.choice(self.pool)
        if kind == "bool":
            return self.random.random() < 0.5
        if kind == "bytes32":
            return self.some_ref()
        if kind.startswith("(bytes32,bytes32,uint32"):
            return (self.some_ref(), self.some_evidence(), 0)
        if kind == "bytes":
            return self.random.randbytes(65)
        if kind == "uint32":
            return self.moment()
        if kind == "uint8":
            return self.random.choice([27, 28, 0])
        return self.amount(row)

    # Units ---------------------------------------------------------------------------------------

    def giver(self, row: int | None) -> Address:
        """Whose units the row would take, as far as the arguments so far say."""
        for name in _GIVERS:
            if name in self.given:
                found = self.given[name]
                if isinstance(found, list):
                    return found[row] if row is not None and row < len(found) else self.caller
                return Address(found)
        return self.caller

    def amount(self, row: int | None) -> int:
        word = self.facts.accounts.get(self.giver(row))
        edges = [1, 1, 2, 5, 30]
        if word is not None and word.balance:
            free, balance = word.unfrozen, word.balance
            edges = [*[free, (free + 1) // 2, (free + 2) // 3] * 4, min(free, 1)]
            edges += [free + 1, balance, balance + 1, word.frozen, max(0, word.frozen - 1)]
        if self.random.random() < 0.05:
            edges = [0, MAX_UNITS, MAX_UNITS + 1, 2**256 - 1]
        return self.random.choice(edges)

    def _value(self, row: int | None) -> int:
        return self.random.choice([self.amount(row), 2**256 - 1, 10**9, 10])

    def _factor(self, _: int | None) -> int:
        return self.random.choice([2, 3, 7, 10, 1_000, 1_000_000, 1, 2**200])

    def _epoch(self, _: int | None) -> int:
        now = self.facts.control.epoch
        return self.random.choice([now, now, now, now + 1, 0])

    def _authorisedcap(self, _: int | None) -> int:
        return self.random.choice([self.facts.total, 2 * self.facts.total + 10, 10**20, MAX_UNITS])

    # Accounts ------------------------------------------------------------------------------------

    def _to(self, _: int | None) -> Address:
        able = [each for each in self.pool if self.facts.can_receive(each)]
        return self.random.choice(able if able and self.random.random() < 0.8 else self.pool)

    def _from(self, _: int | None) -> Address:
        having = [each for each in self.pool if self.facts.accounts[each].balance]
        able = [each for each in having if self.facts.can_give(each)] or having
        return self.random.choice(able if able and self.random.random() < 0.8 else self.pool)

    _lost = _holder = _oldaddress = _lostwallet = _owner = _from

    def _account(self, row: int | None) -> Address:
        return self._from(row) if self.random.random() < 0.5 else self.random.choice(self.pool)

    _accounts = _account

    def _newaddress(self, _: int | None) -> Address:
        words = self.facts.accounts
        empty = [e for e in self.keys if not (words[e].balance or words[e].retired)]
        return self.random.choice(empty if empty and self.random.random() < 0.8 else self.pool)

    _newwallet = _newaddress

    def _notary(self, _: int | None) -> Address:
        return self.random.choice(self.keys if self.random.random() < 0.9 else self.pool)

    _spender = _notary

    def _initialbeneficiary(self, _: int | None) -> Address:
        return self.random.choice([self.facts.beneficiary] * 3 + [self.random.choice(self.pool)])

    def _rule(self, _: int | None) -> Address:
        return self.random.choice([ZERO_ADDRESS, ZERO_ADDRESS, *self.rules])

    # Verdicts and time ---------------------------------------------------------------------------

    def moment(self) -> int:
        now = self.facts.now
        return self.random.choice([0, now - 1, now + 1, now + 20, now + 2_000, _FOREVER, _FOREVER])

    def _until(self, _: int | None) -> int:
        return self.moment()

    def _expiry(self, _: int | None) -> int:
        now = self.facts.now
        return self.random.choice([now, now + 3, now + 30, now + 600, _FOREVER])

    def _redemptiondate(self, _: int | None) -> int:
        return self.random.choice([self.facts.now, self.facts.now, self.moment()])

    def _class(self, _: int | None) -> int:
        return self.random.choice([RETAIL, CORPORATE, RETAIL, CORPORATE, 2, 31, 32])

    def _permittedclasses(self, _: int | None) -> int:
        return self.random.choice([PERMITTED, PERMITTED, PERMITTED, 1, 2**32 - 1])

    def _blocked(self, _: int | None) -> bool:
        return self.random.random() < 0.25

    def _frozen(self, _: int | None) -> bool:
        return self.random.random() < 0.4

    # Papers --------------------------------------------------------------------------------------

    def some_ref(self) -> bytes:
        roll = self.random.random()
        if roll < 0.15 and self.refs:
            return self.random.choice(self.refs)
        if roll < 0.18:
            return NONE32
        new = ref(f"N{len(self.refs)}")
        self.refs.append(new)
        return new

    def some_evidence(self) -> bytes:
        return EVIDENCE if self.random.random() < 0.95 else NONE32

    def _evidence(self, _: int | None) -> bytes:
        return self.some_evidence()

    def _burnref(self, _: int | None) -> bytes:
        return self.random.choice(self.refs) if self.refs else self.some_ref()

    def _holdid(self, _: int | None) -> bytes:
        if self.holds and self.random.random() < 0.9:
            return self.random.choice(self.holds)
        return self.some_ref()

    def _termshash(self, _: int | None) -> bytes:
        return TERMS_HASH

    def _legalcategory(self, _: int | None) -> int:
        return self.random.choice([101, 101, 101, 102, 0])

    # The platform --------------------------------------------------------------------------------

    def _group(self, _: int | None) -> bytes:
        return ref(self.random.choice(["G1", "G1", "G2"]))

    def _enabled(self, _: int | None) -> bool:
        return self.random.random() < 0.7

    def _mask(self, _: int | None) -> int:
        return self.random.choice([1, 2, 4, 7, 8, 0xFFFF])

    _bits = _mask
