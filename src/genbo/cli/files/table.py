"""A small table in a file, CSV or Excel: a heading line, then one line for each row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from genbo.cli.files.problems import FileProblems
from genbo.kernel import Fault, Reason, Refusal
from genbo.masters.sheet import SheetRow
from genbo.masters.sheet_check import bad_cell
from genbo.providers.files.delivered import delivered

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: how its text becomes a value, and what is allowed, in words."""

    read: Callable[[str], Any]
    allowed: str
    optional: bool = False


def read_table(
    path: Path,
    columns: Mapping[str, Column],
    make: Callable[[int, Mapping[str, Any]], Row],
    *,
    judge: Callable[[int, Mapping[str, Any]], Sequence[Refusal]] = lambda *_: (),
    unique: str | None = None,
    ignored: frozenset[str] = frozenset(),
) -> list[Row]:
    """The rows of a CSV file with a heading line.

    Args:
        make: makes a row of the line number and the values by column.
        judge: what is wrong with a row whose cells are right one by one.
        unique: the column whose values stand once only.
        ignored: columns that may be there and mean nothing.

    Raises:
        FileProblems: each with `line`, `column` and `allowed`.
        Fault: `file_unreadable`.
    """
    heading: list[str] = []
    rows: list[Row] = []
    problems: list[Refusal] = []
    first: dict[Any, int] = {}
    for each in _records(path):
        line, cells = each.line, list(each.cells)
        if each.faults:
            problems += [
                bad_cell(line, heading[0] if heading else "", fault.problem, fault.allowed)
                for fault in each.faults
            ]
            continue
        if not heading:
            heading = cells
            _require_heading(path, heading, columns, ignored)
            continue
        values, wrong = _values(line, heading, cells, columns)
        if not wrong:
            wrong = list(judge(line, values))
        if unique is not None and unique in values:
            seen = first.setdefault(values[unique], line)
            if seen != line:
                allowed = "each one once"
                wrong.append(bad_cell(line, unique, f"it stands on line {seen} already", allowed))
        problems += wrong
        if not wrong:
            rows.append(make(line, values))
    if problems:
        raise FileProblems(path, problems)
    if not rows:
        raise Fault(Reason.FILE_UNREADABLE, file=path.name, problem="no row below the heading")
    return rows


def _records(path: Path) -> Iterator[SheetRow]:
    with delivered(path) as file:
        yield from file.rows()


def _require_heading(
    path: Path, heading: list[str], columns: Mapping[str, Column], ignored: frozenset[str]
) -> None:
    needed = [name for name, column in columns.items() if not column.optional]
    if not set(needed) & set(heading):
        # Most likely a row stands there: somebody's data, which must not be repeated.
        raise Fault(
            Reason.FILE_UNREADABLE,
            file=path.name,
            line=1,
            problem=f"the first line is not the heading; columns: {', '.join(columns)}",
        )
    problems = [
        Refusal(Reason.FIELD_MISSING, line=1, field=name, allowed=columns[name].allowed)
        for name in needed
        if name not in heading
    ]
    for number, name in enumerate(heading):
        if name in heading[:number]:
            problems.append(Refusal(Reason.FIELD_TWICE, line=1, field=name[:40]))
        elif name not in columns and name not in ignored:
            problems.append(
                Refusal(Reason.FIELD_UNKNOWN, line=1, field=name[:40], allowed=", ".join(columns))
            )
    if problems:
        raise FileProblems(path, problems)


def _values(
    line: int, heading: list[str], cells: list[str], columns: Mapping[str, Column]
) -> tuple[dict[str, Any], list[Refusal]]:
    if len(cells) != len(heading):
        allowed = f"{len(heading)} cells, as in the heading"
        return {}, [bad_cell(line, heading[-1], f"the row has {len(cells)} cells", allowed)]
    texts = dict(zip(heading, (cell.strip() for cell in cells), strict=True))
    values: dict[str, Any] = {}
    wrong: list[Refusal] = []
    for name, column in columns.items():
        text = texts.get(name, "")
        if not text and column.optional:
            values[name] = None
            continue
        try:
            values[name] = column.read(text)
        except (ValueError, KeyError, Refusal) as error:
            if isinstance(error, Refusal) and error.reason is Reason.INDIVIDUAL_NUMBER_REFUSED:
                wrong.append(Refusal(error.reason, line=line, field=name))
                continue
            problem = "" if text else "it is empty"
            wrong.append(bad_cell(line, name, problem, column.allowed))
    return values, wrong
