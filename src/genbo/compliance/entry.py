"""ReasonEntry: one row of the reason table, and how its sentences are written.

A sentence is a template. A fact stands in braces, `{balance}`. A clause in square brackets is left
out when one of its facts was not given: `[ of {file}]`. Times are rendered in Japan's time,
quantities with thousands separators.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from genbo.kernel import JST, UTC, Fact, Reason

_CLAUSE = re.compile(r"\[([^\[\]]*)\]")
_FACT = re.compile(r"\{(\w+)\}")

_TIMES = frozenset({"after", "until", "redemption_date", "now"})
_QUANTITIES = frozenset(
    {
        "applied", "asked", "balance", "burned", "cap", "minimum", "needed", "offering", "open",
        "step", "total", "unfrozen", "units", "would_be",
    }
)  # fmt: skip


class Language(StrEnum):
    """The two languages every refusal is explained in."""

    JA = "ja"
    EN = "en"


class Side(StrEnum):
    """Whose address a contract error names, where sender and recipient share the error."""

    SENDER = "sender"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class ContractError:
    """A Solidity error that means this reason, with the name of the fact that each argument
    becomes.
    """

    name: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """What to tell a person in one language."""

    sentence: str
    """What was refused and on which facts."""
    remedy: str
    """What the reader can do about it."""

    def placeholders(self) -> frozenset[str]:
        """All facts the two templates have a place for."""
        return frozenset(_FACT.findall(self.sentence + self.remedy))

    def required(self) -> frozenset[str]:
        """The facts without which the two templates have a hole."""
        return frozenset(_FACT.findall(_CLAUSE.sub("", self.sentence + self.remedy)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonEntry:
    """One reason: its number, the contract errors that mean it, and its words."""

    reason: Reason
    number: int | None = None
    """ERC-1404 code, the number in `contracts/compliance/Reason.sol`; None where no movement is
    judged.
    """
    side: Side | None = None
    """Set when the contract error is shared with the other side's reason."""
    errors: tuple[ContractError, ...] = ()
    ja: Text
    en: Text

    def text(self, language: Language) -> Text:
        """The words in `language`."""
        return self.ja if language is Language.JA else self.en


def render(template: str, facts: Mapping[str, Fact], language: Language) -> str:
    """`template` with its facts; an absent fact drops its clause, or is called unknown where there
    is none.
    """

    def clause(match: re.Match[str]) -> str:
        absent = any(facts.get(name) is None for name in _FACT.findall(match[1]))
        return "" if absent else match[1]

    def fact(match: re.Match[str]) -> str:
        return show(match[1], facts.get(match[1]), language)

    return _FACT.sub(fact, _CLAUSE.sub(clause, template))


_SUBJECTS = {
    "product": "銘柄",
    "person": "投資家",
    "holding": "保有",
    "trade": "取引",
    "counterparty": "相手方",
    "command": "指図",
    "job": "一括処理",
    "file": "取込ファイル",
    "group": "移転実行可否制御",
    "user": "利用者",
    "credential": "認証情報",
    "webhook": "通知の送信先",
    "audit day": "監査記録の日",
    "provider of checks": "本人確認事業者",
}
"""What is asked for, as a Japanese sentence names it."""


def show(name: str, value: Fact, language: Language) -> str:
    """One fact as people read it."""
    if value is None:
        return "不明" if language is Language.JA else "unknown"
    if isinstance(value, int) and name in _TIMES:
        return datetime.fromtimestamp(value, UTC).astimezone(JST).strftime("%Y-%m-%d %H:%M:%S JST")
    if isinstance(value, int) and name in _QUANTITIES:
        return f"{value:,}"
    if name == "subject" and language is Language.JA:
        return _SUBJECTS.get(str(value), str(value))
    return str(value)
