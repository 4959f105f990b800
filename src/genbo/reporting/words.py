"""Words of the documents, in both languages; and how an instant, a quantity and a block are written in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from genbo.compliance.reasons import Language
from genbo.kernel import JST, BlockStamp
from genbo.reporting.extent import Extent

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Both:
    """A text in both languages."""

    ja: str
    en: str

    def __call__(self, language: Language) -> str:
        return self.ja if language is Language.JA else self.en


EXTENTS: Mapping[Extent, Both] = {
    Extent.FULL: Both("全部（氏名・住所を含む）", "in full, with names and addresses"),
    Extent.REDUCED: Both("氏名・住所を除く", "without names and addresses"),
    Extent.OWN_CUSTOMERS: Both("自社顧客分", "customers of one institution only"),
}


def as_of_words(at: datetime, language: Language) -> str:
    """The instant up to which everything counts. The end of a day is written 24:00, as the law counts it."""
    here = at.astimezone(JST)
    if (here.hour, here.minute, here.second) == (0, 0, 0):
        day = (here - _SECOND).date()
        return Both(
            f"{day.year}年{day.month}月{day.day}日 24時00分 現在（日本時間）",
            f"as of {day.isoformat()} 24:00 JST",
        )(language)
    return Both(
        f"{here.year}年{here.month}月{here.day}日 {here:%H時%M分%S秒} 直前 現在（日本時間）",
        f"as of everything before {here:%Y-%m-%d %H:%M:%S} JST",
    )(language)


def stretch_words(since: datetime, until: datetime, language: Language) -> str:
    """From the end of one instant to that of another."""
    first, last = as_of_words(since, language), as_of_words(until, language)
    if language is Language.EN:
        return f"from {first.removeprefix('as of ')} to {last.removeprefix('as of ')}"
    first, last = (each.replace(" 現在（日本時間）", "") for each in (first, last))
    return f"{first} から {last} まで（日本時間）"


def instant_words(at: datetime) -> str:
    """A moment, in Japan."""
    return f"{at.astimezone(JST):%Y-%m-%d %H:%M:%S} JST"


def block_words(stamp: BlockStamp, language: Language) -> str:
    """The block that an answer rests on."""
    return Both(
        f"台帳 チェーン {stamp.chain_id} ブロック {stamp.number} {stamp.hash}（{instant_words(stamp.at)}）",
        f"Ledger: chain {stamp.chain_id}, block {stamp.number} {stamp.hash} ({instant_words(stamp.at)})",
    )(language)


def digest_words(digest: str, language: Language) -> str:
    """The hash of a document's content."""
    return Both(f"内容のハッシュ SHA-256 {digest}", f"Content SHA-256 {digest}")(language)


def stamp_fields(stamp: BlockStamp) -> dict[str, object]:
    """The block as JSON has it."""
    return {
        "chain_id": stamp.chain_id,
        "number": stamp.number,
        "hash": stamp.hash,
        "at": stamp.at.isoformat(),
    }


def firm_words(name: str, address: str) -> str:
    """A firm on paper."""
    return f"{name}　{address}" if address else name


def listed(words: Iterable[str], language: Language) -> str:
    """Several things in one cell."""
    return Both("；", "; ")(language).join(words)
