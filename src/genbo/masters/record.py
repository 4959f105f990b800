"""Checked: a whole record that obeys every rule, or everything that is wrong with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from genbo.kernel import Reason, Refusal
from genbo.masters.banks import BankMaster, Flag, FlagKind, judge_account
from genbo.masters.fields import Field

__all__ = ["Checked", "Values", "account_of", "checked", "read_cells"]

R = TypeVar("R")

Values = dict[str, str | None]
"""Canonical values by column; None where nothing was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Generic[R]):
    """The outcome of reading one record."""

    record: R | None
    """None exactly when there are problems."""
    problems: tuple[Refusal, ...] = ()
    """`field_missing`, `field_invalid`, `field_unknown` or a rule's own reason, each with its `field`; no values."""
    flags: tuple[Flag, ...] = ()
    """What a person should look at."""

    def or_refuse(self) -> R:
        """The record.

        Raises:
            Refusal: the first problem.
        """
        if self.record is None:
            raise self.problems[0]
        return self.record


def read_cells(
    fields: Iterable[Field], given: Mapping[str, str | None]
) -> tuple[Values, list[Refusal]]:
    """The cells of `given` by the rules of `fields`, and what is wrong with them one by one."""
    values: Values = {}
    problems: list[Refusal] = []
    seen = 0
    for field in fields:
        text = (given.get(field.column) or "").strip()
        seen += field.column in given
        values[field.column] = None
        if not text:
            if field.is_required:
                allowed = field.rule.allowed if field.rule else None
                problems.append(Refusal(Reason.FIELD_MISSING, field=field.column, allowed=allowed))
        else:
            try:
                values[field.column] = field.canonical(text)
            except Refusal as refusal:
                problems.append(refusal)
    if seen < len(given):
        problems += _unknown(values, given)
    return values, problems


def _unknown(values: Values, given: Mapping[str, str | None]) -> list[Refusal]:
    allowed = ", ".join(values)
    return [
        Refusal(Reason.FIELD_UNKNOWN, field=name[:40], allowed=allowed)
        for name in given
        if name not in values
    ]


def checked(
    values: Values,
    problems: Sequence[Refusal],
    make: Callable[[Values], R],
    *,
    flags: Sequence[Flag] = (),
) -> Checked[R]:
    """The record when nothing is wrong."""
    if problems:
        return Checked(record=None, problems=tuple(problems), flags=tuple(flags))
    return Checked(record=make(values), flags=tuple(flags))


def account_of(
    values: Values, prefix: str, banks: BankMaster | None
) -> tuple[tuple[Refusal, ...], tuple[Flag, ...]]:
    """What is wrong with the account of a record, and what a person should look at."""
    parts = ("bank_code", "branch_code", "account_kind", "account_number", "account_holder_kana")
    given = [part for part in parts if values[prefix + part] is not None]
    flags: tuple[Flag, ...] = ()
    if given and len(given) < len(parts):
        missing = next(part for part in parts if part not in given)
        flags = (Flag(field=prefix + missing, kind=FlagKind.ACCOUNT_INCOMPLETE),)
    if banks is None:
        return (), flags
    judged = judge_account(
        banks,
        prefix=prefix,
        bank_code=values[f"{prefix}bank_code"],
        bank_name_kana=values[f"{prefix}bank_name_kana"],
        branch_code=values[f"{prefix}branch_code"],
        branch_name_kana=values[f"{prefix}branch_name_kana"],
    )
    return judged.problems, (*flags, *judged.flags)
