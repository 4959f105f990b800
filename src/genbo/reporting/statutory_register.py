"""The statutory register (原簿) of one product as of one instant: what a trustee issues on paper and in files.

One model, four forms: JSON, CSV, Excel and PDF (`forms`). The same request gives the same bytes: lines stand in one
order, times are written in one way, and nothing of the moment of printing, of who asked or why is in it.

Two hashes. `digest` is that of the JSON bytes, names included: it says whether two copies are the same. `facts_digest`
is that of the register without names, so that it stays true when a name is corrected or erased; it is anchored.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from genbo.governance.institutions import InstitutionId
from genbo.kernel import JST, Address, BlockStamp, InvestorId, ProductId, Reference, Units
from genbo.register import LotId
from genbo.reporting.extent import Extent
from genbo.reporting.register_kind import Item, RegisterKind, StatutoryFacts, items_of, kind_of
from genbo.reporting.restriction import Restriction
from genbo.reporting.words import Both, stamp_fields

FORMAT = "genbo.register/1"
"""What the file says it is; another number is another meaning of its fields."""


class Note(StrEnum):
    """A remark on a line (備考)."""

    INITIAL_BENEFICIARY = "initial_beneficiary"
    """当初受益者"""
    ERASED = "erased"
    """個人情報消去済: the name was erased when the law no longer asked for it"""
    HOLDER_UNKNOWN = "holder_unknown"
    """名義人不明: the address belongs to nobody the registry knows; a finding, and it is printed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotLine:
    """One lot: units of one holder, acquired on one day."""

    lot: LotId
    holder: InvestorId | None
    name: str | None = field(repr=False, default=None)
    registered_address: str | None = field(repr=False, default=None)
    account: Address
    units: Units
    acquired: date
    """取得日"""
    ref: Reference | None = None
    """The trade by which the holder acquired them."""
    restrictions: Sequence[Restriction] = ()
    notes: Sequence[Note] = ()
    agent: str | None = None
    """取扱証券会社: the broker that registered the holder."""
    account_keeper: str | None = None
    """口座管理: who keeps the account's key, when the broker does not."""

    def place(self) -> tuple[object, ...]:
        """Where it stands in the register."""
        return (self.holder or "", self.acquired, self.account, self.lot)


