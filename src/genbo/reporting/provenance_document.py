"""The provenance of lots (所有者の来歴, R-JSTOA-6.2.1.1), as CSV and JSON.

For each lot every step from issue to now: kind, parties, units, time, transaction. The same request
gives the same bytes. It names accounts and investor ids; no name and no address of a person is in
it, so it can be handed to an auditor.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from genbo.kernel import JST, Address, BlockStamp, InvestorId, ProductId
from genbo.register import Lot, Step
from genbo.token.movement import MovementKind

KIND_NAMES: Mapping[MovementKind, str] = {
    MovementKind.ISSUE: "発行",
    MovementKind.ADDITIONAL_ISSUE: "追加発行",
    MovementKind.DISTRIBUTE: "配布",
    MovementKind.TRANSFER: "移転",
    MovementKind.REDEEM: "償還",
    MovementKind.SPLIT: "分割",
    MovementKind.FORCED: "強制移転",
    MovementKind.REDISTRIBUTE: "再配布",
    MovementKind.REVERSE: "逆移転",
    MovementKind.CANCEL: "取消",
    MovementKind.REKEY: "鍵の更新",
}
"""移転区分 as the register prints them (R-PROGMAT-T2.10)."""

_COLUMNS = (
    "lot",
    "step",
    "kind",
    "kind_ja",
    "units",
    "acquired",
    "from_account",
    "from_investor_id",
    "to_account",
    "to_investor_id",
    "reference",
    "at_jst",
    "block",
    "transaction",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """One lot and how its units came to it, the issue first."""

    lot: Lot
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenanceDocument:
    """The provenance of some or all lots of one product."""

    product: ProductId
    as_of: datetime
    """Everything before this instant is in (half-open), UTC."""
    stamp: BlockStamp
    """The last block that belongs to it."""
    lots: Sequence[Provenance]
    investors: Mapping[Address, InvestorId] = field(default_factory=dict)
    """Whose accounts they are, as far as the asker may know."""

    def as_csv(self) -> bytes:
        """UTF-8 with a byte order mark, CRLF, one heading line, one line per step."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        for provenance in self._sorted():
            writer.writerows(self._rows(provenance))
        return b"\xef\xbb\xbf" + text.getvalue().encode()

    def as_json(self) -> bytes:
        """UTF-8, keys in order, ending with a newline."""
        return (json.dumps(self.document(), ensure_ascii=False, indent=2) + "\n").encode()

    def document(self) -> dict[str, object]:
        """The JSON document as plain values."""
        return {
            "product": self.product,
            "as_of": self.as_of.isoformat(),
            "as_of_jst": self.as_of.astimezone(JST).isoformat(),
            "block": {
                "chain_id": self.stamp.chain_id,
                "number": self.stamp.number,
                "hash": self.stamp.hash,
                "at": self.stamp.at.isoformat(),
            },
            "units": sum(int(each.lot.units) for each in self.lots),
            "lots": [
                {
                    "lot": str(each.lot.id),
                    "account": each.lot.address,
                    "units": int(each.lot.units),
                    "acquired": each.lot.acquired.isoformat(),
                    "steps": [
                        dict(zip(_COLUMNS[1:], row[1:], strict=True)) for row in self._rows(each)
                    ],
                }
                for each in self._sorted()
            ],
        }

    def digest(self) -> str:
        """SHA-256 of the JSON bytes, 0x and 64 hexadecimal digits."""
        return "0x" + hashlib.sha256(self.as_json()).hexdigest()

    def _sorted(self) -> list[Provenance]:
        return sorted(
            self.lots, key=lambda each: (each.lot.address, each.lot.acquired, each.lot.id)
        )

    def _rows(self, provenance: Provenance) -> Iterator[tuple[object, ...]]:
        for number, step in enumerate(provenance.steps, start=1):
            opened = step.lot.opened
            yield (
                str(provenance.lot.id),
                number,
                step.kind.name.lower(),
                KIND_NAMES[step.kind],
                int(step.units),
                step.lot.acquired.isoformat(),
                step.came_from or "",
                self._investor(step.came_from),
                step.address,
                self._investor(step.address),
                step.lot.ref or "",
                opened.stamp.at.astimezone(JST).isoformat(),
                opened.stamp.number,
                opened.tx,
            )

    def _investor(self, address: Address | None) -> str:
        return "" if address is None else self.investors.get(address, "")
