"""Notice (通知): one thing that happened, as one institution is told of it. On the interface it is called an event.

Every institution has a stream of its own: what it may see, and nothing else. In the stream each product counts for
itself, 1, 2, 3 without a gap, so that whoever reads notices what did not reach him; what is about no product counts as
one more. The position counts over all of them, in the order in which they were told: from there a reader goes on.

What stands on the ledger is told when it is final, with its block, and not before. Should the chain take back what was
final, `ledger.rolled_back` says so, and what stands then is told anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from genbo.governance.institutions import InstitutionId
from genbo.kernel import UTC, BlockStamp, ProductId, Reason, Refusal


class NoticeType(StrEnum):
    """What a notice is about: a family and what happened. Never renamed, never used for something else."""

    english: str
    japanese: str

    def __new__(cls, tag: str, english: str, japanese: str) -> "NoticeType":
        kind = str.__new__(cls, tag)
        kind._value_ = tag
        kind.english = english
        kind.japanese = japanese
        return kind

    @classmethod
    def named(cls, tag: str) -> "NoticeType":
        """The type with that tag. Raises KeyError when this version has none."""
        return _BY_TAG[tag]

    @property
    def family(self) -> str:
        """The part before the dot; whoever asks for it is told of all its types."""
        return self.value.partition(".")[0]

    ISSUE = ("register.issue", "units were issued", "発行")
    ADDITIONAL_ISSUE = ("register.additional_issue", "further units were issued", "追加発行")
    DISTRIBUTION = ("register.distribution", "units were distributed to applicants", "配布")
    TRANSFER = ("register.transfer", "units were transferred by their holder", "移転")
    REDEMPTION = ("register.redemption", "units were redeemed", "償還")
    SPLIT = ("register.split", "every holding was multiplied", "分割")
    FORCED_TRANSFER = (
        "register.forced_transfer",
        "units were moved without the holder",
        "強制移転",
    )
    REDISTRIBUTION = ("register.redistribution", "a mistaken redemption was made good", "再配布")
    REVERSAL = ("register.reversal", "a transfer was reversed", "逆移転")
    CANCELLATION = ("register.cancellation", "units were cancelled", "取消")
    REKEYING = ("register.rekeying", "a holder goes on under another address", "鍵の更新")
    VERDICT = ("register.verdict", "whether addresses may hold was decided", "適格性判定")
    FREEZE = ("register.freeze", "units or a whole address were frozen, or no longer", "凍結・解除")
    LOCK_UP = ("register.lock_up", "the lock-up of an address was set", "ロックアップ")

    COMMAND_QUEUED = ("command.queued", "a command waits to be sent", "指図: 送信待")
    COMMAND_SENT = ("command.sent", "a command is on its way to the ledger", "指図: 送信済")
    COMMAND_FINAL = ("command.final", "a command took effect for good", "指図: 確定")
    COMMAND_REFUSED = ("command.refused", "a command was refused; nothing changed", "指図: 拒否")
    COMMAND_WITHDRAWN = ("command.withdrawn", "a command was withdrawn", "指図: 取下")

    ORDER_WAITING = ("order.waiting", "an order waits for its delivery", "注文: 受付済")
    ORDER_ORDERED = ("order.ordered", "the act of an order is on its way", "注文: 指図済")
    ORDER_DELIVERED = ("order.delivered", "an order was delivered", "注文: 受渡済")
    ORDER_REFUSED = ("order.refused", "an order was refused; nothing was moved", "注文: 不成立")
    ORDER_WITHDRAWN = ("order.withdrawn", "an order was withdrawn", "注文: 取下")

    JOB_ENDED = ("job.ended", "a bulk act ended, or was cancelled", "一括処理の終了")
    PRODUCT_STATUS = ("product.status", "the status of a product changed", "銘柄の状態変更")

    CASE_OPENED = (
        "reconciliation.case_opened",
        "a book and the register say different numbers",
        "差異調査: 開始",
    )
    CASE_ESCALATED = (
        "reconciliation.case_escalated",
        "a difference is for custodian and registrar to explain",
        "差異調査: 上位報告",
    )
    CASE_CLOSED = (
        "reconciliation.case_closed",
        "the cause of a difference is known",
        "差異調査: 終了",
    )

    MARKET_OPENED = ("market.opened", "the market opened", "開局")
    MARKET_CLOSED = ("market.closed", "the market closed", "閉局")
    MARKET_STOPPED = ("market.stopped", "the platform was stopped", "全面停止")
    MARKET_RESUMED = ("market.resumed", "the platform goes on after a stop", "停止の解除")
    MARKET_GROUP = ("market.group", "a transfer-enable group was switched", "移転実行可否の切替")

    LEDGER_ROLLED_BACK = (
        "ledger.rolled_back",
        "the chain took back what was final: what was told after that block counts no longer",
        "確定後の巻き戻し",
    )


_BY_TAG = {kind.value: kind for kind in NoticeType}

FAMILIES = frozenset(kind.family for kind in NoticeType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing, as one institution is told of it. Never edited."""

    institution: InstitutionId
    position: int
    """Counts over everything the institution is told: 1, 2, 3 without a gap."""
    product: ProductId | None
    number: int
    """Counts over what it is told of this product (of no product, where there is none): 1, 2, 3 without a gap."""
    type: NoticeType
    occurred_at: datetime
    """When it happened, UTC: the time of the block, where it happened on the ledger."""
    stamp: BlockStamp | None
    """The block, where it happened on the ledger."""
    final: bool
    """Whether it stays so. What is on the ledger is; a command that waits is not."""
    data: Mapping[str, object]
    """What happened, as JSON: ids, addresses, whole units; no personal data."""

    @property
    def id(self) -> str:
        """Names this notice for ever, on every way it is told: `institution:position`."""
        return f"{self.institution}:{self.position}"

    def document(self) -> dict[str, object]:
        """The notice as JSON: the same on every way it is told."""
        stamp = self.stamp
        return {
            "id": self.id,
            "type": self.type.value,
            "institution": self.institution,
            "product": self.product,
            "number": self.number,
            "occurred_at": _instant(self.occurred_at),
            "block": None
            if stamp is None
            else {
                "chain_id": stamp.chain_id,
                "number": stamp.number,
                "hash": stamp.hash,
                "at": _instant(stamp.at),
            },
            "final": self.final,
            "data": dict(self.data),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A notice that has no number yet."""

    institution: InstitutionId
    product: ProductId | None
    type: NoticeType
    occurred_at: datetime
    stamp: BlockStamp | None
    final: bool
    data: Mapping[str, object]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def position_in(id: str, institution: InstitutionId) -> int:
    """The position that an id of a notice of that institution names.

    Raises:
        Refusal: `cursor_invalid` for anything else.
    """
    of, _, digits = id.rpartition(":")
    if of != institution or not digits.isascii() or not digits.isdecimal() or len(digits) > 18:
        raise Refusal(Reason.CURSOR_INVALID)
    return int(digits)


def require_wanted(words: object, field: str = "types") -> tuple[str, ...]:
    """The types and families that somebody wants to be told of, each once; none means all.

    Raises:
        Refusal: `field_invalid` for one that there is not.
    """
    known = FAMILIES | {kind.value for kind in NoticeType}
    wanted = (
        tuple(dict.fromkeys(str(each) for each in words)) if isinstance(words, list | tuple) else ()
    )
    for each in wanted:
        if each not in known:
            raise Refusal(
                Reason.FIELD_INVALID,
                field=field,
                value=each[:64],
                allowed=", ".join(sorted(known)),
            )
    return wanted