@dataclass(frozen=True, kw_only=True)
class StatutoryRegister:
    """A register, or the part of it that may be seen."""

    product: ProductId
    facts: StatutoryFacts
    extent: Extent
    institution: InstitutionId | None = None
    """Whose customers, where the extent is theirs."""
    holder: InvestorId | None = None
    """The one whose entries they are, when this is a certificate of entries (記載事項証明書)."""
    as_of: datetime
    """Everything before this instant is in (half-open), UTC."""
    stamp: BlockStamp
    """The last block that belongs to it."""
    total_issued: Units
    """総発行数量, whoever holds it."""
    lines: Sequence[LotLine] = field(repr=False)

    @property
    def kind(self) -> RegisterKind:
        """Which register it is, by the legal form of the product."""
        return kind_of(self.facts.terms.legal_form)

    @property
    def title(self) -> Both:
        """What the document is called."""
        return self.kind.title if self.holder is None else self.kind.certificate

    @property
    def law(self) -> Both:
        """The article by which it is kept, or by which a holder may ask for it."""
        return self.kind.law if self.holder is None else self.kind.certificate_law

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The statutory items of its head."""
        return items_of(self.kind, self.facts)

    @cached_property
    def sorted_lines(self) -> list[LotLine]:
        """By holder, day acquired, account and lot."""
        return sorted(self.lines, key=LotLine.place)

    @property
    def units(self) -> int:
        """Units in the lines; for a whole register, total issued."""
        return sum(int(line.units) for line in self.lines)

    @property
    def holders(self) -> int:
        """Holders in the lines."""
        return len({line.holder or line.account for line in self.lines})

    def reduced(self) -> "StatutoryRegister":
        """The same register without names, addresses and agents."""
        bare = [
            replace(
                line,
                name=None,
                registered_address=None,
                agent=None,
                account_keeper=None,
                notes=tuple(note for note in line.notes if note is not Note.ERASED),
            )
            for line in self.lines
        ]
        return replace(self, extent=Extent.REDUCED, lines=bare)

    # The document for machines ---------------------------------------------------------------------

    def head(self) -> dict[str, object]:
        """Everything but the lines, as plain values."""
        title, law = self.title, self.law
        return {
            "format": FORMAT,
            "register": self.kind.value,
            "title": {"ja": title.ja, "en": title.en},
            "law": {"ja": law.ja, "en": law.en},
            "product": self.product,
            "product_name": self.facts.name,
            "legal_form": self.facts.terms.legal_form.value,
            "extent": self.extent.value,
            "institution": self.institution,
            "holder": self.holder,
            "as_of": self.as_of.isoformat(),
            "as_of_jst": self.as_of.astimezone(JST).isoformat(),
            "block": stamp_fields(self.stamp),
            "items": [
                {"key": each.key, "ja": each.text.ja, "en": each.text.en} for each in self.items
            ],
            "total_issued": int(self.total_issued),
            "units": self.units,
            "holders": self.holders,
            "lots": len(self.lines),
        }

    def line_fields(self) -> Iterator[dict[str, object]]:
        """Each line as plain values, in its order. What an extent does not show is not there."""
        for number, line in enumerate(self.sorted_lines, 1):
            found: dict[str, object] = {"no": number, "investor_id": line.holder}
            if self.extent.named:
                found |= {"name": line.name, "registered_address": line.registered_address}
            found |= {
                "account": line.account,
                "lot": str(line.lot),
                "units": int(line.units),
                "acquired": line.acquired.isoformat(),
                "reference": line.ref,
                "restrictions": [each.fields() for each in line.restrictions],
                "notes": [each.value for each in line.notes],
            }
            if self.extent.named:
                found |= {"agent": line.agent, "account_keeper": line.account_keeper}
            yield found

    @cached_property
    def as_json(self) -> bytes:
        """UTF-8, keys in order, one line of the register to a line of the file."""
        return canonical_json(self.head(), "lines", self.line_fields())

    @property
    def digest(self) -> str:
        """SHA-256 of the JSON bytes, 0x and 64 hexadecimal digits."""
        return self._digests[0]

    @cached_property
    def facts_json(self) -> bytes:
        """The JSON bytes without names: what is anchored."""
        return self.as_json if self.extent is Extent.REDUCED else self.reduced().as_json

    @property
    def facts_digest(self) -> str:
        """SHA-256 of `facts_json`."""
        return self._digests[1]

    @cached_property
    def _digests(self) -> tuple[str, str]:
        """Both, line by line: neither document is whole in memory for it."""
        whole = _digest(canonical_pieces(self.head(), "lines", self.line_fields()))
        if self.extent is Extent.REDUCED:
            return whole, whole
        head = replace(self, extent=Extent.REDUCED).head()
        return whole, _digest(canonical_pieces(head, "lines", map(_bare, self.line_fields())))


def canonical_json(head: dict[str, object], name: str, lines: Iterator[dict[str, object]]) -> bytes:
    """A document as JSON that is the same bytes for the same values: a member of the head to a line, then the lines."""
    return b"".join(canonical_pieces(head, name, lines))


def canonical_pieces(
    head: dict[str, object], name: str, lines: Iterator[dict[str, object]]
) -> Iterator[bytes]:
    """As `canonical_json`, a line after the other."""
    members = [f"{_compact(key)}:{_compact(value)}" for key, value in head.items()]
    yield ("{\n" + ",\n".join(members) + f',\n"{name}":[\n').encode()
    between = ""
    for line in lines:
        yield (between + _compact(line)).encode()
        between = ",\n"
    yield b"\n]\n}\n"


def _digest(pieces: Iterator[bytes]) -> str:
    made = hashlib.sha256()
    for piece in pieces:
        made.update(piece)
    return "0x" + made.hexdigest()


def _bare(fields: dict[str, object]) -> dict[str, object]:
    """A line without names, addresses and agents, as `reduced` has it."""
    for name in ("name", "registered_address", "agent", "account_keeper"):
        fields.pop(name, None)
    notes = fields["notes"]
    assert isinstance(notes, list)
    fields["notes"] = [note for note in notes if note != Note.ERASED.value]
    return fields


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
