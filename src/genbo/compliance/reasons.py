"""The reason table: one rule, one reason, six views of it.

For every code of `kernel.Reason`: the ERC-1404 number and the contract errors that mean it, and
what to tell people in Japanese and English. Contract error, Python exception, API problem, SDK
exception, console sentence and docs entry all come from here; a test walks the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from genbo.compliance.entry import ContractError, Language, ReasonEntry, Side, render, show
from genbo.compliance.sentences import (
    access,
    acts,
    commands,
    corporate_actions,
    documents,
    files,
    firms,
    input,
    interface,
    keys,
    kyc,
    market,
    masters,
    money,
    movement,
    notices,
    offering,
    platform,
    privacy,
    reconciliation,
    screening,
    settlement,
    sign_in,
    surroundings,
    token_payments,
    users,
    visibility,
)
from genbo.kernel import Fact, Reason, Refusal, from_bytes32

__all__ = [
    "ERRORS",
    "REASONS",
    "SAFE_CODES",
    "UNUSED_ERRORS",
    "ContractError",
    "Explanation",
    "Language",
    "ReasonEntry",
    "Side",
    "explain",
    "reason_numbered",
    "refusal_from_error",
]

_ALL = (
    *movement.ENTRIES,
    *acts.ENTRIES,
    *platform.ENTRIES,
    *settlement.ENTRIES,
    *firms.ENTRIES,
    *offering.ENTRIES,
    *commands.ENTRIES,
    *users.ENTRIES,
    *visibility.ENTRIES,
    *access.ENTRIES,
    *keys.ENTRIES,
    *market.ENTRIES,
    *screening.ENTRIES,
    *kyc.ENTRIES,
    *files.ENTRIES,
    *documents.ENTRIES,
    *masters.ENTRIES,
    *money.ENTRIES,
    *token_payments.ENTRIES,
    *corporate_actions.ENTRIES,
    *reconciliation.ENTRIES,
    *interface.ENTRIES,
    *notices.ENTRIES,
    *sign_in.ENTRIES,
    *privacy.ENTRIES,
    *input.ENTRIES,
    *surroundings.ENTRIES,
)

REASONS: Mapping[Reason, ReasonEntry] = MappingProxyType({entry.reason: entry for entry in _ALL})
"""The table, by reason."""


def _by_error() -> Mapping[str, tuple[ReasonEntry, ...]]:
    found: dict[str, tuple[ReasonEntry, ...]] = {}
    for entry in _ALL:
        for error in entry.errors:
            found[error.name] = (*found.get(error.name, ()), entry)
    return MappingProxyType(found)


ERRORS: Mapping[str, tuple[ReasonEntry, ...]] = _by_error()
"""The reasons a contract error can mean: one, or the sender's and the recipient's."""

SAFE_CODES = frozenset({"GS020"})
"""Names in `ERRORS` that are revert strings of Safe accounts instead of Solidity errors."""

UNUSED_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "ERC7943CannotSend": "the typed errors of the token say which restriction it was",
        "ERC7943CannotReceive": "the typed errors of the token say which restriction it was",
        "ERC7943CannotTransfer": "the typed errors of the token say which restriction it was",
        "ERC20InvalidSender": "an unverified sender covers the zero address",
        "ERC20InvalidApprover": "a caller is never the zero address",
    }
)
"""Errors that the interfaces declare and no refusal of ours uses, with the reason why."""

_BY_NUMBER = {entry.number: entry.reason for entry in _ALL if entry.number is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A refusal as people read it."""

    reason: Reason
    sentence: str
    """What was refused, on which facts."""
    remedy: str
    """What to do about it."""

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}"


def explain(refusal: Refusal, language: Language = Language.EN) -> Explanation:
    """`refusal` in words. Facts that its sentence has no place for follow in parentheses, so none
    is lost.
    """
    entry = REASONS[refusal.reason]
    text = entry.text(language)
    sentence = render(text.sentence, refusal.facts, language).strip()
    placed = text.placeholders()
    others = ", ".join(
        f"{name}={show(name, value, language)}"
        for name, value in refusal.facts.items()
        if name not in placed and value is not None
    )
    if others:
        sentence += f"（{others}）" if language is Language.JA else f" ({others})"
    return Explanation(
        reason=refusal.reason,
        sentence=sentence,
        remedy=render(text.remedy, refusal.facts, language),
    )


def reason_numbered(number: int) -> Reason | None:
    """The reason with this ERC-1404 code; None for 0, which means the movement is allowed.

    Raises:
        KeyError: the number is not in the table, so the token is of another version.
    """
    return None if number == 0 else _BY_NUMBER[number]


def refusal_from_error(
    name: str,
    arguments: Sequence[object] = (),
    *,
    sender: str | None = None,
) -> Refusal | None:
    """The refusal that the contract error `name` means, with its arguments as facts; None when it
    means none.

    Sender and recipient share an error. The error is about the sender exactly when its address is
    `sender`, the address the units would leave; so it is the recipient's where nobody sends (issue,
    a verdict). An address that sends to itself is judged as the sender, because that question comes
    first.
    """
    entries = ERRORS.get(name)
    if entries is None:
        return None
    entry = entries[0]
    if entry.side is not None:
        address = str(arguments[0]) if arguments else ""
        of_sender = sender is not None and address.lower() == sender.lower()
        side = Side.SENDER if of_sender else Side.RECIPIENT
        entry = next(each for each in entries if each.side is side)
    names = next(error.facts for error in entry.errors if error.name == name)
    facts = {fact: _fact(value) for fact, value in zip(names, arguments, strict=False)}
    return Refusal(entry.reason, **facts)


def _fact(value: object) -> Fact:
    """A decoded Solidity value as a fact: references as their text, other bytes as hexadecimal."""
    if isinstance(value, bytes):
        return from_bytes32(value) if len(value) == 32 else "0x" + value.hex()
    return value if isinstance(value, int) else str(value)
