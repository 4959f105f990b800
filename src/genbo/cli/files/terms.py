"""A product's terms in a YAML file: a list of fields, each once, with a plain value or a list of fields of its own."""

from pathlib import Path
from typing import Any

import yaml

from genbo.cli.files.problems import FileProblems
from genbo.cli.files.text import read_text
from genbo.kernel import Fault, Reason, Refusal
from genbo.token import ProductTerms, parse_terms, problems_of_terms

_DEEPEST = 8
_WITHIN = "."


def read_terms(path: Path) -> ProductTerms:
    """The product terms in a YAML file.

    Raises:
        FileProblems: each with `line`, `field` and `allowed`.
        Fault: `file_unreadable`.
    """
    fields: dict[str, Any] = {}
    lines: dict[str, int] = {}
    problems: list[Refusal] = []
    for name, line, value, within in _fields(path, read_text(path)):
        if name in lines:
            problems.append(Refusal(Reason.FIELD_TWICE, field=name, line=line, first=lines[name]))
            continue
        lines[name] = line
        if not within:  # what stands within a part comes with it
            fields[name] = value

    def line_of(field: str) -> int | None:
        """Its line; of a field that is missing within a part, the line of the part."""
        return lines.get(
            field, lines.get(field.partition(_WITHIN)[0]) if _WITHIN in field else None
        )

    problems += [
        Refusal(problem.reason, **{"line": line_of(str(problem.facts["field"])), **problem.facts})
        for problem in problems_of_terms(fields)
    ]
    if problems:
        raise FileProblems(path, problems)
    return parse_terms(fields)


def _fields(path: Path, text: str) -> list[tuple[str, int, Any, bool]]:
    """Name, line and value of each field, in the order of the file; a name may stand twice. Fields within a part follow
    it as `part.field`, with their line and without their value."""
    try:
        _refuse_depths(path, text)
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise _unreadable(path, _line(root and root.start_mark), "no list of `field: value`")
        found = []
        for key, node in root.value:
            name = str(key.value)[:64]
            found.append((name, _line_of(key), _value(loader, node), False))
            if isinstance(node, yaml.MappingNode):
                found += [
                    (f"{name}{_WITHIN}{str(inner.value)[:64]}", _line_of(inner), None, True)
                    for inner, _ in node.value
                ]
        return found
    except yaml.MarkedYAMLError as error:
        raise _unreadable(path, _line(error.problem_mark), error.problem) from None
    except yaml.YAMLError as error:
        raise _unreadable(path, None, getattr(error, "reason", None)) from None


def rows_of_sections(path: Path, text: str) -> list[tuple[str, int, dict[str, Any]]]:
    """Heading, line and fields of each row of a file of sections: headings, each with a list of rows.

    Raises:
        Fault: `file_unreadable`.
    """
    found: list[tuple[str, int, dict[str, Any]]] = []
    try:
        _refuse_depths(path, text)
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise _unreadable(path, _line(root and root.start_mark), "no list of sections")
        for heading, rows in root.value:
            if not isinstance(rows, yaml.SequenceNode):
                raise _unreadable(path, _line(heading.start_mark), "a section is a list of rows")
            for row in rows.value:
                if not isinstance(row, yaml.MappingNode):
                    raise _unreadable(path, _line(row.start_mark), "no list of `field: value`")
                fields = {
                    str(key.value)[:64]: value.value if isinstance(value, yaml.ScalarNode) else None
                    for key, value in row.value
                }  # as written: a code that begins with zeros stays one
                found.append((str(heading.value)[:64], row.start_mark.line + 1, fields))
    except yaml.MarkedYAMLError as error:
        raise _unreadable(path, _line(error.problem_mark), error.problem) from None
    except yaml.YAMLError as error:
        raise _unreadable(path, None, getattr(error, "reason", None)) from None
    return found


def _refuse_depths(path: Path, text: str) -> None:
    """What no list of plain values needs, and small files that unfold to huge ones are made of."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _unreadable(path, _line(event.start_mark), "aliases (*name) are not used here")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _unreadable(path, _line(event.start_mark), "it is nested too deeply")


def _value(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError, TypeError):
        # A day such as 2021-02-30: as text, it is judged with the other values.
        return str(node.value)


def _line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _line(mark: Any) -> int | None:
    return None if mark is None else int(mark.line) + 1


def _unreadable(path: Path, line: int | None, problem: str | None) -> Fault:
    return Fault(Reason.FILE_UNREADABLE, file=path.name, line=line, problem=problem or "not YAML")
