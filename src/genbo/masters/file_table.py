"""FileTable: what a file for a master holds: its columns, its key, and what may be asked for its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from genbo.kernel import Reason, Refusal
from genbo.kernel.record import record
from genbo.masters.banks import BankMaster
from genbo.masters.catalogue import TABLES
from genbo.masters.fields import Field, column, table
from genbo.masters.firm import FirmKind
from genbo.masters.import_file import ImportTarget, ProcessingKind
from genbo.masters.investor import INVESTOR_FIELDS, InvestorRecord, check_investor
from genbo.masters.party import (
    BANK_BRANCH,
    FIRM_TABLES,
    check_bank_branch,
    check_contract,
    check_firm,
    check_row,
)
from genbo.masters.record import Checked, Values, checked, read_cells
from genbo.masters.rule import ID, LINE
from genbo.masters.values import DAY, FLAG

__all__ = ["FILE_TABLES", "FileTable", "FileVerdict", "InvestorRow"]

NEW, CORRECTION, CANCEL = ProcessingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTable:
    """The table that a file for one target is."""

    target: ImportTarget
    name_ja: str
    fields: tuple[Field, ...]
    """Its columns, in order; those that are not required may be missing."""
    key: tuple[str, ...]
    """The columns that tell rows apart, and all that a cancellation needs."""
    kinds: frozenset[ProcessingKind]
    check: Callable[[Mapping[str, str | None], BankMaster | None], Checked[Any]]
    """A whole row from its texts, or everything that is wrong with it."""
    ignored: frozenset[str] = frozenset()
    """Columns that may be there and mean nothing."""

    def required(self, kind: ProcessingKind) -> tuple[Field, ...]:
        """The columns that a file of that kind must have."""
        if kind is ProcessingKind.CANCEL:
            return tuple(each for each in self.fields if each.column in self.key)
        return tuple(each for each in self.fields if each.is_required)

    def require_kind(self, kind: ProcessingKind) -> None:
        """Nothing where rows may be asked that.

        Raises:
            Refusal: `import_kind_not_possible`.
        """
        if kind not in self.kinds:
            raise Refusal(
                Reason.IMPORT_KIND_NOT_POSSIBLE,
                target=self.target.value,
                kind=kind.value,
                allowed=", ".join(each.value for each in ProcessingKind if each in self.kinds),
            )


# Investors ---------------------------------------------------------------------------------------


@record(frozen=True, slots=True)
class FileVerdict:
    """What a row says of a verification that its sender made."""

    verified_at: date
    verified_until: date
    evidence: str


@record(frozen=True, slots=True)
class InvestorRow:
    """One investor of a file."""

    record: InvestorRecord
    effective: date | None
    """The day from which name and address hold."""
    verdict: FileVerdict | None


_VERDICT = ("verified_at", "verified_until", "kyc_evidence")

_BESIDE = table(
    0,
    "投資家ファイルの付随項目",
    "investor file",
    column(
        "効力発生日",
        "effective",
        "The day from which name and registered address hold; of a new investor, verified_at when empty.",
        "氏名・住所の効力発生日。",
        rule=DAY,
    ),
    column("確認日", "verified_at", "The day the person was verified.", "本人確認日。", rule=DAY),
    column(
        "確認有効期限",
        "verified_until",
        "The last day on which that holds.",
        "本人確認の有効期限（当日を含む）。",
        rule=DAY,
    ),
    column(
        "確認証跡",
        "kyc_evidence",
        "Reference of the evidence; never its content.",
        "本人確認の証跡の参照。",
        rule=ID,
    ),
).fields
_INVESTOR_COLUMNS = frozenset(each.column for each in INVESTOR_FIELDS)


def _check_investor(
    given: Mapping[str, str | None], banks: BankMaster | None
) -> Checked[InvestorRow]:
    own = {name: text for name, text in given.items() if name in _INVESTOR_COLUMNS}
    rest = {name: text for name, text in given.items() if name not in _INVESTOR_COLUMNS}
    found = check_investor(own, banks=banks)
    values, problems = read_cells(_BESIDE, rest)
    if not (own.get("investor_class") or "").strip():
        # Nobody can be registered of whom nobody says which products are open to them.
        rule = next(each.rule for each in INVESTOR_FIELDS if each.column == "investor_class")
        allowed = rule.allowed if rule else None
        problems.append(Refusal(Reason.FIELD_MISSING, field="investor_class", allowed=allowed))
    if not problems:
        problems += _verdict_problems(values)
    if found.record is None or problems:
        return Checked(record=None, problems=(*found.problems, *problems), flags=found.flags)
    return Checked(record=_investor_row(found.record, values), flags=found.flags)


def _verdict_problems(values: Values) -> list[Refusal]:
    given = [name for name in _VERDICT if values[name] is not None]
    if given and len(given) < len(_VERDICT):
        missing = next(name for name in _VERDICT if values[name] is None)
        return [
            Refusal(
                Reason.FIELD_MISSING,
                field=missing,
                allowed=f"all of {', '.join(_VERDICT)}, or none of them",
            )
        ]
    at, until = values["verified_at"], values["verified_until"]
    if at is not None and until is not None and until < at:
        return [
            Refusal(
                Reason.FIELD_INVALID,
                field="verified_until",
                problem="it is before verified_at",
                allowed="verified_at or a later day",
            )
        ]
    return []


def _investor_row(found: InvestorRecord, values: Values) -> InvestorRow:
    at, until, evidence = (values[name] for name in _VERDICT)
    verdict = None
    if at is not None and until is not None and evidence is not None:
        verdict = FileVerdict(date.fromisoformat(at), date.fromisoformat(until), evidence)
    effective = values["effective"]
    return InvestorRow(found, date.fromisoformat(effective) if effective else None, verdict)


# Firms --------------------------------------------------------------------------


def _of_firm(kind: FirmKind) -> FileTable:
    of = FIRM_TABLES[kind]
    return FileTable(
        target=ImportTarget(kind.value),
        name_ja=of.name_ja,
        fields=tuple(of.given()),
        key=(of.fields[0].column,),
        kinds=frozenset({NEW, CORRECTION}),
        check=lambda given, banks: check_firm(kind, given, banks=banks),
    )


# Banks and days ------------------------------------------------------------------------------------


_CALENDAR = table(
    0,
    "営業日カレンダー",
    "calendar overrides",
    column("日付", "day", "The day that is other than announced.", "変更する日。", rule=DAY, required=True),
    column("営業日", "is_business_day", "Whether banks work on it.", "営業日か否か。", rule=FLAG, required=True),
    column("理由", "why", "Why, for the records.", "変更の理由。", rule=LINE, required=True),
)  # fmt: skip


def _check_day(given: Mapping[str, str | None], _: BankMaster | None) -> Checked[Values]:
    values, problems = read_cells(_CALENDAR.fields, given)
    return checked(values, problems, lambda values: values)


FILE_TABLES: Mapping[ImportTarget, FileTable] = MappingProxyType(
    {
        each.target: each
        for each in (
            FileTable(
                target=ImportTarget.INVESTOR,
                name_ja=TABLES[7].name_ja,
                fields=(*INVESTOR_FIELDS, *_BESIDE),
                key=("investor_id",),
                kinds=frozenset(ProcessingKind),
                check=_check_investor,
                ignored=frozenset({"fixture"}),  # what the stories of examples/ call an investor
            ),
            *map(_of_firm, FirmKind),
            FileTable(
                target=ImportTarget.TRUST_CONTRACT,
                name_ja=TABLES[5].name_ja,
                fields=tuple(TABLES[5].given()),
                key=("trust_contract_id",),
                kinds=frozenset({NEW, CORRECTION}),
                check=lambda given, _: check_contract(given),
            ),
            FileTable(
                target=ImportTarget.TRANSFER_CONTROL,
                name_ja=TABLES[4].name_ja,
                fields=tuple(TABLES[4].given()),
                key=("transfer_control_id",),
                kinds=frozenset({NEW, CORRECTION}),
                check=lambda given, _: check_row(4, given),
            ),
            FileTable(
                target=ImportTarget.BANK,
                name_ja=BANK_BRANCH.name_ja,
                fields=BANK_BRANCH.fields,
                key=("bank_code", "branch_code"),
                kinds=frozenset({NEW, CORRECTION}),
                check=lambda given, _: check_bank_branch(given),
            ),
            FileTable(
                target=ImportTarget.CALENDAR,
                name_ja=_CALENDAR.name_ja,
                fields=_CALENDAR.fields,
                key=("day",),
                kinds=frozenset({NEW, CANCEL}),
                check=_check_day,
            ),
        )
    }
)
"""The tables by target. A firm, a contract, a group or a bank is never cancelled: others refer to it."""
